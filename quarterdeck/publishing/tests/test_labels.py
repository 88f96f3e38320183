"""Labels and latest times: made, renamed, chosen on a post; what is planned follows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import holding, reads, verbs
from quarterdeck.publishing.models import Delivery, Label, Post
from quarterdeck.publishing.rows import WAKE
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import holds, labels
from tests import make

pytestmark = pytest.mark.django_db
DUE = NOON + timedelta(minutes=30)


def planned(w: world.World) -> tuple[Post, Delivery]:
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    return post, post.deliveries.get()


def minutes_late(row: Delivery) -> int:
    row.refresh_from_db()
    return int((row.latest_at - row.due_at).total_seconds() // 60)


def test_made_and_renamed_each_name_once():
    w = world.two("UTC")
    label = labels.make_label(w.approver, name="  Good   morning ", latest_minutes=5)
    assert (label.name, label.latest_minutes) == ("Good morning", 5)
    with pytest.raises(Conflict, match="already"):
        labels.make_label(w.approver, name="Good morning")
    other = labels.make_label(w.approver, name="Recipe")
    with pytest.raises(Conflict, match="already"):
        labels.change_label(other, by=w.approver, name="Good morning", latest_minutes=None)
    labels.change_label(other, by=w.approver, name="Recipes", latest_minutes=60)
    with pytest.raises(Conflict, match="like that already"):
        labels.change_label(other, by=w.approver, name="Recipes", latest_minutes=60)
    assert sorted(Label.objects.values_list("name", "latest_minutes")) == [
        ("Good morning", 5),
        ("Recipes", 60),
    ]
    kinds = make.kinds_recorded(w.author.workspace)
    assert kinds.count("publishing.label.made") == 2
    assert kinds.count("publishing.label.changed") == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a" * 41}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"latest_minutes": 0}, "latest_minutes"),
        ({"latest_minutes": 1441}, "latest_minutes"),
    ],
)
def test_what_cannot_be_a_label_is_named(given, field):
    by = make.member()
    with pytest.raises(Invalid) as refused:
        labels.make_label(by, **({"name": "Soup", "latest_minutes": None} | given))
    assert list(refused.value.fields) == [field]


def test_the_strictest_label_counts_and_the_posts_own_time_over_it():
    w = world.two("UTC")
    post, row = planned(w)
    assert minutes_late(row) == 15
    recipe = labels.make_label(w.approver, name="Recipe", latest_minutes=60)
    morning = labels.make_label(w.approver, name="Morning", latest_minutes=5)
    plain = labels.make_label(w.approver, name="Plain")
    with clock.at(NOON):
        for chosen, own, expected in (
            ([plain], None, 15),
            ([plain, recipe], None, 60),
            ([recipe, morning], None, 5),
            ([recipe, morning], 90, 90),
            ([], None, 15),
        ):
            labels.label_post(post, by=w.author, labels=chosen, latest_minutes=own)
            assert minutes_late(row) == expected


def test_what_is_planned_later_has_it_too():
    w = world.two("UTC")
    morning = labels.make_label(w.approver, name="Morning", latest_minutes=5)
    with clock.at(NOON):
        post = w.approved()
        labels.label_post(post, by=w.author, labels=[morning])
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    assert minutes_late(post.deliveries.get()) == 5


def test_when_a_label_changes_the_planned_follow_and_others_do_not():
    w = world.two("UTC")
    morning = labels.make_label(w.approver, name="Morning", latest_minutes=5)
    (post, row), (own, own_row), (_, without) = planned(w), planned(w), planned(w)
    with clock.at(NOON):
        labels.label_post(post, by=w.author, labels=[morning])
        labels.label_post(own, by=w.author, labels=[morning], latest_minutes=7)
        assert labels.change_label(morning, by=w.approver, name="Morning", latest_minutes=30) == 1
    assert [minutes_late(one) for one in (row, own_row, without)] == [30, 7, 15]


def test_a_latest_time_that_has_passed_is_refused_on_a_post_and_left_alone_by_a_label():
    w = world.two("UTC")
    post, row = planned(w)
    slow = labels.make_label(w.approver, name="Slow", latest_minutes=60)
    with clock.at(NOON):
        labels.label_post(post, by=w.author, labels=[slow])
    with clock.at(DUE + timedelta(minutes=20)):
        with pytest.raises(Invalid, match="would then be 12:45, which has passed"):
            labels.label_post(post, by=w.author, labels=[slow], latest_minutes=15)
        assert labels.change_label(slow, by=w.approver, name="Slow", latest_minutes=10) == 0
    assert minutes_late(row) == 60
    post.refresh_from_db()
    assert post.latest_minutes is None


def test_the_loop_is_woken_for_the_new_latest_time(monkeypatch):
    woken = []
    monkeypatch.setattr(labels, "wake", woken.append)
    w = world.two("UTC")
    post, _ = planned(w)
    with clock.at(NOON):
        verbs.return_(post, by=w.approver, reason="No.")
        labels.label_post(post, by=w.author, labels=[], latest_minutes=1)
    assert reads.next_due() == DUE + timedelta(minutes=1, milliseconds=1)
    assert woken == [WAKE]


def test_labels_of_another_workspace_are_refused():
    w = world.two("UTC")
    foreign = labels.make_label(make.member(), name="Theirs")
    with pytest.raises(Invalid):
        labels.label_post(w.draft(), by=w.author, labels=[foreign])


def test_what_waits_under_the_hold_of_a_label_does_not_slip_out_by_taking_it_off():
    w = world.two("UTC")
    post, row = planned(w)
    launch, other = (labels.make_label(w.approver, name=name) for name in ("Launch", "Other"))
    unplanned = w.draft()
    for one in (post, unplanned):
        labels.label_post(one, by=w.author, labels=[launch, other])
    with clock.at(NOON):
        hold = holds.place(w.approver, scope="label", target=launch.pk)
        labels.label_post(post, by=w.author, labels=[launch])  # the other one is free
        with pytest.raises(Conflict, match="“Launch” is on hold"):
            labels.label_post(post, by=w.author, labels=[])
        assert holding.held([row.pk]) == {row.pk}
        labels.label_post(unplanned, by=w.author, labels=[])  # nothing of it waits
        labels.label_post(post, by=w.approver, labels=[])  # whoever may lift holds decides
        assert holding.held([row.pk]) == set()
        labels.label_post(post, by=w.author, labels=[launch])
        holds.lift(hold, by=w.approver, decisions={row.pk: "keep"})
        labels.label_post(post, by=w.author, labels=[])


def test_on_their_pages():
    w = world.two("UTC")
    post, row = planned(w)
    lead, author, slug = Client(), Client(), w.author.workspace.slug
    lead.force_login(w.approver.user)
    author.force_login(w.author.user)
    settings = f"/w/{slug}/settings/labels/"
    assert author.get(settings).status_code == 403
    assert lead.post(settings, {"name": "", "latest_minutes": ""}).status_code == 422
    assert lead.post(settings, {"name": "Morning", "latest_minutes": "5"}).status_code == 302
    assert lead.post(settings, {"name": "Morning", "latest_minutes": ""}).status_code == 422
    label = Label.objects.get()
    answer = lead.post(f"{settings}{label.pk}/", {f"{label.pk}-name": "", f"{label.pk}-latest_minutes": "7"})
    assert answer.status_code == 422
    given = {f"{label.pk}-name": "Mornings", f"{label.pk}-latest_minutes": "7"}
    assert "“Mornings” is saved." in lead.post(f"{settings}{label.pk}/", given, follow=True).content.decode()
    page = f"/w/{slug}/posts/{post.pk}/"
    with clock.at(NOON):
        said = author.post(f"{page}labels/", {"labels": [str(label.pk)], "latest_minutes": ""}, follow=True)
    assert "After 12:37 nothing is sent any more." in said.content.decode()
    assert minutes_late(row) == 7
    shown = author.get(page).content.decode()
    assert "Mornings" in shown
    assert author.post(f"{page}labels/", {"latest_minutes": "0"}).status_code == 422
