"""What a small edit is, held against a distance computed the long way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.publishing.small_edits import MOST, heavy, is_small, within


def part(text: str, *images: dict) -> dict:
    return {"text": text, "images": list(images)}


def long_way(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, c in enumerate(a, 1):
        following = [i]
        for j, d in enumerate(b, 1):
            following.append(min(row[j - 1] + (c != d), row[j] + 1, following[-1] + 1))
        row = following
    return row[-1]


WORDS = st.text("ab cdé.", max_size=30)


@given(WORDS, WORDS, st.integers(0, 12))
def test_the_distance_is_levenshteins(a, b, most):
    distance = long_way(a, b)
    assert within(a, b, most) == (distance if distance <= most else None)


ANY = st.text("ab A1@#.:/é'- \n🍜€", max_size=40)


@given(ANY, ANY)
def test_what_is_small_is_near_and_touches_nothing_heavy(a, b):
    small = is_small([part(a)], [part(b)])
    assert small == is_small([part(b)], [part(a)])
    if small:
        assert long_way(a, b) <= MOST
        assert heavy(a) == heavy(b)
        for sign in "1@#🍜€A":
            assert a.count(sign) == b.count(sign)


@given(ANY)
def test_nothing_changed_is_small(a):
    assert is_small([part(a)], [part(a)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It costs 10 euros.", "It costs 11 euros."),
        ("It costs 10 euros.", "It costs 1 0 euros."),
        ("ask Bea about soup", "ask Ben about soup"),
        ("ask bea about soup", "ask Bea about soup"),
        ("see soup.example now", "see soop.example now"),
        ("by @bea here", "by @ben here"),
        ("eat #soup here", "eat #soop here"),
        ("eat soup here", "eat soup 🍜 here"),
        ("it is 5", "it is - 5"),
        ("a soup that is really very good", "a soup"),
    ],
)
def test_not_small(before, after):
    assert not is_small([part(before)], [part(after)])


@pytest.mark.parametrize(
    ("before", "after"),
    [("eat soop here", "eat soup here"), ("eat soup, here.", "eat soup here!"), ("we don't", "we do not")],
)
def test_small(before, after):
    assert is_small([part(before)], [part(after)])


def test_pictures_descriptions_parts_and_claims_are_not_touched():
    image = {"sha256": "a", "alt": "A bowl"}
    assert not is_small([part("x", image)], [part("x", image | {"alt": "A bowl."})])
    assert not is_small([part("x", image)], [part("x")])
    assert not is_small([part("x")], [part("x"), part("y")])
    assert not is_small([part("it is proven")], [part("it is proved")], ["proven"])
    assert not is_small([part("it is proved")], [part("it is proven")], ["proven"])
    assert is_small([part("soop is proven")], [part("soup is proven")], ["proven"])


def test_ten_characters_over_all_parts_together():
    before = [part("aaaaaa bbbbbb"), part("cccccc dddddd")]
    assert is_small(before, [part("aaaaaa xxxxxb"), part("cccccc xxxxxd")])
    assert not is_small(before, [part("aaaaaa xxxxxx"), part("cccccc xxxxxd")])
