"""Quiet hours across midnight and across the nights on which clocks jump."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.crew.quiet import is_quiet, quiet_ends

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "start", "end", "ends"),
    [
        ("2026-06-01T12:00", "21:00", "07:30", "2026-06-01T12:00"),  # by day: at once
        ("2026-06-01T21:00", "21:00", "07:30", "2026-06-02T07:30"),  # the first quiet minute
        ("2026-06-01T20:59", "21:00", "07:30", "2026-06-01T20:59"),
        ("2026-06-02T07:30", "21:00", "07:30", "2026-06-02T07:30"),  # the first loud minute
        ("2026-06-02T03:00", "21:00", "07:30", "2026-06-02T07:30"),
        ("2026-06-02T13:10", "13:00", "14:00", "2026-06-02T14:00"),  # a siesta
        ("2026-06-02T13:10", "13:00", "13:00", "2026-06-02T13:10"),  # equal ends: never quiet
    ],
)
def test_quiet_hours_end_when_the_wall_clock_says(now, start, end, ends):
    found = quiet_ends(at(now, "Europe/Berlin"), BERLIN, time.fromisoformat(start), time.fromisoformat(end))
    assert found == at(ends, "Europe/Berlin")


def test_the_night_the_clocks_go_forward_is_an_hour_shorter():
    found = quiet_ends(at("2026-03-28T21:00", "Europe/Berlin"), BERLIN, time(21), time(7, 30))
    assert found == datetime(2026, 3, 29, 5, 30, tzinfo=UTC)
    assert found - at("2026-03-28T21:00", "Europe/Berlin").astimezone(UTC) == timedelta(hours=9, minutes=30)


def test_an_end_that_does_not_exist_is_the_moment_of_the_jump():
    found = quiet_ends(at("2026-03-29T01:00", "Europe/Berlin"), BERLIN, time(0), time(2, 30))
    assert found == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 02:00 becomes 03:00


def test_an_end_that_exists_twice_is_the_first_then_the_hour_is_quiet_again():
    night = at("2026-10-25T01:00", "Europe/Berlin")
    first = quiet_ends(night, BERLIN, time(0), time(2, 30))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert quiet_ends(again, BERLIN, time(0), time(2, 30)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"]


@settings(max_examples=150, deadline=None)
@given(
    now=st.integers(0, 2 * 366 * 86_400).map(
        lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
    ),
    zone=st.sampled_from(ZONES),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_the_end_is_loud_and_nothing_before_it_is(now, zone, start, end):
    where = ZoneInfo(zone)
    found = quiet_ends(now, where, start, end)
    assert found >= now
    assert found - now <= timedelta(hours=26)
    assert not is_quiet(found, where, start, end)
    if found > now:
        assert is_quiet(now, where, start, end)
        assert is_quiet(found - timedelta(seconds=1), where, start, end)
