from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.core import clock

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_the_clock_moves_only_within_its_block():
    with clock.at(NOON):
        assert clock.now() == NOON
        with clock.later(timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON
    assert clock.moved() is None


def test_a_process_that_serves_people_cannot_move_its_clock(monkeypatch):
    monkeypatch.delenv("QUARTERDECK_CLOCK")
    with pytest.raises(clock.ClockIsReal), clock.at(NOON):
        pass


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="timezone-aware"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
