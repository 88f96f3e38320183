"""Decisions: kept as they were made, never edited, back on their day, and laid beside what happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from quarterdeck.core import clock, ids, registries
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.verbs import remove_member
from quarterdeck.strategy import decided, decided_agenda
from quarterdeck.strategy.models import Decision, Objective
from quarterdeck.strategy.verbs import set_objective
from quarterdeck.strategy.verbs.decisions import About, Expected, decide, note_outcome
from tests import make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
DUE = date(2026, 3, 20)
EXPECTED = Expected("More people see it", Decimal(300), "sign-ups", DUE)


@pytest.fixture
def who():
    with clock.at(NOON):
        workspace = make.workspace(timezone="Europe/Berlin")
        make.member("owner", workspace, "Ola")
        yield make.member("author", workspace, "Ada")


def made(who, **given) -> Decision:
    given = {
        "title": "The launch moves to Thursday",
        "options": ["Leave it", "Move it"],
        "choice": 1,
        "expected": EXPECTED,
    } | given
    return decide(who, **given)


def an_objective(who) -> Objective:
    brand, begins = who.workspace.brands.get(), date(2026, 3, 9)
    return set_objective(who, brand=brand, title="More guests", begins=begins, ends=DUE)


def test_a_decision_is_kept_with_all_that_was_said(who):
    goal = an_objective(who)
    about = About(goal.ledger_name, goal.pk, goal.title)
    one = made(
        who, context="Sales has a fair.", because="Same people.", heard=["Sales", " ", "Sales"], about=about
    )
    one = decided.decision(who.workspace, one.pk)
    assert (one.chosen, one.heard, decided.expectation(one)) == ("Move it", ["Sales"], "300 sign-ups")
    assert decided.of(who.workspace_id, goal.ledger_name, goal.pk) == [one]
    assert dict(decided.of_post(goal))["strategy.decision"] == [one.pk]
    assert "strategy.decision.made" in make.kinds_recorded(who.workspace)


def test_another_room_keeps_the_outcome_of_a_round_without_a_number(who):
    one = made(who, expected=None, about=About("consent.round", ids.new(), "Tuesday\u202e"))
    assert (one.expects, one.about_title) == (False, "")
    with pytest.raises(Conflict, match="No number"):
        note_outcome(one, by=who, verdict="better", words="Well", number_came=Decimal(1))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"options": ["One"]}, "options"),
        ({"options": ["a", "b", "c", "d", "e", "f", "g"]}, "options"),
        ({"options": ["Same", "same"]}, "options"),
        ({"options": ["One", " "]}, "options"),
        ({"choice": 2}, "options"),
        ({"choice": -1}, "options"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"heard": [f"Department {n}" for n in range(13)]}, "heard"),
        ({"expected": Expected("More", Decimal(1), "x", date(2026, 3, 8))}, "due"),
        ({"expected": Expected("More", Decimal(1), "x", date(2036, 3, 8))}, "due"),
        ({"expected": Expected("More", Decimal("NaN"), "x", DUE)}, "number"),
        ({"expected": Expected("More", Decimal(1), " ", DUE)}, "unit"),
        ({"expected": Expected("", Decimal(1), "x", DUE)}, "expected"),
    ],
)
def test_what_is_no_decision_is_refused_beside_its_field(who, wrong, field):
    with pytest.raises(Invalid) as refused:
        made(who, **wrong)
    assert list(refused.value.fields) == [field]
    assert not Decision.objects.exists()


def test_none_is_ever_edited_not_even_with_an_event(who):
    one = made(who)
    for change in ({"title": "Friday"}, {"number": 1}, {"ledger_event_id": ids.new()}):
        with pytest.raises(DatabaseError, match="stays for ever"), transaction.atomic():
            Decision.objects.filter(pk=one.pk).update(**change)


def test_another_takes_its_place_once_and_both_say_so(who):
    one = made(who)
    two = made(who, title="It stays on Tuesday", supersedes=one)
    one = decided.decision(who.workspace, one.pk)
    assert (one.superseded_by, two.supersedes) == (two, one)
    with pytest.raises(Conflict, match="already"):
        made(who, title="Friday after all", supersedes=one)
    with pytest.raises(Invalid, match="no such decision"):
        made(make.member("author", make.workspace("Elsewhere"), "Eve"), supersedes=two)
    assert Decision.objects.count() == 2


def test_it_comes_back_on_its_day_to_who_made_it_until_something_is_laid_beside_it(who):
    one = made(who)
    lead = make.member("lead", who.workspace, "Bea")

    def asked(member, at):
        with clock.at(at):
            return [item.key for item in decided_agenda.agenda(member, at)]

    eve, day = NOON + timedelta(days=10), NOON + timedelta(days=11)
    assert (asked(who, eve), asked(who, day), asked(lead, day)) == ([], [f"strategy.decision:{one.pk}"], [])
    with clock.at(day):
        note_outcome(one, by=lead, verdict="cannot tell", words="The page was down.")
    assert asked(who, day) == []


def test_what_was_superseded_does_not_come_back_and_leads_get_what_somebody_left(who):
    one = made(who)
    two = made(who, supersedes=one)
    lead = make.member("lead", who.workspace, "Bea")
    remove_member(who, by=who.workspace.members.get(role="owner"))
    day = NOON + timedelta(days=30)
    with clock.at(day):
        assert [item.key for item in decided_agenda.agenda(lead, day)] == [f"strategy.decision:{two.pk}"]


def test_an_outcome_has_a_number_or_says_that_it_cannot_tell(who):
    one = made(who)
    for wrong, field in (
        ({"verdict": "great", "words": "Well"}, "verdict"),
        ({"verdict": "better", "words": "Well"}, "number_came"),
        ({"verdict": "cannot tell", "words": " "}, "words"),
    ):
        with pytest.raises(Invalid) as refused:
            note_outcome(one, by=who, **wrong)
        assert list(refused.value.fields) == [field]
    note_outcome(one, by=who, verdict="worse", words="Counted on the page.", number_came=Decimal(120))
    with clock.at(NOON + timedelta(days=1)):
        note_outcome(one, by=who, verdict="better", words="Some came late.", number_came=Decimal(320))
    last, first = decided.outcomes(decided.decision(who.workspace, one.pk))
    assert (last.verdict, first.verdict, decided.came(one, last)) == ("better", "worse", "320 sign-ups")


# --- pages --------------------------------------------------------------------------------------------

FORM = {
    "title": "The launch moves",
    "option_1": "Leave it",
    "option_4": "Move it",
    "choice": "4",
    "expected": "More people see it",
    "number": "300",
    "unit": "sign-ups",
    "due": "2026-03-20",
    "heard": "Sales\n\nLegal",
}


def browser(member) -> tuple[Client, str]:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client, f"/w/{member.workspace.slug}/decisions/"


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(who):
    client, there = browser(who)
    refused = client.post(f"{there}new/", FORM | {"choice": "2", "context": "<b>Fair</b>"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Please mark the one that was chosen" in text
    assert 'value="Move it"' in text
    assert "&lt;b&gt;Fair&lt;/b&gt;" in text
    assert client.post(f"{there}new/", FORM).status_code == 302
    one = Decision.objects.get()
    assert (one.options, one.chosen, one.heard) == (["Leave it", "Move it"], "Move it", ["Sales", "Legal"])


def test_from_an_objective_to_a_decision_about_it(who):
    goal = an_objective(who)
    found = decided.about(who, goal.ledger_name, goal.pk)
    assert found == About(goal.ledger_name, goal.pk, "More guests")
    assert decided.decide_url(goal, who).endswith(f"?about=strategy.objective&about_id={goal.pk}")
    one = made(who, about=found)
    assert decided.on_a_thing(goal, who) == {"decisions": [one]}


def test_the_page_of_a_superseded_one_says_so_and_names_roles_alone(who):
    client, there = browser(who)
    client.post(f"{there}new/", FORM)
    one = Decision.objects.get()
    client.post(f"{there}new/?supersedes={one.pk}", FORM | {"title": "It stays"})
    text = client.get(f"{there}{one.pk}/").content.decode()
    assert "Another decision took its place" in text
    assert "Note it" not in text
    assert "by you." in text
    other = browser(who.workspace.members.get(role="owner"))[0].get(f"{there}{one.pk}/").content.decode()
    assert "by an author." in other
    assert "Ada" not in other[other.index("<main") :]


def test_a_thing_that_is_not_there_cannot_be_decided_about(who):
    client, there = browser(who)
    for query in (
        "about=publishing.post&about_id=soup",
        f"about=soup&about_id={ids.new()}",
        "supersedes=soup",
    ):
        assert client.get(f"{there}new/?{query}").status_code == 404
    assert [name for name, _ in registries.kin if name == "decisions"]
