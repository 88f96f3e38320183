"""The text engine as a whole: its example, its refusals, what holds for any text, and its data."""

from __future__ import annotations

import doctest

import pytest
import regex
import unicodedata2
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.engines import _text_build, _text_urls, text
from quarterdeck.engines.tests._text_pieces import texts
from quarterdeck.engines.text import NETWORKS, count, entities, facets

networks = st.sampled_from(NETWORKS)


def test_the_example_in_the_docstring_runs():
    result = doctest.testmod(text)
    assert result.attempted >= 6
    assert result.failed == 0


def test_the_networks_are_these():
    assert {"x", "bluesky", "mastodon", "sandbox", "threads", "linkedin", "instagram"} <= set(NETWORKS)
    assert {"facebook", "tiktok", "youtube", "pinterest"} <= set(NETWORKS)


CALLS = [
    *(lambda t, n=n: count(t, n) for n in NETWORKS),
    *(lambda t, n=n: entities(t, n) for n in NETWORKS),
    facets,
]


def test_half_a_character_is_refused_with_its_place():
    for call in CALLS:
        for lone, at in (("\ud83d", 0), ("🍲\ude00", 1), ("ab\ud83d c", 2), ("\ude00\ud83d", 0)):
            with pytest.raises(text.LoneSurrogate) as refused:
                call(lone)
            assert refused.value.at == at
            assert str(refused.value) == f"The text holds half a character (a lone surrogate) at index {at}."


@pytest.mark.parametrize("bad", [None, b"bytes", 3, ["a"]])
def test_what_is_not_text_is_refused(bad):
    for call in CALLS:
        with pytest.raises(text.BadText, match="A text is a str, not"):
            call(bad)


@pytest.mark.parametrize("unknown", ["friendster", "X", "", None, ["x"]])
def test_an_unknown_network_is_refused(unknown):
    for call in (lambda: count("a", unknown), lambda: entities("a", unknown)):
        with pytest.raises(ValueError, match="There are no text rules for") as refused:
            call()
        assert "there are for x, bluesky, mastodon" in str(refused.value)


@pytest.mark.parametrize("bad", [-1, 2.5, "280", True])
def test_a_limit_that_is_none_is_refused(bad):
    with pytest.raises(text.BadLimit, match="A limit is a whole number, zero or more, not"):
        count("a", "x", limit=bad)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_limit_that_is_given_replaces_the_usual_one(network):
    usual = count("a", network).limit
    assert count("a" * (usual + 1), network, limit=usual + 1)[1:] == (usual + 1, True, ())
    assert not count("ab", network, limit=1).valid
    assert count("a", network, limit=0).length == 1


@given(texts, networks)
def test_entities_are_pieces_of_the_text_in_order(given_text, network):
    at = 0
    for kind, start, end, piece in entities(given_text, network):
        assert kind in {"url", "mention", "hashtag", "cashtag", "list"}
        assert at <= start < end
        assert given_text[start:end] == piece
        at = end


@given(texts)
def test_facets_are_the_entities_by_bytes(given_text):
    raw, said = given_text.encode(), facets(given_text)
    assert [raw[f.start : f.end].decode() for f in said] == [e.text for e in entities(given_text, "bluesky")]
    for kind, start, end, value in said:
        piece = raw[start:end].decode()
        there = {
            "link": {piece, "https://" + piece},
            "mention": {piece[1:]},
            "tag": {piece[1:], piece.upper()},
        }
        assert value in there[kind]


@given(texts)
def test_units_hold_together(given_text):
    length = {n: count(given_text, n).length for n in NETWORKS}
    assert length["bluesky"] == len(regex.findall(r"\X", given_text))
    assert length["bluesky"] <= length["sandbox"] <= length["tiktok"] <= length["youtube"]
    assert length["sandbox"] <= length["threads"] <= length["youtube"]
    composed = unicodedata2.normalize("NFC", given_text)
    assert length["x"] == count(composed, "x").length
    if "." not in given_text:
        assert length["x"] <= 2 * len(composed)


@given(texts, texts)
def test_lengths_add_up_across_a_line(one, other):
    """A line's end closes whatever was open: addresses, names, tags, emoji, clusters and compositions."""
    for network in NETWORKS:
        both = count(f"{one}\n\n{other}", network).length
        # only what looks at the very start of a text may differ there: let the second text not be one
        assert both == count(one + "\n", network).length + count("\n" + other, network).length, network


@given(texts, networks, st.none() | st.integers(0, 400))
def test_valid_is_said_exactly_when_there_is_no_reason(given_text, network, limit):
    said = count(given_text, network, limit)
    assert said.valid == (said.reasons == ())
    assert limit in (None, said.limit)
    assert all(reason[0].isupper() and reason.endswith(".") for reason in said.reasons)
    if said.length > said.limit:
        assert f"The text is {said.length - said.limit:,} " in said.reasons[0]


HURTING = [
    "a.",
    "a_.",
    "中.com",
    "http://",
    "/(a",
    "-.",
    "😀\u200d",
    "#1",
    "@a-",
    ".公司",
    "、a.b",
    "(@a.",
    "$A ",
    "a@a",
]


@pytest.mark.parametrize("piece", HURTING)
def test_a_text_made_to_hurt_the_grammars_is_still_read(piece):
    """The published expressions backtrack here; ours must end (the run's own time limit stands behind this)."""
    long = piece * (20_000 // len(piece))
    assert count(long, "x").valid is False
    for network in ("x", "bluesky", "mastodon", "threads"):
        count(long, network)
        assert all(long[e.start : e.end] == e.text for e in entities(long, network))


def test_the_data_is_this_years_and_says_where_it_is_from():
    plain, written = _text_urls.top_level()
    assert len(plain) > 1_200
    assert {"com", "zip", "onion", "uk"} <= plain
    assert sum(map(len, written.values())) > 140
    assert "中国" in written["中"]
    for name in ("tlds.txt", "emoji.txt"):
        heading = "".join((_text_build.DATA / name).read_text(encoding="utf-8").splitlines()[:3])
        assert "licence" in heading
        assert regex.search(r" on 20\d\d-\d\d-\d\d\.", heading)


def test_the_browser_has_the_same_top_level_domains():
    lines = (_text_build.DATA / "tlds.txt").read_text(encoding="utf-8").splitlines()
    names = [n for n in lines if not n.startswith("# ")]
    script = _text_build.SCRIPT.read_text(encoding="utf-8")
    assert f"const TLDS = `{' '.join(n for n in names if n.isascii())}`;" in script
    assert f"const WRITTEN_TLDS = `{' '.join(n for n in names if not n.isascii())}`;" in script
