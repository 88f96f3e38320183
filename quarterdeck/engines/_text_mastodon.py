"""Mastodon: what its documentation says of posting ("Posting to your profile"), and nothing of its code.

Documented: a link begins with http:// or https:// and counts 23 characters whatever its length; a mention is
`@user` or `@user@domain`, of which only the user's name counts (with its sign); a hashtag holds letters, digits and
underscores, not digits alone. Ours, where the documentation is silent: characters are grapheme clusters; a link is
an address as `_text_urls` finds it; a name is ASCII letters, digits and underscores, with full stops and hyphens
inside; a mention or hashtag begins where no letter, digit, underscore, slash, `@`, `#` or `&` stands before it. So
an address with a made-up top-level domain is counted in full: the server may count less, never silently more.
"""

from __future__ import annotations

import regex

from quarterdeck.engines import _text_urls as urls
from quarterdeck.engines._text_bluesky import graphemes
from quarterdeck.engines._text_entity import Entity, Found, apart

URL_LENGTH = 23
_LETTER = "\\p{L}\\p{M}\\p{Nd}_"
_FREE = f"(?<![{_LETTER}/@＠#＃&])"
_NAME = "[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*"
_DOMAIN = "[\\p{L}\\p{M}\\p{Nd}]+(?:[.-]+[\\p{L}\\p{M}\\p{Nd}]+)*(?::[0-9]+)?"
_MENTION = regex.compile(f"{_FREE}(@{_NAME})(?:@{_DOMAIN})?(?![{_LETTER}])")
_HASHTAG = regex.compile(f"{_FREE}[#＃][{_LETTER}]*[\\p{{L}}\\p{{M}}][{_LETTER}]*")


def length(text: str) -> int:
    """Grapheme clusters, with every link as 23 and every mention without its domain."""
    if "@" not in text and "://" not in text:
        return graphemes(text)
    pieces, at = [], 0
    for one in entities(text):
        if one.kind == "url":
            pieces += [text[at : one.start], "x" * URL_LENGTH]
        elif one.kind == "mention":
            pieces += [text[at : one.start], "@" + one.text[1:].partition("@")[0]]
        else:
            continue
        at = one.end
    return graphemes("".join([*pieces, text[at:]]))


def entities(text: str) -> list[Entity]:
    found: list[Found] = [("url", a, b) for a, b in urls.find(text, bare=False)] if "://" in text else []
    if "@" in text:
        found += [("mention", m.start(), m.end()) for m in _MENTION.finditer(text)]
    if "#" in text or "＃" in text:
        found += [("hashtag", m.start(), m.end()) for m in _HASHTAG.finditer(text)]
    return apart(text, found) if found else []
