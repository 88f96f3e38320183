"""The detectors against a slow reference that looks at every pair, and the edges of each rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.consent.conflicts import closed, crowding, every, messages, overuse, room
from quarterdeck.consent.conflicts.shapes import (
    POST,
    Asked,
    Closed,
    Contradiction,
    Planned,
    Room,
    Use,
    crowds,
)

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
BRANDS = [UUID(int=900 + n) for n in range(2)]
CHANNELS = [UUID(int=800 + n) for n in range(3)]
LABELS = [UUID(int=700 + n) for n in range(3)]


def post(number: int, hours: float = 0, **given) -> Planned:
    given = {"brand": BRANDS[0], "channels": frozenset(CHANNELS[:1])} | given
    return Planned(UUID(int=number + 1), MONDAY + timedelta(hours=hours), **given)


@st.composite
def plans(draw) -> list[Planned]:
    some = lambda choices: st.frozensets(st.sampled_from(choices), max_size=2)  # noqa: E731
    rows = [
        Planned(
            UUID(int=draw(st.integers(1, 12))),
            MONDAY + timedelta(minutes=draw(st.integers(0, 300)) * 10),
            draw(st.sampled_from(BRANDS)),
            draw(some(CHANNELS)),
            labels=draw(some(LABELS)),
            audiences=draw(some(["families", "students"])),
        )
        for _ in range(draw(st.integers(0, 14)))
    ]
    return sorted(rows, key=lambda one: one.at)


def pairs_of(findings) -> set[frozenset[UUID]]:
    """Every pair of posts that stands in one finding."""
    return {
        frozenset(pair)
        for one in findings
        for pair in combinations([pk for about, pk in one.sides if about == POST], 2)
    }


def slow(rows, share, within) -> set[frozenset[UUID]]:
    return {
        frozenset({a.post, b.post})
        for a, b in combinations(rows, 2)
        if a.post != b.post and share(a, b) and abs(a.at - b.at) < within
    }


@given(plans(), st.integers(1, 240))
def test_who_collides_on_a_channel_is_who_the_slow_look_at_every_pair_finds(rows, minutes):
    near = timedelta(minutes=minutes)
    found = crowding.same_slot(rows, near)
    assert pairs_of(found) >= slow(rows, lambda a, b: a.channels & b.channels, near)
    assert len({one.key for one in found}) == len(found)
    for one in found:  # all of a finding come within the minutes of each other
        mine = [row for row in rows if row.post in {pk for _, pk in one.sides}]
        shared = [UUID(name) for name in one.facts["channels"]]
        on = [row for row in mine if any(channel in row.channels for channel in shared)]
        assert on
        assert one.at >= rows[0].at


@given(plans(), st.integers(1, 48))
def test_who_reaches_one_audience_is_who_the_slow_look_finds(rows, hours):
    found = crowding.same_audience(rows, hours)
    wanted = slow(rows, lambda a, b: a.brand == b.brand and a.audiences & b.audiences, timedelta(hours=hours))
    assert pairs_of(found) == wanted


@given(st.lists(st.integers(0, 60), max_size=30), st.integers(1, 10))
def test_crowds_are_the_largest_sets_and_hold_every_close_pair(times, within):
    times = sorted(times)
    found = [tuple(one) for one in crowds(times, lambda one: one, within)]
    assert all(one[-1] - one[0] < within and len(one) > 1 for one in found)
    spans = [(one[0], one[-1]) for one in found]
    for a, b in combinations(times, 2):
        if b - a < within:
            assert any(low <= a and b <= high for low, high in spans)
    assert len(found) <= len(times)


@given(plans())
def test_contradictions_are_those_the_slow_look_finds(rows):
    rule = Contradiction(UUID(int=1), LABELS[0], LABELS[1], days=1)
    found = messages.contradicting(rows, [rule])
    wanted = {
        frozenset({a.post, b.post})
        for a in rows
        for b in rows
        if a.brand == b.brand
        and LABELS[0] in a.labels
        and LABELS[1] in b.labels
        and abs(a.at - b.at) <= timedelta(days=1)
    }
    assert {frozenset(pk for _, pk in one.sides) for one in found} == wanted


@given(plans(), st.integers(0, 40), st.integers(1, 30), st.booleans())
def test_what_lies_inside_a_closed_date_is_found(rows, begins, length, embargo):
    ends = MONDAY + timedelta(hours=begins + length)
    span = Closed(
        UUID(int=5), ends, None if embargo else MONDAY + timedelta(hours=begins), "brand", BRANDS[0]
    )
    inside = {
        one.post
        for one in rows
        if one.brand == BRANDS[0] and one.at < ends and (embargo or one.at >= span.begins)
    }
    assert {one.sides[0][1] for one in closed.inside(rows, [span])} == inside


def test_three_that_want_one_slot_are_one_conflict_of_three():
    rows = [post(0), post(1, 0.25), post(2, 0.4)]
    [one] = crowding.same_slot(rows, timedelta(minutes=30))
    assert len(one.sides) == 3
    assert one.at == rows[2].at


def test_a_daily_post_is_not_one_endless_conflict():
    rows = [post(n, 20 * n, audiences=frozenset({"all"})) for n in range(30)]
    found = crowding.same_audience(rows, 24)
    assert len(found) == 29
    assert all(len(one.sides) == 2 for one in found)


def test_exactly_as_far_apart_as_the_rule_says_is_far_enough():
    rows = [post(0, audiences=frozenset({"a"})), post(1, 24, audiences=frozenset({"a"}))]
    assert crowding.same_audience(rows, 24) == []
    assert len(crowding.same_audience(rows, 25)) == 1


def test_versions_of_one_post_in_two_languages_do_not_compete():
    family = UUID(int=77)
    rows = [post(n, n, audiences=frozenset({"a"}), family=family) for n in range(2)]
    assert crowding.same_audience(rows, 24) == []


def test_a_key_stays_and_what_it_stands_on_changes_when_one_moves():
    before, after = ([post(0), post(1, at)] for at in (0.2, 0.3))
    near = timedelta(minutes=30)
    [one], [other] = crowding.same_slot(before, near), crowding.same_slot(after, near)
    assert one.key == other.key
    assert one.stands != other.stands


def test_a_request_that_can_only_be_done_inside_is_found_and_one_with_a_day_outside_is_not():
    span = Closed(UUID(int=5), MONDAY + timedelta(days=7))
    tight = Asked(UUID(int=8), MONDAY, MONDAY + timedelta(days=7))
    loose = Asked(UUID(int=9), MONDAY, MONDAY + timedelta(days=8))
    assert [one.sides[0][1] for one in closed.promised([tight, loose], [span])] == [tight.request]


def uses(count: int, planned: bool = True) -> list[Use]:
    return [Use(CHANNELS[0], UUID(int=n + 1), MONDAY.date(), MONDAY, planned) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "past", "rule", "found"),
    [
        (4, [2, 2, 2, 2], None, 0),
        (5, [2, 2, 2, 2], None, 1),
        (9, [2, 2, 2], None, 0),  # three weeks are no rhythm
        (3, [1, 1, 1, 1], None, 0),  # three are never too many
        (4, [1, 1, 1, 1], None, 1),
        (3, [9] * 8, 2, 1),
        (9, [2, 2, 2, 2], 9, 0),
    ],
)
def test_a_week_is_too_full_by_the_rule_or_by_twice_what_is_usual(count, past, rule, found):
    rows = uses(count)
    assert len(overuse.overused(rows, {CHANNELS[0]: past}, None, rule)) == found


def test_a_day_by_the_rule_and_nothing_once_nothing_can_move():
    [one] = overuse.overused(uses(3), {}, per_day=2)
    assert one.facts == {
        "stretch": "day",
        "first": "2026-03-09",
        "count": 3,
        "limit": 2,
        "rhythm": False,
    }
    assert overuse.overused(uses(3, planned=False), {}, per_day=2) == []


def test_a_week_without_room_and_the_check_that_did_not_run():
    full = Room(MONDAY.date(), MONDAY, capacity=10, used=12)
    [one] = room.too_full([full, Room(MONDAY.date(), MONDAY, 10, 10)], {MONDAY.date(): [UUID(int=1)]}, {})
    assert one.facts == {"monday": "2026-03-09", "capacity": 10, "used": 12}
    assert every.find(every.Plan()).not_run == ("room",)
    assert every.find(every.Plan(rooms=[full])).not_run == ()


def test_who_collides_on_a_channel_is_not_told_again_as_one_audience():
    rows = [post(n, n / 4, audiences=frozenset({"a"})) for n in range(2)]
    assert [one.kind for one in every.find(every.Plan(planned=rows)).findings] == ["slot"]
