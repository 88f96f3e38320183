"""X by the rules of its published specification: each rule is stated in a test's name, its cases made from the rule."""

from __future__ import annotations

import pytest

from quarterdeck.engines import _text_emoji as emoji
from quarterdeck.engines.tests._text_pieces import ALNUM, DIRECTIONS, PRINTABLE, REFUSED, SPACES, found, wrong
from quarterdeck.engines.text import count, entities


def weight(text: str) -> int:
    return count(text, "x").length


# Weights


@pytest.mark.parametrize(
    ("first", "last"), [(0x0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037)], ids=hex
)
def test_a_character_in_a_light_range_weighs_one_and_outside_two(first, last):
    inside = {
        c: weight(chr(c))
        for c in range(first, last + 1)
        if chr(c).isprintable() and chr(c) not in "\u0340\u0341"
    }
    assert {c for c, w in inside.items() if w != 1} <= NORMALISED
    for edge in (first, last):
        assert weight(f"z{chr(edge)}z") == 3
    for outside in (first - 1, last + 1):
        if outside >= 0:
            assert weight(f"z{chr(outside)}z") == 4


# The composed characters that NFC takes apart into a letter and its sign, each of weight 1.
NORMALISED = {0x344, *range(0x958, 0x960), 0x9DC, 0x9DD, 0x9DF, 0xA33, 0xA36, 0xA59, 0xA5A, 0xA5B, 0xA5E} | {
    *(
        0xB5C,
        0xB5D,
        0xF43,
        0xF4D,
        0xF52,
        0xF57,
        0xF5C,
        0xF69,
        0xF73,
        0xF75,
        0xF76,
        0xF78,
        0xF81,
        0xF93,
        0xF9D,
    ),
    *(0xFA2, 0xFA7, 0xFAC, 0xFB9),
}


@pytest.mark.parametrize(
    ("piece", "weighs"),
    [
        ("cafe\u0301", 4),  # composed before it is counted
        ("\u1100\u1161", 2),  # two jamo, light and heavy, are one syllable
        ("\u212b", 1),  # the Ångström sign is the letter Å
        ("字", 2),
        ("ｶﾞ", 4),
        ("\U00010000", 2),
        ("\U0010fffd", 2),
        ("—", 1),
        ("…", 2),
        ("•", 2),
        ("“”‘’", 4),
        ("€", 2),
        ("′", 1),
    ],
)
def test_weights_are_those_of_the_composed_text(piece, weighs):
    assert weight(piece) == weighs


@pytest.mark.parametrize(
    ("piece", "most"), [("a", 280), ("é", 280), ("字", 140), ("🐱", 140), ("👩🏽‍🚀", 140), ("¡", 280)]
)
def test_280_are_valid_and_one_more_is_not(piece, most):
    assert count(piece * most, "x").valid
    said = count(piece * (most + 1), "x")
    assert (said.length, said.limit, said.valid) == (280 + 280 // most, 280, False)


def test_an_empty_text_is_not_valid_but_a_blank_one_is():
    assert count("", "x") == (0, 280, False, ("There is no text yet.",))
    assert count(" ", "x").valid


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refused_character_makes_a_text_invalid(refused):
    said = count(f"a{refused}b", "x")
    assert (said.valid, said.reasons) == (False, (f"X refuses the character U+{ord(refused):04X}.",))


@pytest.mark.parametrize("mark", DIRECTIONS)
def test_a_directional_mark_is_valid_and_weighs_by_its_range(mark):
    assert count(f"a{mark}", "x")[:3] == (2 if mark == "\u061c" else 3, 280, True)


def test_every_emoji_of_the_list_weighs_two_whatever_it_is_made_of():
    assert len(emoji.sequences()) > 2_700
    assert {s for s in emoji.sequences() if weight(s) != 2} == set()


@pytest.mark.parametrize(
    ("piece", "weighs"),
    [
        ("©", 1),
        ("©\ufe0f", 2),
        ("☺", 2),
        ("☺\ufe0f", 2),
        ("☺\ufe0e", 4),  # asked to be text: a character and a selector
        ("1\ufe0f\u20e3", 2),
        ("1\u20e3", 2),
        ("#\ufe0f\u20e3", 2),
        ("1\ufe0f", 3),
        ("🇯🇵", 2),
        ("🇯🇵🇨🇦", 4),
        ("🇯", 2),
        ("🇯🇯", 4),  # no flag
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 2),
        ("👍🏽", 2),
        ("👍🏽🏽", 4),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("👨\u200d👩\u200d👧\u200d👦👨\u200d👩\u200d👧\u200d👦", 4),
        ("👨\u200d🍕", 5),  # not on the list: two emoji and a joiner
        ("❤️\u200d🔥", 2),
        ("\U0001faeb", 2),  # Emoji 18, this year's
        ("\U0001faf9🏽", 2),
    ],
)
def test_keycaps_flags_tones_and_joined_emoji_weigh_two_and_what_is_no_emoji_its_parts(piece, weighs):
    assert weight(piece) == weighs
    assert weight(f"z{piece} z") == weighs + 3


