"""Series: drafts of their own, planned ahead, none approved by itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.verbs import change_workspace
from quarterdeck.planning import repeating
from quarterdeck.planning.models import Occurrence, Series
from quarterdeck.planning.verbs import series as verbs
from quarterdeck.planning.verbs import spans
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Approval, Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import labels
from tests import make

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 10, 9, 0)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(world.NOON):
        yield


def weekly(w: world.World, post: Post | None = None, **more) -> Series:
    post = post or w.approved()
    return verbs.begin_series(post, by=w.author, frequency="weekly", begins=FIRST, **more)


def copies(series: Series) -> list[Post]:
    return [one.post for one in series.occurrences.order_by("wall")]


def test_each_time_becomes_a_planned_draft_that_nobody_has_approved():
    w = world.two()
    label = labels.make_label(w.approver, name="Weekly")
    source = w.approved()
    labels.label_post(source, by=w.author, labels=[label], latest_minutes=60)
    series = weekly(w, source)
    assert repeating.fill(series) == 4
    made = copies(series)
    walls = [post.deliveries.get().wall for post in made]
    assert walls == ["2026-03-10T09:00", "2026-03-17T09:00", "2026-03-24T09:00", "2026-03-31T09:00"]
    assert made[3].deliveries.get().due_at == datetime(2026, 3, 31, 7, 0, tzinfo=UTC)  # summer time
    for post in made:
        assert post.text_hash == source.text_hash
        assert list(post.labels.all()) == [label]
        assert post.latest_minutes == 60
        assert not Approval.objects.filter(post=post).exists()


def test_filling_again_makes_nothing_twice_and_time_brings_the_next():
    w = world.two()
    series = weekly(w)
    repeating.fill_all()
    repeating.fill_all()
    assert series.occurrences.count() == 4
    with clock.at(world.NOON + timedelta(days=7)):
        repeating.fill_all()
    assert series.occurrences.count() == 5


def test_a_draft_may_be_changed_without_the_others_and_the_source_as_it_is_then_is_copied():
    w = world.two()
    series = weekly(w, ahead_days=7)
    repeating.fill(series)
    (first,) = copies(series)
    posts.edit(first, by=w.author, version=1, text="Another soup.", channels=[w.channel])
    source = series.post
    posts.edit(source, by=w.author, version=source.version, text="Leek soup.", channels=[w.channel])
    with clock.at(world.NOON + timedelta(days=7)):
        repeating.fill(series)
    assert [post.text for post in copies(series)] == ["Another soup.", "Leek soup."]


def test_a_time_that_is_forbidden_leaves_a_draft_that_says_why():
    w = world.two()
    day = FIRST.replace(hour=0)
    spans.mark_span(
        w.approver, kind="blackout", title="Vote", begins=day, ends=day + timedelta(days=1), blocks=True
    )
    series = weekly(w)
    repeating.fill(series)
    first = series.occurrences.order_by("wall").first()
    assert "blackout “Vote”" in first.problem
    assert not first.post.deliveries.exists()
    assert series.occurrences.count() == 4


def test_a_discarded_source_makes_nothing_and_says_so():
    w = world.two()
    series = weekly(w)
    posts.discard(series.post, by=w.author)
    repeating.fill(series)
    assert set(series.occurrences.values_list("post", flat=True)) == {None}
    assert "was discarded" in series.occurrences.first().problem
    assert Post.objects.count() == 1


def test_an_ended_series_makes_no_more_and_keeps_what_it_made():
    w = world.two()
    series = weekly(w, ahead_days=7)
    repeating.fill(series)
    verbs.end_series(series, by=w.author)
    with clock.at(world.NOON + timedelta(days=14)):
        repeating.fill_all()
    assert [post.deliveries.get().state for post in copies(series)] == ["intent"]
    with pytest.raises(Conflict):
        verbs.end_series(series, by=w.author)
    weekly(w, series.post)  # and it may come again


def test_what_cannot_be_is_refused():
    w = world.two()
    post = w.approved()
    for wrong in ({"every": 0}, {"ahead_days": 91}, {"until": FIRST.date() - timedelta(days=1)}):
        with pytest.raises(Invalid):
            weekly(w, post, **wrong)
    weekly(w, post)
    with pytest.raises(Conflict, match="comes again already"):
        weekly(w, post)


def test_the_pages_say_that_each_needs_its_own_approval():
    w = world.two()
    post = w.approved()
    client = Client()
    client.force_login(w.author.user)
    root = f"/w/{w.author.workspace.slug}"
    assert "Let it come again…" in client.get(f"{root}/posts/{post.pk}/").content.decode()
    form = client.get(f"{root}/calendar/posts/{post.pk}/series/").content.decode()
    assert "each draft needs its own approval" in form
    given = {"frequency": "weekly", "every": "1", "begins": "2026-03-10T09:00", "ahead_days": "14"}
    assert client.post(f"{root}/calendar/posts/{post.pk}/series/", given).status_code == 302
    page = client.get(f"{root}/calendar/series/").content.decode()
    assert "Every week at 09:00 Europe/Berlin." in page
    assert "2 drafts are made and planned. Each needs its own approval." in page
    copy = Occurrence.objects.order_by("wall").first().post
    shown = client.get(f"{root}/posts/{copy.pk}/").content.decode()
    assert "It says exactly the same. It still needs its own approval." in shown
    assert "not approved" in client.get(f"{root}/calendar/").content.decode()
    refused = client.post(f"{root}/calendar/posts/{copy.pk}/series/", given | {"begins": "soon"})
    assert refused.status_code == 422
    assert 'value="soon"' in refused.content.decode()


def test_a_copy_says_all_of_it_what_single_channels_say_its_kind_and_its_language_too():
    w = world.two()
    source = posts.draft(
        w.author,
        brand=w.brand,
        text="Soup.",
        channels=[w.channel],
        overrides={w.channel.pk.hex: [{"text": "Soup, hot.", "images": []}]},
        language="en",
    )
    series = weekly(w, source, ahead_days=7)
    assert repeating.fill(series) == 1
    [copy] = copies(series)
    assert copy.besides == source.besides
    assert copy.text_hash == source.text_hash


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_it_keeps_its_hour_when_the_workspace_moves_to_another_zone(zone):
    w = world.two()
    series = weekly(w, w.approved(), until=FIRST.date() + timedelta(days=14))
    change_workspace(by=make.member("owner", w.author.workspace), name="Harbour Kitchen", timezone=zone)
    series = Series.objects.get(pk=series.pk)
    with clock.at(datetime(2026, 3, 10, 7, 0, tzinfo=UTC)):  # an hour before; 09:00 in Tokyo is over by then
        assert repeating.fill(series) == 3
    assert set(series.occurrences.values_list("problem", flat=True)) == {""}
    planned = [post.deliveries.get() for post in copies(series)]
    assert [one.due_at for one in planned] == [
        datetime(2026, 3, day, 8, 0, tzinfo=UTC) for day in (10, 17, 24)
    ]
    assert {one.zone for one in planned} == {zone}


@pytest.mark.django_db(transaction=True)
def test_begun_twice_at_once_it_is_one_series():
    w = world.two()
    post, start, refused = w.approved(), threading.Barrier(2), []

    def begin() -> None:
        start.wait()
        try:
            weekly(w, post)
        except Conflict as problem:
            refused.append(problem.title)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["This post comes again already."]
    assert Series.objects.count() == 1


def test_where_two_were_begun_before_that_was_refused_the_first_goes_on():
    w = world.two()
    first, second = weekly(w, w.approved()), weekly(w, w.approved("Bread."))
    with pytest.raises(IntegrityError, match="series_runs_once"), transaction.atomic():
        Series.objects.filter(pk=second.pk).update(post=first.post)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX series_runs_once")
    Series.objects.filter(pk=second.pk).update(post=first.post, made_at=first.made_at + timedelta(seconds=1))
    step = import_module("quarterdeck.planning.migrations.0002_one_series_a_post")
    with connection.schema_editor(atomic=False) as editor:
        step.end_seconds(apps, editor)
        editor.add_constraint(Series, Series._meta.constraints[0])
    assert [one.ended_at is None for one in Series.objects.order_by("made_at")] == [True, False]
    assert make.kinds_recorded(w.author.workspace)[-1] == "planning.series.ended"
