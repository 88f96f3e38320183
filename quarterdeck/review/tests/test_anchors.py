"""Words are found again after edits, or are said to be gone."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.review import anchors
from quarterdeck.review.anchors import Place


def kept(text: str, quote: str, nth: int = 0) -> dict:
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    before, after = anchors.around(text, start, start + len(quote))
    return {"quote": quote, "start": start, "before": before, "after": after}


def test_found_where_it_was():
    text = "Nettle soup on Tuesday."
    assert anchors.find([text], **kept(text, "soup")) == Place(0, 7, 11)


def test_found_after_words_before_it_changed():
    assert anchors.find(["Very good nettle soup"], **kept("Nettle soup", "soup")) == Place(0, 17, 21)


def test_of_several_the_one_with_the_same_surroundings():
    text = "soup of nettles, soup of leeks"
    second = kept(text, "soup", 1)
    assert anchors.find(["New: " + text], **second) == Place(0, 22, 26)
    assert anchors.find(["soup of leeks"], **second) == Place(0, 0, 4)


def test_the_surroundings_weigh_more_than_the_place():
    second = kept("soup of nettles, soup of leeks", "soup", 1)
    now = "Today we also have: soup of nettles, soup of leeks"
    assert anchors.find([now], **second) == Place(0, 37, 41)  # though the other stands where it was, nearly


def test_found_in_another_part_when_the_parts_were_moved():
    assert anchors.find(["Bread.", "Nettle soup"], part=0, **kept("Nettle soup", "soup")) == Place(1, 7, 11)


def test_gone():
    assert anchors.find(["Nettle stew"], **kept("Nettle soup", "soup")) is None
    assert anchors.find(["Nettle stew"], quote="") is None


@given(st.text("ab ", min_size=1, max_size=30), st.data())
def test_in_the_same_text_it_is_always_the_same_place(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    before, after = anchors.around(text, start, end)
    known = {"quote": text[start:end], "start": start, "before": before, "after": after}
    assert anchors.find([text], **known) == Place(0, start, end)


# --- other scripts, and characters of several code points ----------------------------------------------

CHEF = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{COOKING}"
YOUNG = "\U0001faea"  # distorted face, Unicode 17.0
ARABIC = "مرق القراص يوم الثلاثاء"
HEBREW = "מרק סרפדים ביום שלישי"


@pytest.mark.parametrize(
    ("text", "quote", "now"),
    [
        (ARABIC, "القراص", f"جديد: {ARABIC}"),
        (HEBREW, "שלישי", HEBREW.replace("מרק", "תבשיל")),
        (f"Soup {YOUNG} on Tuesday", YOUNG, f"Hot soup {YOUNG} on Tuesday"),
        (f"{CHEF} cooks", CHEF, f"Our {CHEF} cooks"),
        (f"{ARABIC} {YOUNG} soup", f"{YOUNG} soup", f"{YOUNG}{ARABIC} {YOUNG} soup"),
        ("Cafe\u0301 soup", "soup", "The cafe\u0301 soup"),
    ],
)
def test_words_of_any_script_survive_edits(text, quote, now):
    place = anchors.find([now], **kept(text, quote))
    assert now[place.start : place.end] == quote
    before, after = anchors.around(now, place.start, place.end)
    assert after == now[place.end :]
    assert before.endswith(" ") or not before


@pytest.mark.parametrize(
    ("text", "quote", "now"),
    [
        ("\N{WOMAN} cooks", "\N{WOMAN}", f"{CHEF} cooks"),
        ("Cafe soup", "Cafe", "Cafe\u0301 soup"),
        ("🇩🇪🇮🇹 soup", "🇮🇹", "🇩🇪🇮🇹".replace("🇩🇪", "🇩") + " soup"),
        ("\N{WAVING HAND SIGN} all", "\N{WAVING HAND SIGN}", "\N{WAVING HAND SIGN}\U0001f3ff all"),
    ],
    ids=["another person", "another letter", "other flags", "another colour"],
)
def test_half_a_character_is_not_the_words(text, quote, now):
    assert anchors.find([text], **kept(text, quote))
    assert anchors.find([now], **kept(text, quote)) is None


@given(st.text("ab \N{COOKING}\N{ZERO WIDTH JOINER}\u0301אب", min_size=1, max_size=12), st.data())
def test_whole_characters_are_found_where_they_were(text, data):
    edges = [match.start() for match in regex.finditer(r"\X", text)] + [len(text)]
    start = data.draw(st.sampled_from(edges[:-1]))
    end = data.draw(st.sampled_from([edge for edge in edges if edge > start]))
    before, after = anchors.around(text, start, end)
    known = {"quote": text[start:end], "start": start, "before": before, "after": after}
    assert anchors.find([text], **known) == Place(0, start, end)
