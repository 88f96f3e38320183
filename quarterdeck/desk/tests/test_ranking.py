"""Never more than seven, nothing lost, the weightiest and soonest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.core.registries import AgendaItem
from quarterdeck.desk import ranking
from quarterdeck.desk.ranking import arrange, closing, opening

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("UTC")


def item(key: str, **fields) -> AgendaItem:
    fields = {"kind": "due", "title": key, "why": "", "url": "/", "since": NOW} | fields
    return AgendaItem(key=key, **fields)


moments = st.datetimes(
    datetime.fromisoformat("2026-03-01"), datetime.fromisoformat("2026-04-01"), timezones=st.just(UTC)
)
items = st.lists(
    st.builds(
        item,
        st.uuids().map(str),
        consequence=st.integers(0, 100),
        since=moments,
        due=st.none() | moments,
        can_wait_until=st.none() | moments,
        fold=st.sampled_from(["", "", "comments", "approvals"]),
    ),
    max_size=40,
    unique_by=lambda i: i.key,
)


@given(items, st.data())
def test_never_more_than_seven_and_nothing_lost(given_items, data):
    keys = [i.key for i in given_items]
    put_off = data.draw(st.dictionaries(st.sampled_from(keys), moments)) if keys else {}
    a = arrange(given_items, NOW, put_off)
    assert len(a.shown) <= 7
    assert not a.after or len(a.shown) == 7
    found = [k for line in a.shown + a.after for k in line.keys] + [w.item.key for w in a.waiting]
    assert sorted(found) == sorted(keys)
    assert all(w.until > NOW for w in a.waiting)


@given(items, st.randoms())
def test_the_order_given_does_not_matter(given_items, random):
    shuffled = list(given_items)
    random.shuffle(shuffled)
    assert arrange(given_items, NOW) == arrange(shuffled, NOW)


@given(items)
def test_what_is_shown_outranks_what_comes_after(given_items):
    a = arrange(given_items, NOW)
    ranks = [ranking._rank(line, NOW) for line in a.shown + a.after]
    assert ranks == sorted(ranks)


def test_consequence_first_then_time_then_age():
    old, soon = NOW - timedelta(days=2), NOW + timedelta(hours=1)
    a = arrange(
        [
            item("calm", consequence=10),
            item("new", consequence=50),
            item("old", consequence=50, since=old),
            item("soon", consequence=50, due=soon),
            item("wrong price", consequence=90),
        ],
        NOW,
    )
    assert [line.title for line in a.shown] == ["wrong price", "soon", "old", "new", "calm"]


def test_a_near_deadline_outranks_a_somewhat_weightier_matter():
    near = item("near", consequence=50, due=NOW + timedelta(minutes=20))
    assert arrange([item("weightier", consequence=60), near], NOW).shown[0].title == "near"


def test_items_of_one_kind_fold_into_one_line():
    def say(folded):
        return f"{len(folded)} comments, the oldest 3 h"

    comments = [item(f"c{n}", fold="comments", fold_title=say) for n in range(23)]
    a = arrange([*comments, item("other")], NOW)
    assert [line.title for line in a.shown] == ["23 comments, the oldest 3 h", "other"]


def test_what_was_put_off_comes_back_at_its_time():
    later = NOW + timedelta(hours=3)
    assert arrange([item("a")], NOW, {"a": later}).shown == []
    assert len(arrange([item("a")], later, {"a": later}).shown) == 1


@pytest.mark.parametrize(
    ("dues", "hour", "says"),
    [
        ([], 9, "Nothing needs you now."),
        ([None], 9, "One thing needs you."),
        ([11, 11, None, None, None, None], 9, "Six things need you. Two cannot wait until noon."),
        ([14, 20], 13, "Two things need you. One cannot wait until this evening."),
        ([11], 9, "One thing needs you. It cannot wait until noon."),
        ([11, 11], 9, "Two things need you. Neither can wait until noon."),
        ([22] * 3, 21, "Three things need you. None of them can wait until tomorrow."),
        ([None] * 13, 9, "13 things need you."),
    ],
)
def test_the_opening_sentence(dues, hour, says):
    now = NOW.replace(hour=hour)
    a = arrange([item(str(n), due=d and NOW.replace(hour=d)) for n, d in enumerate(dues)], now)
    assert opening(a, now, ZONE) == says


def test_notices_alone_need_nobody():
    a = arrange([item("n", kind="notice")], NOW)
    assert opening(a, NOW, ZONE) == "Nothing needs you now."


def test_the_last_line_is_honest():
    wednesday = NOW + timedelta(days=2)
    waiting = [item(f"w{n}", can_wait_until=wednesday) for n in range(12)]
    many = [item(f"m{n}") for n in range(10)]
    assert closing(arrange([], NOW), NOW, ZONE) == "That is all."
    assert closing(arrange(waiting, NOW), NOW, ZONE) == "And 12 that can wait until Wednesday."
    assert closing(arrange(many, NOW), NOW, ZONE) == "And 3 more after these."
    assert (
        closing(arrange(many + waiting, NOW), NOW, ZONE)
        == "And 3 more after these, and 12 that can wait until Wednesday."
    )


def test_days_are_named_where_the_person_is():
    late = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    assert ranking.day_name(late, NOW, ZONE) == "23:30"
    assert ranking.day_name(late, NOW, ZoneInfo("Europe/Berlin")) == "tomorrow"
    assert ranking.day_name(NOW + timedelta(days=9), NOW, ZONE) == "Wednesday, 18 March"
