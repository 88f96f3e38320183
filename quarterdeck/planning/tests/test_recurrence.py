"""Rules against dateutil's own reckoning, over both changes of the clock, for any rule a form can make."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.planning import recurrence

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Tehran",
    "America/Sao_Paulo",
    "UTC",
]

rules = st.builds(
    recurrence.rule,
    st.sampled_from(list(recurrence.FREQUENCIES)),
    every=st.integers(1, 5),
    days=st.lists(st.integers(0, 6), max_size=4),
    until=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)


@settings(max_examples=150, deadline=None)
@given(
    rule=rules,
    begins=st.datetimes(datetime(2025, 12, 1), datetime(2027, 12, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(second=0, microsecond=0)
    ),
    zone=st.sampled_from(ZONES),
    ahead=st.integers(0, 400),
)
def test_instants_are_those_of_dateutil_with_imaginary_times_resolved(rule, begins, zone, ahead):
    start = begins + timedelta(days=ahead)
    end = start + timedelta(days=60)
    ours = [recurrence.placed(wall, ZoneInfo(zone)) for wall in recurrence.walls(rule, begins, start, end)]
    place = tz.gettz(zone)
    theirs = []
    for wall in rrulestr(rule, dtstart=begins).between(start, end, inc=True):
        if wall < end and len(theirs) < recurrence.MOST:
            theirs.append(tz.resolve_imaginary(wall.replace(tzinfo=place)).astimezone(UTC))
    assert [one.at for one in ours] == theirs
    for one in ours:
        assert start <= one.wall < end


@pytest.mark.parametrize(
    ("begins", "utc"),
    [
        ("2026-03-22T09:00", ["08:00", "07:00", "07:00"]),  # the hour stays on the clock of Berlin
        ("2026-10-18T09:00", ["07:00", "08:00", "08:00"]),
        (
            "2026-03-22T02:30",
            ["01:30", "01:30", "00:30"],
        ),  # 29 March: 02:30 is not there, and is read as 03:30
        (
            "2026-10-18T02:30",
            ["00:30", "00:30", "01:30"],
        ),  # 25 October: it comes twice, and the first is meant
    ],
)
def test_a_weekly_post_keeps_its_hour_when_clocks_change(begins, utc):
    first = datetime.fromisoformat(begins)
    walls = recurrence.walls(recurrence.rule("weekly"), first, first, first + timedelta(days=21))
    berlin = ZoneInfo("Europe/Berlin")
    assert [f"{recurrence.placed(wall, berlin).at:%H:%M}" for wall in walls] == utc


def test_a_rule_is_said_in_words():
    rule = recurrence.rule("weekly", every=2, days=[3, 0], until=date(2026, 6, 30))
    assert rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20260630T235900"
    assert recurrence.words(rule) == "every 2 weeks on Monday and Thursday, until 30 June 2026"
    assert recurrence.words(recurrence.rule("monthly")) == "every month"
