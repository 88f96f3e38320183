"""Who reads the comments in the first hour."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar
from openpyxl import load_workbook

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.crew.models import Notification
from quarterdeck.planning import agenda, deeds, entries, files, ics, repeating, rules, watching
from quarterdeck.planning.models import Watch
from quarterdeck.planning.verbs import series
from quarterdeck.planning.verbs import watches as verbs
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.tests import world
from tests import make

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 10, 20, 0)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.at(world.NOON):
        yield


def evening(w: world.World, when: datetime = EVENING):
    post = w.approved()
    posts.schedule(post, by=w.author, when=when)
    return post


def page(w: world.World, path: str) -> str:
    client = Client()
    client.force_login(w.author.user)
    return client.get(f"/w/{w.author.workspace.slug}/{path}").content.decode()


def unwatched(w: world.World, who=None) -> list:
    return [one for one in agenda.agenda(who or w.author, clock.now()) if "unwatched" in one.key]


def test_outside_the_working_hours_nobody_watches_until_somebody_is_named():
    w = world.two()
    post = evening(w)
    assert "nobody watching" in page(w, "calendar/?view=list")
    assert "nobody is watching" in page(w, f"posts/{post.pk}/")
    (item,) = unwatched(w)
    assert item.title == "Who reads the comments on “Nettle soup from Tuesday.”?"
    assert unwatched(w, w.approver) == []
    client = Client()
    client.force_login(w.author.user)
    client.post(
        f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/watch/", {"member": str(w.approver.pk)}
    )
    assert "Bea reads the comments" in page(w, "calendar/?view=list")
    assert unwatched(w) == []


def test_within_the_working_hours_nothing_is_asked():
    w = world.two()
    evening(w, EVENING.replace(hour=11))
    assert "nobody watching" not in page(w, "calendar/?view=list")
    assert unwatched(w) == []


def test_a_post_that_is_moved_is_asked_about_anew():
    w = world.two()
    post = evening(w)
    verbs.name_watch(post, by=w.author, member=w.approver)
    posts.reschedule(post, by=w.author, when=EVENING + timedelta(hours=1))
    assert "nobody watching" in page(w, "calendar/?view=list")


def test_who_left_watches_no_more():
    w = world.two()
    post = evening(w)
    verbs.name_watch(post, by=w.author, member=w.approver)
    type(w.approver).objects.filter(pk=w.approver.pk).update(left_at=clock.now())
    assert len(unwatched(w)) == 1


def test_the_private_week_tells_of_a_watch_only_where_the_post_went_out_at_its_time():
    w = world.two()
    post = evening(w)
    watch = verbs.name_watch(post, by=w.author, member=w.approver)
    posts.reschedule(post, by=w.author, when=EVENING + timedelta(hours=1))
    moved = post.deliveries.get(state="intent")
    week = (clock.now(), clock.now() + timedelta(days=7))
    post.deliveries.filter(pk=moved.pk).update(state="accepted", ended_at=moved.due_at)
    assert list(deeds.deeds(w.approver, *week)) == []
    post.deliveries.filter(pk=moved.pk).update(due_at=watch.due_at)
    (deed,) = deeds.deeds(w.approver, *week)
    assert deed.did == "had the watch for the first comments on “Nettle soup from Tuesday.”"


def test_two_days_ahead_it_does_not_ask_yet():
    w = world.two()
    evening(w, EVENING + timedelta(days=2))
    assert unwatched(w) == []


def test_only_members_can_be_named_and_only_for_what_is_planned():
    w = world.two()
    post = evening(w)
    with pytest.raises(NotFound):
        verbs.name_watch(post, by=w.author, member=make.member())
    with pytest.raises(Conflict):
        verbs.name_watch(w.approved(), by=w.author, member=w.approver)
    with pytest.raises(Conflict, match="Nobody is named"):
        verbs.name_watch(post, by=w.author, member=None)


# --- from the calendar, in a series, and in what leaves the house --------------------------------------


def test_it_is_named_from_the_calendar_and_leads_back_there():
    w = world.two()
    post = evening(w)
    here = f"/w/{w.author.workspace.slug}/calendar/"
    address = f"{here}posts/{post.pk}/watch/"
    shown = page(w, "calendar/?view=list")
    assert f'<a class="watch" href="{address}?next=' in shown
    assert f'nobody watching: <a href="{address}?next=' in shown  # among what is to look at
    client = Client()
    client.force_login(w.author.user)
    form = client.get(f"{address}?next={here}?view=week").content.decode()
    assert f'name="next" value="{here}?view=week"' in form
    assert "outside the working hours" in form
    answer = client.post(address, {"member": str(w.approver.pk), "next": f"{here}?view=week"})
    assert answer["Location"] == f"{here}?view=week"
    assert f'<a class="watch watched" href="{address}' in page(w, "calendar/?view=list")
    [told] = Notification.objects.filter(member=w.approver, subject__startswith="You read the first comments")
    assert "at 19:00 (UTC)" in told.text  # their own clock; 20:00 in Berlin
    elsewhere = client.post(address, {"member": "", "next": "https://evil.example/"})
    assert elsewhere["Location"].startswith("/w/")


def test_who_may_not_name_anybody_reads_it_all_the_same():
    w = world.two()
    evening(w)
    observer = make.member("observer", w.author.workspace, "Oz")
    client = Client()
    client.force_login(observer.user)
    shown = client.get(f"/w/{w.author.workspace.slug}/calendar/?view=list").content.decode()
    assert "nobody watching" in shown
    assert 'class="watch"' not in shown


def test_it_is_shown_until_the_first_hour_is_over():
    w = world.two()
    post = evening(w)
    verbs.name_watch(post, by=w.author, member=w.author)
    due_at = post.deliveries.get().due_at
    post.deliveries.update(state="accepted", ended_at=due_at)
    with clock.at(due_at + timedelta(minutes=59)):
        assert "Ada reads the comments" in page(w, "calendar/?view=list&date=2026-03-10")
        assert "Ada reads the comments in the first hour" in page(w, f"posts/{post.pk}/")
        [item] = [one for one in agenda.agenda(w.author, clock.now()) if "reading" in one.key]
        assert item.why == "It is out, and you are named for its first hour, until 20:00."
        verbs.name_watch(post, by=w.author, member=w.approver)  # somebody takes over
        assert not [one for one in agenda.agenda(w.author, clock.now()) if "reading" in one.key]
    with clock.at(due_at + timedelta(minutes=60, seconds=1)):
        assert not [one for one in agenda.agenda(w.approver, clock.now()) if "reading" in one.key]
        assert "reads the comments" not in page(w, "calendar/?view=list&date=2026-03-10")
        with pytest.raises(Conflict, match="not planned"):
            verbs.name_watch(post, by=w.author, member=w.author)


def test_a_series_names_its_watcher_for_each_draft_outside_the_working_hours():
    w = world.two()
    begins = EVENING - timedelta(days=1, hours=-1)
    running = series.begin_series(
        w.approved(), by=w.author, frequency="daily", begins=begins, ahead_days=2, watcher=w.approver
    )
    assert repeating.fill(running) == 2
    assert Watch.objects.filter(member=w.approver, ended_at__isnull=True).count() == 2
    shown = page(w, "calendar/series/")
    assert "Bea reads the first comments outside the working hours." in shown
    assert shown.count("Bea reads the comments</span>") == 2
    verbs.name_watch(running.occurrences.order_by("wall")[0].post, by=w.author, member=None)
    shown = page(w, "calendar/series/")
    assert shown.count("nobody watching</span>") == 1
    within = series.begin_series(
        w.approved("Lunch."),
        by=w.author,
        frequency="daily",
        begins=EVENING.replace(hour=11),
        ahead_days=2,
        watcher=w.approver,
    )
    repeating.fill(within)
    assert Watch.objects.filter(ended_at__isnull=True).count() == 1


def test_whom_a_series_names_is_told_once_and_not_for_each_draft():
    w = world.two()
    for watcher in (w.approver, w.author):
        running = series.begin_series(
            w.approved(), by=w.author, frequency="daily", begins=EVENING, ahead_days=5, watcher=watcher
        )
        assert repeating.fill(running) == 4
    assert Watch.objects.filter(ended_at__isnull=True).count() == 8
    told = Notification.objects.filter(subject__contains="first comments")
    [one] = told  # the author named herself
    assert one.member == w.approver
    assert one.subject == "You read the first comments each time “Nettle soup from Tuesday.” goes out"
    assert "From Tuesday, 10 March on it comes again every day, at 20:00 (Europe/Berlin)." in one.text
    assert one.url == f"/w/{w.author.workspace.slug}/calendar/series/"


def test_the_form_of_a_series_asks_who_reads():
    w = world.two()
    post = w.approved()
    client = Client()
    client.force_login(w.author.user)
    address = f"/w/{w.author.workspace.slug}/calendar/posts/{post.pk}/series/"
    given = {"frequency": "weekly", "every": 1, "begins": "2026-03-10T20:00", "ahead_days": 7}
    assert client.post(address, given | {"watcher": str(make.member().pk)}).status_code == 422
    assert client.post(address, given | {"watcher": str(w.approver.pk)}).status_code == 302
    assert Watch.objects.get().member == w.approver


def test_what_leaves_the_house_says_whether_somebody_reads_and_the_paper_says_who():
    w = world.two()
    watched, alone = evening(w), evening(w, EVENING + timedelta(hours=1))
    verbs.name_watch(watched, by=w.author, member=w.approver)
    found, _ = entries.between(w.author.workspace, clock.now(), clock.now() + timedelta(days=2))
    watching.put(found, w.author.workspace, rules.of(w.author.workspace))
    client = Client()
    client.force_login(w.author.user)
    sheet = client.get(f"/w/{w.author.workspace.slug}/calendar/sheet/?date=2026-03-10&view=list").content
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(sheet)).active.iter_rows()]
    assert [row[5] for row in rows[2:]] == ["First hour", "somebody reads the comments", "nobody watching"]
    feed = Calendar.from_ical(ics.write("Posts", found, clock.now(), "x.example")).walk("VEVENT")
    said = [str(event["DESCRIPTION"]) for event in feed]
    assert said == ["Its first hour: somebody reads the comments.", "Its first hour: nobody watching."]
    assert [row[5] for row in files._rows(found, names=True)] == ["Bea reads the comments", "nobody watching"]
    pdf = client.get(f"/w/{w.author.workspace.slug}/calendar/pdf/?date=2026-03-10&view=list")
    assert pdf.content.startswith(b"%PDF-")
    assert alone.pk
