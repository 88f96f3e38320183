"""What the tests of the text engine share: texts of any Unicode and of the pieces its grammars are made of, characters
by kind, and what X finds in a text."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterable

from hypothesis import strategies as st

from quarterdeck.engines import _text_emoji as emoji
from quarterdeck.engines.text import entities

PRINTABLE = [chr(c) for c in range(0x21, 0x7F)]
ALNUM = string.ascii_letters + string.digits
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u061c\u200e\u200f\u2066\u2067\u2068\u2069"
SPACES = " \t\n\r\x85\xa0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
REFUSED = "\ufffe\ufeff\uffff"

_WORDS = """
http:// https:// HTTP:// gemini:// t.co/ t.co example.com foo.co.jp bar.みんな .com - _ / : ? # ＃ @ ＠ $ & !
a Z é ñ ш 日本 語。 한국 、 café 1 23 #tag #a·b #1_2 @user @user/list-1 @ann@example.com @a.b-c $TSLA $BRK.A
rt RT: RT xn--ls8h.la xn-- u.s. ELPAÍS.com a_b :8080 path/to ?q=1&b=2 = + ~ % ' " * , ; < > [ ] | ^ `
… – ’ ｈａｓｈ bit.ly/abc tést.com user.bsky.social @ann.bsky.social @ann.test x.y_z.com 中.com .公司 .рф .uk
😀 ☺️ ✌🏿 1️⃣ 🇯🇵 🇯 👍🏽 ⌚️ © ©️ 가 각 गांधी क्षि ( ) (( )) (x) /(a(b)c) /x(y ß · ﾊﾟ 「 https://münchen.de/ä(ö)
-x.com x-.com _x.com com.com httpbin.org https://a.de/@ann@b.example Example.COM @ann@b.example:3000 ก็ ا́ 𐐀 𠀀
"""
_MARKS = (
    " |  |\n|\r\n|\t|\u3000|\u00a0|\u0085|\u200b|\u200c|\u200d|\ufe0f|\ufe0e|\u20e3|\u0301|\u0316|\u202a|\u200f"
    "|\u2066|\ufeff|\uffff|\ufffe|\u1100\u1161|\ufb2c|\u212a|\u017f|\u0130|\u00ad|\u180e|\u2019|\u2038|\u1100"
)
PIECES = [*_WORDS.split(), *_MARKS.split("|"), "あ" * 20 + ".com", "a" * 60]
# hosts about as long as a label may be once it is coded for the DNS
_LETTERS = "あいうеяéüa中文-"
hosts = st.text(_LETTERS, min_size=15, max_size=62).map("http://あ{}あ.com".format)
pieces = st.one_of(
    st.sampled_from(PIECES), hosts, st.sampled_from(sorted(emoji.sequences())), st.text(max_size=3)
)
texts = st.lists(pieces, max_size=14).map("".join)


def corpus(size: int, seed: int) -> list[str]:
    """`size` texts that are the same every time: pieces, emoji, long hosts and characters from all of Unicode."""
    draw = random.Random(seed)
    sequences = sorted(emoji.sequences())

    def piece() -> str:
        kind = draw.random()
        if kind < 0.7:
            return draw.choice(PIECES)
        if kind < 0.78:
            return " "
        if kind < 0.88:
            return draw.choice(sequences)
        if kind < 0.9:
            return f"http://あ{''.join(draw.choices(_LETTERS, k=draw.randint(15, 62)))}あ.com"
        plane = draw.choice([0x800, 0x800, 0x3000, 0xD800, 0x20000])
        return chr(draw.randrange(plane) if plane <= 0xD800 else draw.randrange(0xE000, 0x20000))

    return ["".join(piece() for _ in range(draw.randint(0, 12))) for _ in range(size)]


def found(text: str, *kinds: str) -> list[str]:
    return [e.text for e in entities(text) if not kinds or e.kind in kinds]


def wrong(
    characters: Iterable[str], given: str, expected: Callable[[str], list[str]], kind: str
) -> list[str]:
    """The characters c for which `given` with c in its braces does not hold what is expected."""
    return [c for c in characters if found(given.replace("{}", c), kind) != expected(c)]
