"""Bluesky: grapheme clusters, and links, mentions and tags as the published client finds them.

The length is in grapheme clusters (UAX #29) with a second limit in bytes of UTF-8 (lexicon app.bsky.feed.post).
Detection follows @atproto/api (MIT, (c) Bluesky Social PBC), rich-text/detection, except that a bare host which
begins with "http" is given its protocol too, and that of two pieces which overlap the first is kept (the
documentation of facets: they must not).
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

import regex

from quarterdeck.engines import _text_urls as urls
from quarterdeck.engines._text_entity import Entity
from quarterdeck.engines._text_x import SPACE

_NOT_SPACE = SPACE.replace("[", "[^", 1)
_MENTION = re.compile(rf"(?:^|{SPACE}|\()@([a-zA-Z0-9.-]+)\b", re.A)
_LINK = re.compile(
    rf"(?:^|{SPACE}|\()([Hh][Tt][Tt][Pp][Ss]?://{_NOT_SPACE}+"
    rf"|(?P<domain>[a-zA-Z][a-zA-Z0-9]*(?:\.[a-zA-Z0-9]+)+){_NOT_SPACE}*)"
)
_THIN = "\\u00ad\\u2060\\u200a\\u200b\\u200c\\u200d\\u20e2"
_IN_TAG = _NOT_SPACE[:-1] + _THIN + "]"
_TAG = regex.compile(
    rf"(?:^|{SPACE})[#＃]((?!\ufe0f){_IN_TAG}*{_NOT_SPACE[:-1]}0-9\p{{P}}{_THIN}]+{_IN_TAG}*)"
)
_PUNCTUATION_END = regex.compile(r"\p{P}+\Z")
_CASHTAG = re.compile(rf"(?:^|{SPACE}|\()\$([A-Za-z][A-Za-z0-9]{{0,4}})(?=\Z|{SPACE}|[.,;:!?)\"'\u2019])")
LONGEST_TAG = 64  # UTF-16 units

_CLUSTER = regex.compile(r"\X")
# Characters that are a cluster of their own among their like: no mark, joiner, jamo, flag letter, skin tone or CR.
ALONE = regex.compile(
    "[\\x00-\\x0c\\x0e-\\xac\\xae-\\u02ff\\u0370-\\u0482\\u048a-\\u0590\\u1e00-\\u1fff\\u2010-\\u2027\\u2030-\\u205f"
    "\\u2070-\\u20cf\\u2100-\\u2bff\\u3000-\\u3029\\u3030-\\u3098\\u309b-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff"
    "\\uff00-\\uff9d\\U0001f300-\\U0001f3fa\\U0001f400-\\U0001faff]*"
)


class Facet(NamedTuple):
    """One annotation of a Bluesky post.

    kind: mention, link or tag, the name of the feature in app.bsky.richtext.facet. start and end: byteStart and
    byteEnd, in bytes of UTF-8. value: the handle whose DID is the feature's `did` (without `@`, not resolved), the
    feature's `uri` (with protocol), or its `tag` (without `#`; a cashtag with `$`, in capitals).
    """

    kind: str
    start: int
    end: int
    value: str


def graphemes(text: str) -> int:
    """The number of grapheme clusters."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(text) if ALONE.fullmatch(text) else len(_CLUSTER.findall(text))


def entities(text: str) -> list[Entity]:
    return [Entity(kind, a, b, text[a:b]) for kind, a, b, _ in _find(text)]


FEATURES = {"url": "link", "mention": "mention", "hashtag": "tag", "cashtag": "tag"}


def facets(text: str) -> list[Facet]:
    found = _find(text)
    if not found:
        return []
    if text.isascii():
        return [Facet(FEATURES[kind], a, b, value) for kind, a, b, value in found]
    at = [0, *accumulate(len(c.encode()) for c in text)]
    return [Facet(FEATURES[kind], at[a], at[b], value) for kind, a, b, value in found]


def _find(text: str) -> list[tuple[str, int, int, str]]:
    """(kind, start, end, value), ordered by start, none overlapping."""
    found = []
    for m in _LINK.finditer(text) if "." in text or "://" in text else ():
        if link := _link(m):
            found.append(("url", m.start(1), m.start(1) + link[0], link[1]))
    for m in _MENTION.finditer(text) if "@" in text else ():
        handle = m.group(1)
        if _known_domain(handle) or handle.endswith(".test"):
            found.append(("mention", m.start(1) - 1, m.end(), handle))
    for m in _TAG.finditer(text) if "#" in text or "＃" in text else ():
        tag = _PUNCTUATION_END.sub("", m.group(1))
        if tag and len(tag) + sum(c > "\uffff" for c in tag) <= LONGEST_TAG:
            found.append(("hashtag", m.start(1) - 1, m.start(1) + len(tag), tag))
    for m in _CASHTAG.finditer(text) if "$" in text else ():
        found.append(("cashtag", m.start(1) - 1, m.end(), "$" + m.group(1).upper()))
    kept: list[tuple[str, int, int, str]] = []
    for one in sorted(found, key=lambda f: f[1]):
        if not kept or kept[-1][2] <= one[1]:
            kept.append(one)
    return kept


def _known_domain(name: str) -> bool:
    return "." in name and name.rpartition(".")[2] in urls.top_level()[0]


def _link(m: re.Match[str]) -> tuple[int, str] | None:
    """(length in the text, address to link), closing punctuation left out; None when it is no link."""
    uri = m.group(1)
    added = 0
    if m["domain"] or not uri.startswith("http"):
        if not m["domain"] or not _known_domain(m["domain"]):
            return None
        uri, added = "https://" + uri, len("https://")
    if uri[-1] in ".,;:!?":
        uri = uri[:-1]
    if uri.endswith(")") and "(" not in uri:
        uri = uri[:-1]
    return len(uri) - added, uri
