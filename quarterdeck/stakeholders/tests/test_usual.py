"""Hours of workdays, and what the form says is usual: each number with what it rests on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.planning.models import WeeklySlot
from quarterdeck.planning.verbs import spans
from quarterdeck.planning.verbs.slots import make_slot
from quarterdeck.publishing import verbs as publishing
from quarterdeck.stakeholders import hours, usual, verbs
from quarterdeck.stakeholders.hours import Workdays
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.test_answering import taken
from quarterdeck.stakeholders.tests.world import NOON

BERLIN = Workdays(ZoneInfo("Europe/Berlin"), frozenset(range(5)), ())


@pytest.fixture
def w(db):
    with clock.at(NOON):
        yield world.three()


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN.zone)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (at(2026, 3, 9, 13), 48, at(2026, 3, 11, 13)),
        (at(2026, 3, 13, 12), 48, at(2026, 3, 17, 12)),  # over a weekend
        (at(2026, 3, 14, 9), 1, at(2026, 3, 16, 1)),  # asked on a Saturday
        (at(2026, 3, 27, 12), 24, at(2026, 3, 30, 12)),  # the Sunday when clocks go forward is no workday
    ],
)
def test_only_hours_of_workdays_count(start, count, end):
    assert hours.after(BERLIN, start, count) == end
    assert hours.between(BERLIN, start, end) == pytest.approx(count)


@given(st.integers(0, 365 * 1440), st.floats(0.01, 700))
def test_after_and_between_are_each_others_inverse(minutes, count):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    end = hours.after(BERLIN, start, count)
    assert end > start
    assert hours.between(BERLIN, start, end) == pytest.approx(count, abs=1e-3)


def test_a_holiday_of_every_market_is_no_workday():
    whit = date(2026, 5, 25)  # Whit Monday in Germany, not in the United Kingdom’s markets of that name
    assert not Workdays(BERLIN.zone, BERLIN.days, ("DE",)).has(whit)
    assert Workdays(BERLIN.zone, BERLIN.days, ("DE", "JP")).has(whit)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0.2, "less than an hour"),
        (1, "1 hour"),
        (5.4, "5 hours"),
        (24, "1 day"),
        (36, "1½ days"),
        (48, "2 days"),
    ],
)
def test_hours_are_said_as_people_say_them(count, words):
    assert hours.in_words(count) == words


def test_turnaround_is_the_median_and_the_range_of_enough_answers(w):
    for number, took in enumerate((2, 30, 6)):
        with clock.at(NOON + timedelta(minutes=number)):
            row = w.asked(what=f"Number {number}")
        with clock.at(NOON + timedelta(minutes=number, hours=took)):
            verbs.decline(row, by=w.author, reason="No.")
        found = usual.turnaround(w.workspace, "launch")
        assert found.n == number + 1
        assert (found.middle is None) == (number < 2)
    assert [round(one) for one in (found.middle, found.shortest, found.longest)] == [6, 2, 30]
    assert "Usually 6 hours to an answer: the quickest in 2 hours, the slowest in 1 day" in found.words
    assert usual.turnaround(w.workspace, "event").n == 0
    assert "Only 2 requests of this kind have been answered" in usual.Turnaround(2).words


def test_room_counts_the_slots_that_are_still_free(w, django_assert_max_num_queries):
    make_slot(w.lead, channel=w.channel, weekday=1, wall="11:00")
    make_slot(w.lead, channel=w.channel, weekday=0, wall="09:00")  # today, and over
    assert WeeklySlot.objects.count() == 2
    post = publishing.draft(w.author, brand=w.workspace.brands.get(), text="Soup.", channels=[w.channel])
    publishing.schedule(post, by=w.author, when=at(2026, 3, 17, 11).replace(tzinfo=None))
    with django_assert_max_num_queries(6):
        this, following, later = usual.room(w.workspace, 3)
    assert (this.slots, this.free, this.planned) == (1, 1, 0)
    assert (following.slots, following.free, following.planned) == (2, 1, 1)
    assert (later.slots, later.free) == (2, 2)
    assert following.words == "1 of 2 slots free, 1 post planned"
    assert later.name == "23 to 29 Mar"


def test_a_slot_on_a_day_that_is_closed_is_not_free(w):
    make_slot(w.lead, channel=w.channel, weekday=1, wall="11:00")
    make_slot(w.lead, channel=w.channel, weekday=3, wall="11:00")
    when = {"begins": datetime(2026, 3, 17), "ends": datetime(2026, 3, 18)}  # noqa: DTZ001
    spans.mark_span(w.lead, kind="blackout", title="Works council", blocks=True, **when)
    this, following = usual.room(w.workspace, 2)
    assert (this.slots, this.free) == (2, 2)
    assert (following.slots, following.free) == (2, 1)


def test_reach_is_a_range_from_three_posts_on_and_else_a_count(w):
    for number in range(3):
        row = w.accepted(what=f"Number {number} {number * 991}")
        delivery = w.out(row.posts.get().post, NOON + timedelta(hours=20 + number))
        assert usual.reach(w.workspace, "launch").spans == []
        taken(delivery, 24, replies=number + 2)
    said = usual.reach(w.workspace, "launch")
    assert said.words == "2 to 4 replies on Sandbox after a day (3 posts)."
    assert usual.reach(w.workspace, "event").words.startswith("Unknown: no post")


def test_a_lead_sets_how_soon_each_kind_is_answered(w):
    client, address = world.browser(w.lead), world.at(w.lead, "requests/times/")
    assert client.post(address, {"kind": "launch", "hours": "24"}).status_code == 302
    assert w.asked().due_at == NOON + timedelta(hours=24)
    assert w.asked(kind="event").due_at == NOON + timedelta(hours=48)
    for wrong in ("0", "721", "soon", ""):
        answer = client.post(address, {"kind": "launch", "hours": wrong})
        assert answer.status_code == 422
    assert client.post(address, {"kind": "weather", "hours": "3"}).status_code == 404
    assert "How soon we answer" in client.get(address).content.decode()
    with pytest.raises(Invalid):
        verbs.set_answer_time(w.lead, kind="launch", hours_=0)
    assert world.browser(w.author).get(world.at(w.author, "requests/times/")).status_code == 403
