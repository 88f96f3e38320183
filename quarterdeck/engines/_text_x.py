"""X: the weighted length of configuration v3 and the entities of twitter-text 3.1 (Apache-2.0, (c) Twitter, Inc.).

The text is first brought to NFC. Code points U+0000-10FF, U+2000-200D, U+2010-201F and U+2032-2037 weigh 1, all
others 2; an address weighs 23 whatever its length; an emoji weighs 2 whatever it is made of.
"""

from __future__ import annotations

import re

import regex
import unicodedata2

from quarterdeck.engines import _text_emoji as emoji
from quarterdeck.engines import _text_urls as urls
from quarterdeck.engines._text_entity import Entity, Found, apart

URL_LENGTH = 23
LIGHT = regex.compile("[\\u0000-\\u10ff\\u2000-\\u200d\\u2010-\\u201f\\u2032-\\u2037]+")
REFUSED = re.compile(f"[{urls.REFUSED}]")

# Written out, because Python's \s is not that of the published grammar.
SPACE = "[\\t-\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]"
_MENTION = re.compile(
    "(^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)"
    "([@＠][a-zA-Z0-9_]{1,20}(/[a-zA-Z][a-zA-Z0-9_-]{0,24})?)"
)
_MENTION_BREAKS = re.compile(f"[@＠{urls.LATIN}]|://")
_IN_TAG = (
    "\\p{L}\\p{M}\\p{Nd}_\\u200c\\u200d\\ua67e\\u05be\\u05f3\\u05f4\\uff5e\\u301c\\u309b\\u309c\\u30a0\\u30fb"
    "\\u3003\\u0f0b\\u0f0c\\xb7"
)
_HASHTAG = regex.compile(
    f"(?:^|[\\ufe0e\\ufe0f]|[^{_IN_TAG}&])([#＃](?![\\ufe0f\\u20e3])[{_IN_TAG}]*[\\p{{L}}\\p{{M}}][{_IN_TAG}]*)"
)
_HASHTAG_BREAKS = re.compile("[#＃]|://")
_CASHTAG = re.compile(
    f"(?:^|[{urls.SPACES}])(\\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)(?=\\Z|{SPACE}|[{urls.PUNCTUATION}])"
)


def length(text: str) -> int:
    """The weighted length, in whole characters (the configuration's weights divided by its scale)."""
    if not text.isascii():
        text = unicodedata2.normalize("NFC", text)
        return _weight(text)
    found = urls.find(text) if "." in text else ()
    return len(text) + sum(URL_LENGTH - (end - start) for start, end in found)


def _weight(text: str) -> int:
    found = urls.find(text) if "." in text else []
    total, pieces, at = URL_LENGTH * len(found), [], 0
    for start, end in found:
        pieces.append(text[at:start])
        at = end
    rest = "\n".join([*pieces, text[at:]])  # a break keeps an emoji from forming across an address
    total += _plain(rest) - len(found)
    for start, end in emoji.find(rest):
        total += 2 - _plain(rest[start:end])
    return total


def _plain(text: str) -> int:
    """One for each code point, two for those outside the light ranges."""
    return len(text) + len(LIGHT.sub("", text))


def entities(text: str) -> list[Entity]:
    """Where they overlap: addresses before mentions before hashtags before cashtags that begin at the same place."""
    found: list[Found] = [("url", a, b) for a, b in urls.find(text)] if "." in text else []
    if "@" in text or "＠" in text:
        for m in _MENTION.finditer(text):
            if not _MENTION_BREAKS.match(text, m.end()):
                found.append(("list" if m.group(3) else "mention", m.start(2), m.end()))
    found += hashtags(text)
    if "$" in text:
        found += [("cashtag", m.start(1), m.end()) for m in _CASHTAG.finditer(text)]
    return apart(text, found) if found else []


def hashtags(text: str) -> list[Found]:
    """Hashtags in any script, overlaps with addresses not yet settled."""
    if "#" not in text and "＃" not in text:
        return []
    found = ((m.start(1), m.end()) for m in _HASHTAG.finditer(text))
    return [("hashtag", start, end) for start, end in found if not _HASHTAG_BREAKS.match(text, end)]