@pytest.mark.parametrize("host", ["foo.co", "example.com", "a.b.c.d.example.photography", "example.co.jp"])
@pytest.mark.parametrize("protocol", ["", "http://", "https://", "HTTPS://"])
def test_an_address_weighs_23_whatever_its_length(host, protocol):
    for rest in ("", "/", "/" + "a" * 300, "/?q=1", "/a_(b)"):
        assert weight(f"{protocol}{host}{rest}") == 23
        assert weight(f"see {protocol}{host}{rest} twice {protocol}{host}{rest}") == 57


def test_an_emoji_does_not_form_across_an_address():
    assert weight("👩\u200dhttp://a.co \u200d🚀") == 3 + 23 + 1 + 3


# Mentions and lists


def test_a_mention_may_follow_all_but_ascii_word_characters_and_some_signs():
    never = ALNUM + "_!#$%&*@＠"
    before = [*PRINTABLE, *SPACES, *"あé。＠“💩"]
    assert wrong(before, "z {}@ann", lambda c: ["@ann"] * (c not in never), "mention") == []


@pytest.mark.parametrize("rt", ["RT", "rt", "Rt", "rT"])
@pytest.mark.parametrize("colon", ["", ":"])
def test_a_mention_may_follow_a_retweet_sign(rt, colon):
    assert found(f"{rt}{colon}@ann", "mention") == ["@ann"]
    assert found(f"a {rt}{colon}@ann", "mention") == ["@ann"]
    assert found(f"x{rt}@ann", "mention") == []


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ("@", False),
        ("＠", False),
        ("é", False),
        ("ñ", False),
        ("://x", False),
        (":", True),
        ("あ", True),
        ("-", True),
    ]
    + [(".", True), (",", True), (" ", True), ("", True), ("'s", True), ("ж", True)],
)
def test_a_mention_is_not_followed_by_at_an_accented_letter_or_a_protocol(after, kept):
    assert found(f"@ann{after}", "mention") == ["@ann"] * kept


def test_a_name_has_1_to_20_letters_digits_and_underscores():
    assert found("@a @a_1 @" + "b" * 20 + " @123 ＠ann", "mention") == [
        "@a",
        "@a_1",
        "@" + "b" * 20,
        "@123",
        "＠ann",
    ]
    assert found("@" + "b" * 21, "mention") == ["@" + "b" * 20]
    assert found("@ann@example.com @_@ @ @-", "mention") == []


def test_a_list_is_a_name_a_slash_and_1_to_25_that_begin_with_a_letter():
    assert found("@ann/l @ann/my-list_1 ＠ann/x", "list") == ["@ann/l", "@ann/my-list_1", "＠ann/x"]
    assert found("@ann/" + "a" * 26, "list") == ["@ann/" + "a" * 25]
    assert found("@ann/1 @bob/-a @cy/ @dee/_", "mention", "list") == ["@ann", "@bob", "@cy", "@dee"]


# Hashtags


