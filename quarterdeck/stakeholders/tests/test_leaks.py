"""A link opens one thing. Every link is tried against every department and every request: what it shows is its own, and
what it sends changes nothing of another."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.crew.models import SignedLink
from quarterdeck.stakeholders import verbs
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NOON

pytestmark = pytest.mark.django_db
NUMBERS = ("one", "two", "three")


def marked(w, of, number: str) -> Request:
    """A request of which every word names it, with an answer and a draft."""
    mark = f"mark-{of.name}-{number}".lower()
    names = ("what", "why", "audience", "assets", "otherwise", "name")
    row = w.asked(of=of, **{name: f"{name} {mark}" for name in names}, address=f"{mark}@example.org")
    verbs.add(row, by=row.link, text=f"added {mark}")
    verbs.accept(row, by=w.author, reason=f"reason {mark}", into="draft")
    return row


def test_every_link_against_every_department_shows_its_own_and_nothing_else():
    with clock.at(NOON):
        here, elsewhere = world.three(), world.three()
        rows = {}
        for w in (here, elsewhere):
            for of in (w.sales, w.legal):
                for number in NUMBERS:
                    row = marked(w, of, f"{number}-{'a' if w is here else 'b'}")
                    rows[row.pk] = row
        marks = {pk: row.what.removeprefix("what ") for pk, row in rows.items()}
        for pk, row in rows.items():
            shown = world.browser().get(world.path(row)).content.decode()
            assert marks[pk] in shown
            assert not [one for other, one in marks.items() if other != pk and one in shown]
            assert f"reason {marks[pk]}" in shown
            assert not [one for one in (f"{other}" for other in rows if other != pk) if one in shown]
        for link in SignedLink.objects.filter(purpose="stakeholders.department").select_related("workspace"):
            door = _door(link)
            shown = world.browser().get(world.path(door)).content.decode()
            shown += world.browser().get(world.path(door), {"kind": "launch"}).content.decode()
            shown += world.browser().post(world.path(door), world.form(what=" ")).content.decode()
            assert not [one for one in marks.values() if one in shown]
            others = {"Sales", "Legal"} - {door.department.name}
            assert not [one for one in others if one in shown]


def _door(link):
    from quarterdeck.stakeholders.models import Door

    return Door.objects.select_related("department").get(link=link)


def test_a_status_link_acts_on_its_own_request_whatever_it_sends():
    with clock.at(NOON):
        w = world.three()
        mine, theirs = w.asked(what="Mine"), w.asked(of=w.legal, what="Theirs")
        verbs.propose(theirs, by=w.author, reason="Later?")
        proposal = theirs.answers.get()
        before = Request.objects.filter(pk=theirs.pk).values().get()
        for act in ("agree", "other", "withdraw", "add"):
            given = {"do": act, "pk": theirs.pk, "request": theirs.pk, "week": "2026-03-16", "text": "x"}
            given |= {"proposal": proposal.pk}
            world.browser().post(world.path(mine) + f"?pk={theirs.pk}", given)
        with pytest.raises(Conflict):
            verbs.agree(theirs, by=mine.link, proposal=proposal.pk)
        with pytest.raises(Conflict):
            verbs.withdraw(theirs, by=mine.link)
        assert Request.objects.filter(pk=theirs.pk).values().get() == before
        assert list(theirs.answers.all()) == [proposal]


def test_the_words_of_one_request_do_not_stand_in_the_refusal_of_a_like_one():
    """Who has the department's link learns that something like it is open, and none of its words."""
    with clock.at(NOON):
        w = world.three()
        door = w.door()
        verbs.ask_by_link(w.sales, door=door.link, wish=world.SOUP)
        answer = world.browser().post(world.path(door), world.form(what="Nettle soup back on tuesday comes"))
        assert answer.status_code == 409
        assert world.SOUP.what not in answer.content.decode()


def test_an_address_alone_makes_nobody_believe_that_they_agreed():
    with clock.at(NOON):
        w = world.three()
        row = w.asked()
        for said, words in (("agreed", "Thank you. The team makes it"), ("withdrawn", "It is withdrawn.")):
            page = world.browser().get(world.path(row), {"said": said}).content.decode()
            assert words not in page
