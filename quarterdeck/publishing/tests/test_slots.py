"""Wall times become instants, and where clocks jump a person is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import slots

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "UTC",
]


def test_an_ordinary_time():
    slot = slots.resolve(datetime.fromisoformat("2026-03-09T11:30"), "Europe/Berlin")
    assert slot.due_at == datetime(2026, 3, 9, 10, 30, tzinfo=UTC)
    assert (slot.wall, slot.fold) == ("2026-03-09T11:30", 0)


def test_a_time_that_does_not_exist_is_refused_with_the_jump_in_words():
    with pytest.raises(Invalid) as refused:
        slots.resolve(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Berlin")
    assert "02:30 does not exist on Sunday, 29 March" in refused.value.title
    assert "from 02:00 to 03:00" in refused.value.title
    assert refused.value.next_step == "Choose a time before 02:00 or from 03:00 on."


def test_a_half_hour_jump_is_told_right():
    with pytest.raises(Invalid, match="from 02:00 to 02:30"):
        slots.resolve(datetime.fromisoformat("2026-10-04T02:10"), "Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("wall", "exists"), [("01:59", True), ("02:00", False), ("02:59", False), ("03:00", True)]
)
def test_the_edges_of_the_gap(wall, exists):
    moment = datetime.fromisoformat(f"2026-03-29T{wall}")
    if exists:
        assert slots.resolve(moment, "Europe/Berlin").fold == 0
    else:
        with pytest.raises(Invalid):
            slots.resolve(moment, "Europe/Berlin")


def test_a_time_that_comes_twice_must_be_chosen():
    twice = datetime.fromisoformat("2026-10-25T02:30")
    with pytest.raises(slots.ComesTwice):
        slots.resolve(twice, "Europe/Berlin")
    first, second = (slots.resolve(twice, "Europe/Berlin", fold) for fold in (0, 1))
    assert first.due_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.due_at - first.due_at == timedelta(hours=1)
    assert (first.fold, second.fold) == (0, 1)


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01T00:00"), datetime.fromisoformat("2035-01-01T00:00")),
    st.sampled_from(ZONES),
    st.sampled_from([0, 1]),
)
def test_what_is_stored_leads_back_to_the_same_instant(wall, zone, fold):
    try:
        slot = slots.resolve(wall, zone, fold)
    except Invalid:
        local = wall.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone))
        assert local.astimezone(UTC).astimezone(ZoneInfo(zone)) != local  # it is in a gap indeed
        return
    stored = datetime.fromisoformat(slot.wall).replace(tzinfo=ZoneInfo(zone), fold=slot.fold)
    assert stored.astimezone(UTC) == slot.due_at
    assert slot.due_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") == slot.wall


def test_a_past_time_and_a_very_late_one_are_refused():
    now = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    for wall in (datetime.fromisoformat("2026-03-09T11:58"), datetime.fromisoformat("2028-04-01T00:00")):
        with pytest.raises(Invalid):
            slots.must_be_ahead(slots.resolve(wall, "UTC"), now)


def test_next_time_steps_over_a_day_on_which_it_does_not_exist():
    now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert slots.next_same_time("2026-03-20T02:30", "Europe/Berlin", now).wall == "2026-03-30T02:30"
