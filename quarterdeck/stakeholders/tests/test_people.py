"""The people map: departments and their links, who is in them and how they are forgotten, what they care about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.ledger.models import Payload, Pending
from quarterdeck.stakeholders import asking, reads, verbs
from quarterdeck.stakeholders.models import Door, ExpertQuestion, Interest, Request, Stakeholder
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NOON
from quarterdeck.stakeholders.verbs import digests, experts
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    with clock.at(NOON):
        yield world.three()


def post(w, rest: str, **given):
    return world.browser(w.lead).post(world.at(w.lead, f"departments/{rest}/"), given)


def page(w, rest: str, who=None) -> str:
    who = who or w.lead
    return world.browser(who).get(world.at(who, f"departments/{rest}")).content.decode()


def dee(w, **given) -> Stakeholder:
    return verbs.add_stakeholder(
        w.sales, by=w.lead, **{"name": "Dee Dahl", "address": "dee@sales.example"} | given
    )


def test_a_department_is_named_once_ends_and_comes_back_with_all_it_asked_for(w):
    assert post(w, "new", name="sales").status_code == 422
    asked = w.asked()
    assert post(w, f"{w.sales.pk}/ended").status_code == 302
    assert asked.what in page(w, f"{w.sales.pk}/")
    assert "takes part no more" in page(w, f"{w.sales.pk}/")
    for act in (verbs.end_department, verbs.open_door):
        with pytest.raises(Conflict):
            act(w.sales, by=w.lead)
    verbs.restore_department(w.sales, by=w.lead)
    with pytest.raises(Conflict):
        verbs.restore_department(w.sales, by=w.lead)
    changed = verbs.change_department(w.sales, by=w.lead, name="Sales and Events", does="Sells.")
    assert changed.name == "Sales and Events"
    with pytest.raises(Invalid):
        verbs.change_department(w.legal, by=w.lead, name="SALES and events", does="")


def test_a_link_is_made_copied_again_and_revoked_while_what_was_asked_by_it_stays_open(w):
    post(w, f"{w.sales.pk}/links")
    door = Door.objects.get()
    assert door.token in page(w, f"{w.sales.pk}/")
    assert door.token in page(w, f"{w.sales.pk}/"), "it can be copied again"
    assert door.token not in page(w, f"{w.sales.pk}/", w.author), "only who may give it out"
    assert door.token.encode() not in bytes(door.token_sealed)
    asked = verbs.ask_by_link(w.sales, door=door.link, wish=world.SOUP)
    assert post(w, f"links/{door.pk}/revoked").status_code == 302
    assert door.token not in page(w, f"{w.sales.pk}/")
    assert world.browser().get(world.path(door)).status_code == 404
    assert world.browser().get(world.path(asked)).status_code == 200
    with pytest.raises(Conflict):
        verbs.close_door(door, by=w.lead)


def test_a_department_has_at_most_ten_links_that_work(w):
    for _ in range(10):
        verbs.open_door(w.sales, by=w.lead)
    with pytest.raises(Conflict, match="10 links"):
        verbs.open_door(w.sales, by=w.lead)
    verbs.open_door(w.legal, by=w.lead)


def test_a_name_and_an_address_stand_nowhere_in_the_clear(w):
    row = dee(w)
    verbs.change_stakeholder(
        row,
        by=w.lead,
        department=w.legal,
        name="Dee Dahl",
        address="dee@sales.example",
        heard="link",
        language="de",
    )
    said = str(Stakeholder.objects.values()) + str([bytes(one.leaf) for one in Pending.objects.all()])
    assert "Dahl" not in said
    assert "dee@" not in said
    assert Payload.objects.exists()
    again = reads.stakeholder(w.workspace, row.pk)
    assert (again.name, again.email, again.department) == ("Dee Dahl", "dee@sales.example", w.legal)
    assert not again.hears_by_mail


@pytest.mark.parametrize(
    "given",
    [{"name": " "}, {"address": "nobody"}, {"address": ""}, {"heard": "pigeon"}, {"name": "a\u202eb"}],
)
def test_what_cannot_be_kept_of_a_person_is_said_beside_its_field(w, given):
    with pytest.raises(Invalid):
        dee(w, **given)
    assert not Stakeholder.objects.exists()


def test_an_address_stands_for_one_person(w):
    dee(w)
    with pytest.raises(Invalid, match="on the map already"):
        verbs.add_stakeholder(w.legal, by=w.lead, name="Other", address="DEE@sales.example")
    dee(w, name="No mail", address="", heard="link")
    dee(w, name="No mail either", address="", heard="link")


def test_whoever_is_forgotten_leaves_what_they_asked_for_readable(w):
    row = dee(w)
    asked = w.asked(name="Dee", address="dee@sales.example", why="Because of the fair.")
    assert asked.stakeholder == row
    path = world.path(asked)
    answer = post(w, f"people/{row.pk}/erased")
    assert answer.status_code == 302
    asked = reads.request(w.workspace, asked.pk)
    assert (asked.asker, asked.email, asked.sealed) == ("Somebody of Sales", "", None)
    for shown in (
        world.browser().get(path).content.decode(),
        world.browser(w.author).get(world.at(w.author, f"requests/{asked.pk}/")).content.decode(),
    ):
        assert "Because of the fair." in shown
        assert "Dee" not in shown
    text = page(w, f"people/{row.pk}/")
    assert "has been forgotten" in text
    assert "Dee" not in text
    for act in (verbs.erase_stakeholder, verbs.end_stakeholder, verbs.restore_stakeholder):
        with pytest.raises(Conflict):
            act(row, by=w.lead)
    assert post(w, f"people/{row.pk}/words", name="Dee", heard="link", language="en").status_code in {
        409,
        422,
    }
    dee(w, name="The next at this address")


def test_a_name_that_came_with_a_request_is_forgotten_alone_or_with_the_person(w):
    before = w.asked(name="Dee", address="dee@sales.example")
    other = w.asked(name="Other", address="other@sales.example")
    verbs.erase_stakeholder(dee(w), by=w.lead)
    assert not Request.objects.get(pk=before.pk).sealed, "they asked before they were on the map"
    assert Request.objects.get(pk=other.pk).sealed
    answer = world.browser(w.lead).post(world.at(w.lead, f"requests/{other.pk}/forgotten/"))
    assert answer.status_code == 302
    assert Request.objects.get(pk=other.pk).asker == "Somebody of Sales"
    with pytest.raises(Conflict):
        verbs.forget_asker(other, by=w.lead)


def test_whoever_changed_department_is_forgotten_in_each_of_them(w):
    theirs = {"name": "Dee", "address": "dee@sales.example"}
    before = w.asked(**theirs)
    elsewhere = w.asked(of=w.legal, **theirs)
    row = dee(w)
    linked = w.asked(what="Another thing for the fair", **theirs)
    assert linked.stakeholder == row
    window, said = digests.open_window(w.sales, by=w.lead).link, {"name": "Dee", "email": "dee@sales.example"}
    experts.ask_expert(w.sales, by=window, words="Should we be on Threads?", **said)
    namesake = w.asked(of=w.legal, name="Dee", address="dee@legal.example")
    people = verbs.add_department(w.lead, name="People")
    same = {"name": row.name, "address": row.email, "heard": "mail", "language": "en"}
    row = verbs.change_stakeholder(row, by=w.lead, department=people, **same)
    verbs.erase_stakeholder(row, by=w.lead)
    for one in (before, elsewhere, linked):
        found = reads.request(w.workspace, one.pk)
        assert (found.sealed, found.email) == (None, "")
        assert "Dee" not in found.asker
    assert ExpertQuestion.objects.get().sealed is None
    assert reads.request(w.workspace, namesake.pk).email == "dee@legal.example"


def test_interests_are_noted_once_and_taken_off(w):
    row, brand = dee(w), w.workspace.brands.get()
    assert post(w, f"{w.sales.pk}/interests", about="topic", words="recipes").status_code == 302
    assert post(w, f"people/{row.pk}/interests", about="brand", brand=str(brand.pk)).status_code == 302
    for of, given in (
        (w.sales, {"about": "topic", "words": "Recipes"}),
        (row, {"about": "brand", "brand": brand}),
        (row, {"about": "brand"}),
        (row, {"about": "market", "words": " "}),
        (row, {"about": "weather", "words": "rain"}),
        (row, {"about": "brand", "brand": make.workspace().brands.get()}),
    ):
        with pytest.raises(Invalid):
            verbs.note_interest(of, by=w.lead, **given)
    mine = reads.interests(row)
    assert [str(one) for one in mine] == [brand.name]
    assert post(w, f"interests/{mine[0].pk}/ended").status_code == 302
    assert reads.interests(row) == []
    with pytest.raises(Conflict):
        verbs.end_interest(Interest.objects.get(pk=mine[0].pk), by=w.lead)


def test_at_most_one_question_a_month_is_put_to_a_stakeholder(w):
    row, about = dee(w), {"about": "stakeholders.department", "about_id": w.sales.pk}
    assert asking.may_ask(row)
    verbs.note_question(row, by=w.lead, **about)
    assert not asking.may_ask(row)
    with clock.at(NOON + timedelta(days=29, hours=23)), pytest.raises(Conflict, match="one question a month"):
        verbs.note_question(row, by=w.lead, **about)
    with clock.at(NOON + timedelta(days=30)):
        assert asking.may_ask(row)
        verbs.note_question(row, by=w.lead, **about)
    verbs.end_stakeholder(row, by=w.lead)
    assert not asking.may_ask(reads.stakeholder(w.workspace, row.pk))
    verbs.restore_stakeholder(row, by=w.lead)


def test_an_observer_reads_requests_and_no_names(w):
    row = w.asked(name="Dee Dahl")
    assert world.browser(w.observer).get(world.at(w.observer, "departments/")).status_code == 403
    shown = world.browser(w.observer).get(world.at(w.observer, f"requests/{row.pk}/")).content.decode()
    assert "Dee Dahl" not in shown
    assert Request.objects.get().asker == "Dee Dahl"
