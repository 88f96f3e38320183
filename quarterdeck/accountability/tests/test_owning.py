"""Taken, offered, accepted, declined, given back; and what stands on whose Desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.accountability import agenda, verbs
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.crew.models import Member, Notification
from tests import make

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)


@pytest.fixture
def w():
    return world.two()


@pytest.fixture
def slip(w):
    with clock.at(LATER):
        return verbs.flag(world.out(w), by=w.author, said=Said("The price is 12, not 21."))


def on_the_desk(who: Member, after: timedelta = timedelta(minutes=5)) -> list:
    return list(agenda.agenda(who, LATER + after))


def test_it_is_taken_once_and_the_one_who_has_it_is_named(w, slip):
    assert verbs.own(slip, by=w.author).owner == w.author
    with pytest.raises(Conflict, match="You have it already"):
        verbs.own(slip, by=w.author)
    with pytest.raises(Conflict, match="Ada sees to it now"):
        verbs.own(slip, by=w.approver)
    Member.objects.filter(pk=w.author.pk).update(left_at=LATER)
    assert verbs.own(slip, by=w.approver).owner == w.approver


def test_an_offer_moves_nothing_until_it_is_accepted(w, slip):
    verbs.own(slip, by=w.author)
    Notification.objects.all().delete()
    offered = verbs.offer(slip, by=w.author, to=w.approver, word="I am on a train.")
    assert (offered.owner, offered.offered_to) == (w.author, w.approver)
    assert "I am on a train." in Notification.objects.get(member=w.approver).text
    with pytest.raises(Forbidden):
        verbs.accept(slip, by=w.author)
    taken = verbs.accept(slip, by=w.approver)
    assert (taken.owner, taken.offered_to) == (w.approver, None)
    assert Notification.objects.filter(member=w.author, subject__startswith="Taken over").exists()
    with pytest.raises(Conflict, match="not offered"):
        verbs.accept(slip, by=w.approver)


def test_an_offer_is_declined_with_a_word(w, slip):
    verbs.own(slip, by=w.author)
    verbs.offer(slip, by=w.author, to=w.approver)
    with pytest.raises(Invalid):
        verbs.decline(slip, by=w.approver, word="")
    declined = verbs.decline(slip, by=w.approver, word="I am off today.")
    assert (declined.owner, declined.offered_to, declined.declined_word) == (
        w.author,
        None,
        "I am off today.",
    )
    (mine,) = on_the_desk(w.author)
    assert "I am off today." in mine.why


def test_who_has_it_keeps_it_or_gives_it_back(w, slip):
    with pytest.raises(Conflict, match="Nobody sees to it"):
        verbs.let_go(slip, by=w.author)
    verbs.own(slip, by=w.author)
    verbs.offer(slip, by=w.author, to=w.approver)
    assert verbs.own(slip, by=w.author).offered_to is None
    with pytest.raises(Conflict):
        verbs.let_go(slip, by=w.approver)
    assert verbs.let_go(slip, by=w.author).owner is None


def test_only_who_can_see_to_it_is_asked(w, slip):
    observer, elsewhere = make.member("observer", w.author.workspace), make.member("lead")
    for wrong in (observer, elsewhere, w.author):
        with pytest.raises(Invalid):
            verbs.offer(slip, by=w.author, to=wrong)
    verbs.own(slip, by=w.author)
    with pytest.raises(Conflict, match="only they can offer it"):
        verbs.offer(slip, by=w.approver, to=w.author)


def test_what_nobody_has_stands_on_every_desk_that_can_take_it_and_then_on_one(w, slip):
    observer = make.member("observer", w.author.workspace)
    for who in (w.author, w.approver):
        (item,) = on_the_desk(who)
        assert (item.kind, item.actions[0].label) == ("correct", "I have this")
    assert on_the_desk(observer) == []
    verbs.own(slip, by=w.author)
    (mine,) = on_the_desk(w.author)
    assert mine.title.startswith("Correct “")
    assert on_the_desk(w.approver) == []
    verbs.offer(slip, by=w.author, to=w.approver)
    (asked,) = on_the_desk(w.approver)
    assert asked.title.startswith("You are asked")


def test_past_the_promise_it_rises_and_the_leads_see_it_whoever_has_it(w, slip):
    verbs.own(slip, by=w.author)
    (mine,) = on_the_desk(w.author, timedelta(hours=26))
    assert mine.due == LATER + timedelta(hours=24)
    assert "Open for 1 day 2 h; the promise is 1 day." in mine.why
    (late,) = on_the_desk(w.approver, timedelta(hours=26))
    assert "not corrected yet" in late.title
    verbs.judge(slip, by=w.author, level=1)
    assert on_the_desk(w.approver, timedelta(hours=26)) == []
    assert on_the_desk(w.author, timedelta(hours=26))[0].due is None
