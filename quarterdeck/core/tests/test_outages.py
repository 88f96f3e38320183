"""When the machine was off or asleep: told from the heartbeat, and never from a busy moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.core import clock, outages
from quarterdeck.core.models import Outage

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def beat(heart: outages.Heart, after: float, ticks: float) -> Outage | None:
    """A beat `after` seconds of wall clock since START, when the monotonic clock shows `ticks`."""
    with clock.at(START + timedelta(seconds=after)):
        return heart.beat(ticks)


def test_the_very_first_beat_and_steady_beats_are_no_outage():
    heart = outages.Heart()
    assert [beat(heart, second, second) for second in (0, 5, 10, 99)] == [None] * 4
    assert outages.last_beat() == START + timedelta(seconds=99)
    assert not Outage.objects.exists()


def test_a_gap_before_a_start_is_down():
    beat(outages.Heart(), 0, 0)
    found = beat(outages.Heart(), 91, 7)
    assert (found.kind, found.started_at, found.ended_at) == ("down", START, START + timedelta(seconds=91))


def test_ninety_seconds_are_not_yet_an_outage():
    beat(outages.Heart(), 0, 0)
    assert beat(outages.Heart(), 90, 0) is None


def test_a_wall_clock_that_ran_while_ours_stood_still_means_asleep():
    heart = outages.Heart()
    beat(heart, 0, 100)
    found = beat(heart, 3600, 103)
    assert found.kind == "slept"


def test_a_worker_that_lived_but_could_not_write_means_down():
    heart = outages.Heart()
    beat(heart, 0, 0)
    assert beat(heart, 600, 600).kind == "down"


def test_a_clock_set_back_is_no_outage_and_the_beat_follows_it():
    heart = outages.Heart()
    beat(heart, 0, 0)
    assert beat(heart, -7200, 5) is None
    assert beat(heart, -7195, 10) is None
    assert not Outage.objects.exists()


def test_of_two_workers_one_stopped_is_no_outage_and_one_gap_is_told_once():
    one, other = outages.Heart(), outages.Heart()
    beat(one, 0, 0)
    beat(other, 60, 60)
    beat(other, 120, 120)
    assert beat(one, 125, 125) is None, "the other kept the watch"
    assert beat(one, 4000, 130).kind == "slept"
    assert beat(other, 4001, 131) is None
    assert Outage.objects.count() == 1


def test_recent_ones_come_newest_first_with_their_length():
    for hours in (30, 3, 1):
        end = START - timedelta(hours=hours)
        Outage.objects.create(started_at=end - timedelta(minutes=20), ended_at=end, kind="down")
    found = outages.recent(START - timedelta(hours=24))
    assert [outage.ended_at for outage in found] == [START - timedelta(hours=1), START - timedelta(hours=3)]
    assert outages.total(found) == timedelta(minutes=40)
