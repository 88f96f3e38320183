"""How long a text is on a network, and what in it is a link, a mention or a tag: as the network itself counts.

`x` is twitter-text with configuration v3 (Apache-2.0): weighted characters, an address 23, an emoji 2. `bluesky` is
300 grapheme clusters (UAX #29) and 3,000 bytes (lexicon app.bsky.feed.post). `mastodon` is clusters, an address 23,
a mention without its domain (its documentation); the limit is the server's own, 500 unless told, and a content
warning counts too: take its length off the limit. The others publish a number: `sandbox`, `linkedin`, `instagram`,
`facebook`, `pinterest` and the two titles in code points, `threads` too but an emoji as its bytes, `tiktok` in units
of UTF-16, `youtube` (the description) in bytes. Numbers are as of November 2026; a network's own answer overrides.

Unicode is that of the packages `regex` and `unicodedata2`, emoji and top-level domains are `data/`: this year's,
where Python's own tables are years old. `shell/static/shell/text.js` does the same with the browser's tables, so the
two agree on every character that the browser knows. Not claimed: that an address exists or a handle belongs to
anyone. An empty text is invalid on X, as published; whether media may stand alone is for the caller to know.

>>> from quarterdeck.engines.text import count, entities, facets
>>> count("Soup at noon 👩🏽‍🍳 https://example.com/menu", "x")
Count(length=39, limit=280, valid=True, reasons=())
>>> count("あ" * 141, "x").reasons
('The text is 2 characters too long for X, which takes 280.',)
>>> [(e.kind, e.text) for e in entities("#soup by @ann on example.com")]
[('hashtag', '#soup'), ('mention', '@ann'), ('url', 'example.com')]
>>> facets("☕ by @ann.example.com")
[Facet(kind='mention', start=7, end=23, value='ann.example.com')]
>>> count("@ann@example.com hi", "mastodon", limit=5000).length
7
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from quarterdeck.engines import _text_bluesky as bluesky
from quarterdeck.engines import _text_mastodon as mastodon
from quarterdeck.engines import _text_plain as plain
from quarterdeck.engines import _text_x as x
from quarterdeck.engines._text_bluesky import Facet
from quarterdeck.engines._text_entity import Entity

__all__ = [
    "NETWORKS",
    "BadLimit",
    "BadText",
    "Count",
    "Entity",
    "Facet",
    "LoneSurrogate",
    "UnknownNetwork",
    "count",
    "entities",
    "facets",
]

BLUESKY_BYTES = 3000


class BadText(ValueError):
    """What was given cannot be counted; the words say why."""


class LoneSurrogate(BadText):
    """Half a surrogate pair stands in the text: not a character, and no network takes it. `at`: its index."""

    def __init__(self, at: int) -> None:
        super().__init__(f"The text holds half a character (a lone surrogate) at index {at}.")
        self.at = at


class UnknownNetwork(BadText):
    """No rule is known for the network named."""


class BadLimit(BadText):
    """The limit given is not a whole number, zero or more."""


class Count(NamedTuple):
    """length and limit in the network's own unit; valid: whether it may be posted; reasons: why not, in sentences."""

    length: int
    limit: int
    valid: bool
    reasons: tuple[str, ...]


def count(text: str, network: str, limit: int | None = None) -> Count:
    """The length of `text` as `network` (one of NETWORKS) counts it, and whether it may be posted there.

    limit: instead of the network's usual one (a premium account's, a server's own), in the same unit.
    Raises LoneSurrogate, UnknownNetwork, BadLimit, or BadText for what is not a str: all are ValueErrors.
    """
    _check(text)
    rule = _rule(network)
    if limit is None:
        limit = rule.limit
    elif not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise BadLimit(f"A limit is a whole number, zero or more, not {limit!r}.")
    length = rule.length(text)
    reasons = [] if length <= limit else [_too_long(length - limit, limit, rule.unit, rule.name)]
    if rule.refuse is not None:
        reasons += rule.refuse(text)
    return Count(length, limit, not reasons, tuple(reasons))


def entities(text: str, network: str = "x") -> list[Entity]:
    """What `network` will link in `text`, left to right, without overlaps.

    kind: url, mention, hashtag, cashtag (X, Bluesky) or list (X); start and end count code points; text is the piece
    itself, sign and all. Raises LoneSurrogate, UnknownNetwork, BadText.
    """
    _check(text)
    return _rule(network).entities(text)


def facets(text: str) -> list[Facet]:
    """The links, mentions and tags of a Bluesky post by bytes of UTF-8, ordered by start, without overlaps.

    Each is one app.bsky.richtext.facet with one feature: see Facet for which field is which. A mention's handle must
    still be resolved to its DID; one that has none is left out of the record. Raises LoneSurrogate, BadText.
    """
    _check(text)
    return bluesky.facets(text)


def _check(text: str) -> None:
    if not isinstance(text, str):
        raise BadText(f"A text is a str, not {type(text).__name__}.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise LoneSurrogate(error.start) from None


def _too_long(over: int, limit: int, unit: str, name: str) -> str:
    return f"The text is {over:,} {unit}{'s' * (over != 1)} too long for {name}, which takes {limit:,}."


def _refuse_x(text: str) -> list[str]:
    if not text:
        return ["There is no text yet."]
    refused = None if text.isascii() else x.REFUSED.search(text)
    return [f"X refuses the character U+{ord(refused.group()):04X}."] if refused else []


def _refuse_bluesky(text: str) -> list[str]:
    over = plain.utf8(text) - BLUESKY_BYTES
    return [_too_long(over, BLUESKY_BYTES, "byte", "Bluesky")] if over > 0 else []


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    limit: int
    length: Callable[[str], int]
    entities: Callable[[str], list[Entity]] = plain.entities
    refuse: Callable[[str], list[str]] | None = None
    unit: str = "character"


_RULES = {
    "x": _Rule("X", 280, x.length, x.entities, _refuse_x),
    "bluesky": _Rule("Bluesky", 300, bluesky.graphemes, bluesky.entities, _refuse_bluesky),
    "mastodon": _Rule("Mastodon", 500, mastodon.length, mastodon.entities),
    "sandbox": _Rule("the Sandbox", 500, len),
    "threads": _Rule("Threads", 500, plain.threads, refuse=plain.refuse_threads),
    "linkedin": _Rule("LinkedIn", 3000, len),
    "instagram": _Rule("Instagram", 2200, len, refuse=plain.refuse_instagram),
    "facebook": _Rule("Facebook", 63206, len),
    "tiktok": _Rule("TikTok", 2200, plain.utf16),
    "youtube": _Rule("a YouTube description", 5000, plain.utf8, refuse=plain.refuse_youtube, unit="byte"),
    "youtube-title": _Rule("a YouTube title", 100, len, refuse=plain.refuse_youtube),
    "pinterest": _Rule("a Pinterest description", 500, len),
    "pinterest-title": _Rule("a Pinterest title", 100, len),
}
NETWORKS = tuple(_RULES)


def _rule(network: str) -> _Rule:
    rule = _RULES.get(network) if isinstance(network, str) else None
    if rule is None:
        raise UnknownNetwork(f"There are no text rules for “{network}”; there are for {', '.join(NETWORKS)}.")
    return rule
