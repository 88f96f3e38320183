"""What a pace bar says: words first, and never that what nobody has measured is late."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.strategy.pace import amount, pace

BEGINS, ENDS = date(2026, 1, 1), date(2026, 4, 11)  # a hundred days


def told(value=None, as_of=None, *, today=date(2026, 2, 10), start=0, target=100, **more):
    return pace(
        start=Decimal(start),
        target=Decimal(target),
        begins=BEGINS,
        ends=ENDS,
        today=today,
        value=None if value is None else Decimal(str(value)),
        as_of=as_of or (today if value is not None else None),
        **more,
    )


def test_a_value_is_compared_with_an_even_pace_on_its_own_day():
    behind = told(20, date(2026, 1, 31), unit="bookings")  # the 30th day of a hundred
    assert "On 31 January it stood at 20 bookings: 20 % of the way." in behind.words
    assert "at 30 that day; it is about 10 days behind that." in behind.words
    assert behind.tone == "amber"
    assert (behind.way_percent, behind.gone_percent) == (20, 40)
    assert "old" not in behind.words
    assert "That value is 20 days old." in told(20, date(2026, 1, 21)).words


@pytest.mark.parametrize(
    ("value", "words", "tone"),
    [
        (40, "which is about the same", "accent"),
        (42, "which is about the same", "accent"),
        (55, "about 15 days ahead", "accent"),
        (0, "where it began", "amber"),
        (-5, "further from the target than it began", "amber"),
        (100, "Reached. On 10 February it stood at 100, 60 days before the last day", "accent"),
        (130, "Reached.", "accent"),
    ],
)
def test_the_words_say_where_it_stands(value, words, tone):
    said = told(value)
    assert words in said.words
    assert said.tone == tone


def test_a_target_below_the_start_is_a_way_down():
    said = told(8, start=10, target=5, unit="h")
    assert "it stood at 8 h: 40 % of the way" in said.words
    assert "about the same" in said.words
    assert "Reached" in told(5, start=10, target=5).words


def test_what_has_no_value_or_is_over_says_so():
    assert told(today=date(2025, 12, 1)).words == "It begins on 1 January; nothing is expected yet."
    assert told().words == (
        "No value is noted yet. 40 of 100 days are gone; an even pace would be at 40 today."
    )
    assert told(today=date(2026, 5, 1)).words == "It ended on 11 April, and no value was ever noted."
    over = told(80, date(2026, 4, 11), today=date(2026, 5, 1))
    assert (
        over.words
        == "Not reached. It ended on 11 April. On 11 April it stood at 80: 80 % of the way from 0 to 100."
    )
    assert told().tone == ""


def test_numbers_are_written_as_people_write_them():
    assert amount(Decimal("1300.0000"), "followers") == "1,300 followers"
    assert amount(Decimal("2.5000"), "%") == "2.5 %"
    assert amount(Decimal("-0.0100"), "") == "-0.01"


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@given(
    start=NUMBERS,
    target=NUMBERS,
    value=st.none() | NUMBERS,
    length=st.integers(1, 1830),
    noted=st.integers(0, 1830),
    today=st.integers(-100, 2000),
)
def test_a_bar_never_leaves_its_frame(start, target, value, length, noted, today):
    if start == target:
        return
    said = pace(
        start=start,
        target=target,
        begins=BEGINS,
        ends=BEGINS + timedelta(days=length),
        today=BEGINS + timedelta(days=today),
        value=value,
        as_of=None if value is None else BEGINS + timedelta(days=noted),
    )
    assert 0 <= said.way <= 1
    assert 0 <= said.gone <= 1
    assert said.words.endswith(".")
