"""What a server made of a text is always read back to that text, and never to another one."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from quarterdeck.channels.mastodon import fingerprint
from quarterdeck.channels.mastodon.tests.fake_render import DOMAIN, render

OWN = {DOMAIN, "127.0.0.1:1"}
MARKUPS = ("mastodon", "plain", "shortened")

_pieces = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.sampled_from(
        [
            "soup",
            "Suppe",
            "汤",
            "👩🏽‍🍳",
            "é",
            "e\u0301",
            "<p>",
            "</p>",
            "<b>",
            "&amp;",
            "&",
            "&lt;",
            "&copy",
            "&#65;",
            '"',
        ]
        + [
            "\n",
            "\n\n",
            "\n\n\n",
            "\r\n",
            " ",
            "  ",
            "\u00a0",
            "…",
            "...",
            ".",
            ",",
            "(",
            ")",
            "’",
            "@",
            "#",
            "://",
        ]
        + [
            "#soup",
            "#Suppe2",
            "##",
            "@ann",
            "@Ann",
            f"@ann@{DOMAIN}",
            "@bo@other.example",
            "@Bo@Other.Example",
        ]
        + ["@nobody", "@no@nowhere.example", "me@example.com", "a@b", "@@ann", "@ann@"]
        + ["https://example.com", "http://example.com/", "https://www.example.com/a/b?c=d&e=f#g"]
        + ["https://example.com/" + "very-long-" * 6, "https://example.com/" + "very-long-" * 6 + "x"]
        + [
            "https://example.com/@ann",
            "https://exämple.com/ü",
            "example.com/a",
            "https://a.b/c…",
            "https://a.b/c...",
        ]
    ),
)
_texts = st.lists(st.tuples(_pieces, st.sampled_from(["", " ", "\n"])), max_size=8).map(
    lambda found: "".join(a + b for a, b in found)
)


def of_rendered(text: str, markup: str) -> str:
    content, mentions = render(text, markup)
    return fingerprint.of_status({"content": content, "mentions": mentions}, OWN)


def seen(text: str) -> str:
    """What a reader sees of a text: its characters in normal form, white space as one; names in small letters, and
    those of this server without it (the same account, written in two ways)."""
    words = " ".join(unicodedata.normalize("NFC", text).split()).lower()
    return words.replace(f"@{DOMAIN}", "")


@given(_texts, st.sampled_from(MARKUPS))
@example("a\n\n\n\nb <p>&amp;</p>", "mastodon")
@example(f"@Ann@{DOMAIN} @ann @nobody", "mastodon")
@example("@Bo@Other.Example @cy@split.example", "plain")
def test_what_a_server_made_of_a_text_is_that_text(text, markup):
    assert of_rendered(text, markup) == fingerprint.of_text(text, OWN)


@given(_texts, _texts, st.sampled_from(MARKUPS))
def test_another_text_is_another_fingerprint(one, other, markup):
    assume(seen(one) != seen(other))
    assert of_rendered(one, markup) != fingerprint.of_text(other, OWN)


@given(_texts, st.data(), st.sampled_from(MARKUPS))
def test_a_text_with_one_character_changed_is_another_fingerprint(text, data, markup):
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["x", "7", ".", "/", "é", "@", ""]))
    other = text[:at] + put + text[at + 1 :]
    assume(seen(text) != seen(other))
    assert of_rendered(text, markup) != fingerprint.of_text(other, OWN)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/" + "a" * 40, "https://example.com/" + "a" * 41),
        ("https://example.com/" + "a" * 40 + "b", "https://example.com/" + "a" * 40 + "c"),
        ("http://example.com", "https://example.com"),
        ("https://www.example.com", "https://example.com"),
        ("@bo@other.example", "@bo@another.example"),
        ("@bo@other.example", "@bo"),
        ("#soup", "soup"),
        ("5 < 6", "5 > 6"),
        ("<b>bold</b>", "bold"),
        ("&amp;", "&"),
    ],
)
def test_texts_that_differ_little_stay_apart(markup, one, other):
    assert of_rendered(one, markup) == fingerprint.of_text(one, OWN)
    assert of_rendered(one, markup) != fingerprint.of_text(other, OWN)
    assert of_rendered(other, markup) != fingerprint.of_text(one, OWN)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One</p><p>Two<br>Three<br/>Four</p>", "One\n\nTwo\nThree\nFour"),
        ("<ul><li>a</li><li>b</li></ul><blockquote>c</blockquote>", "a\nb\n\nc"),
        (
            '<a href="https://a.b/c">\n <span class="invisible">https://</span>\n <span>a.b/c</span></a>',
            "https://a.b/c",
        ),
        ('<a href="https://a.b/c">the menu</a>', "the menu"),
        ('<a href="https://[bad" class="u-url mention">@ann</a>', "@ann"),
        ('<a href="https://x.example/@ann" class="u-url mention">@<span>ann</span></a>', "@ann@x.example"),
        ("<a>unfinished <b>business", "unfinished business"),
        ("", ""),
        (None, ""),
        (["no", "text"], ""),
    ],
)
def test_read_as_a_person_would(content, text):
    assert fingerprint.plain(content, (), OWN) == text


@pytest.mark.parametrize("mentions", [None, "x", [None, 7, {"url": 1, "acct": []}, {}]])
def test_mentions_that_make_no_sense_are_left_out(mentions):
    assert fingerprint.plain("<p>a</p>", mentions) == "a"


@given(st.text(max_size=80))
def test_any_answer_can_be_read(content):
    fingerprint.of_status({"content": content}, OWN)
    fingerprint.of_status({"content": f"<a href={content}>{html.escape(content)}<p"}, OWN)


def test_a_changed_text_still_resembles_and_a_different_one_does_not():
    shape = fingerprint.shape
    assert fingerprint.alike(shape("Soup of the day: leek"), shape("Soup of the day: leek and potato"))
    assert fingerprint.alike(shape("今日のスープはネギです"), shape("今日のスープはネギとジャガイモ"))
    assert fingerprint.alike(shape("👍"), shape("🎉"))
    assert not fingerprint.alike(shape("Soup of the day: leek"), shape("We are closed on Monday"))
    assert not fingerprint.alike(shape("👍"), shape("We are closed on Monday"))
