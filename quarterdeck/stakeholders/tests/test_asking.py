"""Asking by a department's link: what the form says before, what it refuses and how, and the receipt."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.crew.models import LinkOpening, SignedLink
from quarterdeck.stakeholders import verbs, wishes
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NOON, SOUP, WEEK, form
from quarterdeck.stakeholders.verbs import asking
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    with clock.at(NOON):
        yield world.three()


def send(w, door=None, **given):
    door = door or w.door()
    return world.browser().post(world.path(door), form(**given))


def test_first_the_kind_then_what_is_usual_then_the_form(w):
    door, client = w.door(), world.browser()
    first = client.get(world.path(door)).content.decode()
    assert "A launch or a product" in first
    assert "What do you need?" in first
    assert 'class="form"' not in first
    page = client.get(world.path(door), {"kind": "launch"}).content.decode()
    assert "the usual time is not known yet" in page
    assert "Unknown: no post that was asked for like this is out yet." in page
    assert "The team keeps no fixed slots" in page
    assert "Asked now: by Wed 11 Mar, 13:00 at the latest." in page


def test_what_is_asked_arrives_with_a_receipt_that_has_a_page_of_its_own(w):
    w.door()
    given = {
        "audience": "Regulars",
        "need": "must",
        "preferred_week": WEEK.isoformat(),
        "latest": "2026-03-20",
        "assets": "https://sales.example/soup.jpg",
        "otherwise": "The tables stay empty.",
        "name": "Dee",
        "email": "Dee@Sales.example",
    }
    began = time.perf_counter()
    answer = send(w, **given)
    assert answer.status_code == 302, answer.content.decode()
    receipt = world.browser().get(answer["Location"])
    assert time.perf_counter() - began < 1
    page = receipt.content.decode()
    assert "It is with the team." in page
    assert "You have an answer by Wed 11 Mar, 13:00." in page
    row = Request.objects.get()
    assert (row.asker, row.email) == ("Dee", "dee@sales.example")
    assert (row.preferred_week, row.latest, row.need) == (WEEK, date(2026, 3, 20), "must")
    assert row.due_at == NOON + timedelta(hours=48)
    assert "stakeholders.request.asked" in make.kinds_recorded(w.workspace)
    everything = str(Request.objects.values())
    assert "Dee" not in everything
    assert "dee@" not in everything


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"preferred_week": "2026-03-02"}, "Please choose this week or a later one."),
        ({"latest": "2026-03-08"}, "Please choose today or a later day."),
        ({"latest": "2029-01-01"}, "within the next eighteen months"),
        ({"preferred_week": "2026-03-16", "latest": "2026-03-15"}, "Please choose a day from Mon 16 Mar on"),
        ({"preferred_week": "soon"}, "Select a valid choice."),
        ({"email": "not an address"}, "Write it like name@example.org"),
        ({"what": " "}, "This field is required."),
        ({"what": "x\u202ey"}, "Please type it again"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_everything_typed_stays(w, given, words):
    answer = send(w, **({"audience": "The regulars of Tuesday"} | given))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "The regulars of Tuesday" in page
    assert not Request.objects.exists()


def test_the_very_same_form_sent_twice_asks_once(w):
    door, pk = w.door(), "0192d5a0-0000-7000-8000-000000000001"
    first, second = send(w, door, pk=pk), send(w, door, pk=pk)
    assert first["Location"] == second["Location"]
    assert Request.objects.count() == 1
    other = send(w, w.door(w.legal), pk=pk)
    assert other["Location"] != first["Location"], "an id of somebody else’s request opens nothing of it"
    assert Request.objects.count() == 2


def test_what_looks_like_an_open_request_is_asked_about_once_more(w):
    door = w.door()
    send(w, door)
    almost = "On Tuesday nettle soup comes back!"
    answer = send(w, door, what=almost)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This looks like something Sales asked for on Mon 9 Mar" in page
    assert "Ask anyway" in page
    assert almost in page
    assert Request.objects.count() == 1
    assert send(w, door, what=almost, anyway="yes").status_code == 302
    assert send(w, w.door(w.legal), what=almost).status_code == 302, "another department may want the same"
    assert Request.objects.count() == 3


def test_likeness_takes_no_notice_of_order_and_case_but_of_what_is_said():
    assert wishes.alike("Nettle soup is back", "is back: NETTLE soup") == 1
    assert wishes.alike("Nettle soup is back", "We hire two cooks") < 0.6


def test_ten_thousand_from_one_link_are_refused_in_words_and_cost_little(w):
    door = w.door()
    for number in range(asking.MOST_A_DAY):
        verbs.ask_by_link(
            w.sales,
            door=door.link,
            wish=wishes.Wish(kind="news", what=f"{number} {number * 7919}", why="x"),
            anyway=True,
        )
    issued = SignedLink.objects.count()
    refused = [send(w, door, what=f"One more, number {number}") for number in range(30)]
    assert {one.status_code for one in refused} == {429}
    page = refused[-1].content.decode()
    assert "20 things were asked for by this link within a day, which is the most." in page
    assert "One more, number 29" in page
    assert Request.objects.count() == asking.MOST_A_DAY
    assert SignedLink.objects.count() == issued
    with clock.at(NOON + timedelta(days=1, seconds=1)):
        assert send(w, door, what="Tomorrow is another day").status_code == 302


def test_nobody_asks_by_a_link_that_was_revoked_or_expired_or_of_an_ended_department(w):
    door, other = w.door(), w.door(w.legal)
    verbs.close_door(door, by=w.lead)
    assert send(w, door).status_code == 404
    with clock.at(NOON + timedelta(days=366)):
        assert send(w, other).status_code == 404
    verbs.end_department(w.legal, by=w.lead)
    answer = send(w, other)
    assert answer.status_code == 404
    assert "takes part no more" in answer.content.decode()
    assert not Request.objects.exists()


def test_html_in_every_field_is_text_on_every_page(w):
    bad = "<script>alert(1)</script><b>bold</b>"
    names = ("what", "why", "audience", "assets", "otherwise", "name")
    answer = send(w, **{name: f"{name} {bad}" for name in names})
    row = Request.objects.get()
    verbs.add(row, by=row.link, text=bad)
    verbs.propose(row, by=w.author, reason=bad)
    pages = [
        world.browser().get(answer["Location"]),
        world.browser(w.author).get(world.at(w.author, f"requests/{row.pk}/")),
        world.browser(w.author).get(world.at(w.author, "requests/")),
        world.browser(w.author).get(world.at(w.author)),
        send(w, **{"preferred_week": "2020-01-06"} | dict.fromkeys(names, bad)),
    ]
    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<b>bold" not in text
    assert "&lt;script&gt;alert(1)" in pages[1].content.decode()


def test_opening_asks_nothing_and_is_counted_by_the_minute(w):
    door = w.door()
    for _ in range(3):
        world.browser().get(world.path(door), {"kind": "launch"})
    assert not Request.objects.exists()
    assert LinkOpening.objects.filter(link=door.link).count() == 1


def test_the_same_words_by_mouth_are_written_down_by_the_team(w):
    client = world.browser(w.author)
    given = form(department=str(w.sales.pk), name="Dee")
    answer = client.post(world.at(w.author, "requests/new/"), given)
    row = Request.objects.get()
    assert answer["Location"].endswith(f"/requests/{row.pk}/")
    assert (row.way, row.asker) == ("team", "Dee")
    answer = client.post(world.at(w.author, "requests/new/"), given | {"latest": "2020-01-01"})
    assert answer.status_code == 422
    assert "Please choose today or a later day." in answer.content.decode()


def test_a_stakeholder_is_known_by_the_address_of_their_own_department(w):
    dee = verbs.add_stakeholder(w.sales, by=w.lead, name="Dee Dahl", address="dee@sales.example")
    asked = w.asked(SOUP, address="DEE@sales.example", name="D.")
    assert asked.stakeholder == dee
    assert asked.asker == "Dee Dahl"
    assert w.asked(SOUP, of=w.legal, address="dee@sales.example").stakeholder is None