@pytest.mark.parametrize(
    "tag", ["soup", "суп", "スープ", "스프", "汤", "சூப்", "सूप", "شوربة", "מרק", "ซุป", "süß", "ſ", "𐐀", "ѫ"]
)
def test_a_hashtag_is_in_any_script_with_either_sign(tag):
    assert found(f"a #{tag}! ＃{tag}", "hashtag") == [f"#{tag}", f"＃{tag}"]


@pytest.mark.parametrize(
    ("tag", "kept"), [("1", ""), ("12_3", ""), ("1st", "1st"), ("a1", "a1"), ("_a", "_a"), ("_", "")]
)
def test_a_hashtag_has_a_letter(tag, kept):
    assert found(f"#{tag}", "hashtag") == ([f"#{kept}"] if kept else [])


def test_some_signs_stand_within_a_hashtag():
    inside = "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
    assert wrong(inside, "#a{}b", lambda c: [f"#a{c}b"], "hashtag") == []


def test_other_signs_end_a_hashtag():
    ends = [c for c in PRINTABLE if c not in ALNUM + "_#"] + [*"。、“\u2010💩"]
    assert wrong(ends, "#a{}b", lambda c: ["#a"], "hashtag") == []


def test_a_hashtag_may_follow_all_but_what_stands_within_one_and_an_ampersand():
    before = [*PRINTABLE, *SPACES, *"éあ。\ufe0f\ufe0e💩"]
    assert wrong(before, "{}#a", lambda c: ["#a"] * (not c.isalnum() and c not in "_&"), "hashtag") == []


@pytest.mark.parametrize("after", ["#", "＃", "://x"])
def test_a_hashtag_is_not_followed_by_another_sign_or_a_protocol(after):
    assert found(f"#a{after}", "hashtag") == []


@pytest.mark.parametrize("mark", ["\ufe0f", "\u20e3", "\ufe0f\u20e3"])
def test_a_keycap_is_no_hashtag(mark):
    assert found(f"#{mark}a", "hashtag") == []


# Cashtags


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ("TSLA", 4),
        ("t", 1),
        ("ABCDEF", 6),
        ("ABCDEFG", 0),
        ("BRK.A", 5),
        ("BRK_AB", 6),
        ("BRK.ABC", 3),
        ("A1", 0),
        ("1A", 0),
    ]
    + [
        ("TSLA.", 4),
        ("TSLA,", 4),
        ("TSLA)", 4),
        ("TSLAあ", 0),
        ("TSLAé", 0),
        ("TSLA\u3000", 4),
        ("TSLA$", 4),
    ],
)
def test_a_cashtag_has_1_to_6_letters_and_a_short_suffix_before_space_or_punctuation(tag, kept):
    assert found(f"${tag}", "cashtag") == ([f"${tag[:kept]}"] if kept else [])


def test_a_cashtag_begins_the_text_or_follows_a_space():
    before = [*PRINTABLE, *SPACES, *DIRECTIONS, *"あé💩"]
    assert wrong(before, "z{}$TSLA", lambda c: ["$TSLA"] * (c in SPACES), "cashtag") == []


# Overlaps


def test_of_entities_that_overlap_the_first_is_kept():
    assert found("http://example.com/#a https://twitter.com/@ann http://t.co/$TSLA") == [
        "http://example.com/#a",
        "https://twitter.com/@ann",
        "http://t.co/$TSLA",
    ]
    assert found("#example.com @ann.com") == ["#example", "@ann"]
    assert [(e.kind, e.text) for e in entities("@ann/list #a $T")] == [
        ("list", "@ann/list"),
        ("hashtag", "#a"),
        ("cashtag", "$T"),
    ]


def test_entities_that_touch_are_both_kept():
    assert found("http://example.com/=＠ann") == ["http://example.com/=", "＠ann"]


def test_indices_count_code_points_not_units():
    assert [(e.start, e.end) for e in entities("💩 @ann 💩 #a 💩 $T 💩 a.co")] == [
        (2, 6),
        (9, 11),
        (14, 16),
        (19, 23),
    ]
