"""Record keys: their form, their order, the time in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.channels.bluesky import keys

_SPAN = [datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2020, 2100)]
MOMENTS = st.datetimes(*_SPAN, timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 200))
def test_a_key_has_the_form_and_holds_its_slot(due_at, position):
    key = keys.new(due_at, position)
    assert keys.is_key(key)
    offset = keys.time(key) - due_at.replace(microsecond=0)
    assert timedelta(0) <= offset < timedelta(seconds=1 + position / 25)


@given(MOMENTS, st.integers(0, 200))
def test_a_later_part_sorts_behind_an_earlier_one(due_at, position):
    assert keys.new(due_at, position) < keys.new(due_at, position + 1)


def test_keys_of_one_slot_are_not_alike():
    due_at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert len({keys.new(due_at, 0) for _ in range(1000)}) == 1000


def test_what_is_no_key_has_no_time():
    for text in ("", "self", "3k2a1aaaaaaa", "3abcdefghijk1", "zabcdefghijkl", "3ABCDEFGHIJKL"):
        assert keys.time(text) is None


def test_the_first_moment_is_all_twos():
    assert keys.time("2222222222222") == datetime(1970, 1, 1, tzinfo=UTC)
    assert keys.time("3jzfcijpj2z2a").year == 2023
