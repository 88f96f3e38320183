"""A post's text so that what was sent and what a server made of it can be compared.

Servers answer with HTML (documentation, "Guidelines", Formatting): paragraphs and breaks, links whose beginning and
end are hidden, mentions without their domain. It is read back to the text it was made from; then white space, the
Unicode normal form and the writing of mentions are made alike on both sides. Nothing else is: two texts that differ
for a reader stay different.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from quarterdeck.engines import text

_BLOCKS = {"p": "\n\n", "div": "\n", "li": "\n", "blockquote": "\n", "ul": "\n", "ol": "\n", "pre": "\n"}
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def of_text(sent: str, own: Collection[str] = ()) -> str:
    """The fingerprint of a text as sent. `own`: names of the server, so that @me@own is @me."""
    return " ".join(_mentions_alike(unicodedata.normalize("NFC", sent), own).split())


def of_status(status: Mapping[str, Any], own: Collection[str] = ()) -> str:
    """The fingerprint of a Status entity's `content`, with its `mentions` to complete them."""
    return of_text(plain(status.get("content"), status.get("mentions"), own), own)


def plain(content: Any, mentions: Any = (), own: Collection[str] = ()) -> str:
    """The text a server's HTML was made from, line breaks kept."""
    reader = _Reader(_accounts(mentions), own)
    reader.feed(content if isinstance(content, str) else "")
    reader.close()
    return "".join(reader.pieces).strip()


def shape(fingerprint: str) -> frozenset[str]:
    """Every three letters or digits in a row: what a changed text still has in common with the one sent."""
    letters = "".join(c for c in fingerprint.casefold() if c.isalnum())
    return frozenset(letters[i : i + 3] for i in range(max(1, len(letters) - 2))) if letters else frozenset()


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts may be the same one, changed: half of the shorter one's shape is in the other's."""
    if not one or not other:
        return one == other
    return 2 * len(one & other) >= min(len(one), len(other))


def _mentions_alike(words: str, own: Collection[str]) -> str:
    if "@" not in words:
        return words
    try:
        found = [one for one in text.entities(words, "mastodon") if one.kind == "mention"]
    except text.BadText:
        return words
    for one in reversed(found):
        user, _, domain = one.text[1:].partition("@")
        domain = "" if domain.lower() in own else domain
        words = words[: one.start] + f"@{user}@{domain}".rstrip("@").lower() + words[one.end :]
    return words


def _accounts(mentions: Any) -> dict[str, str]:
    """Address of a mentioned account -> its name as `acct` ("user" here, "user@domain" elsewhere)."""
    if not isinstance(mentions, Sequence):
        return {}
    return {
        one["url"]: one["acct"]
        for one in mentions
        if isinstance(one, Mapping) and isinstance(one.get("url"), str) and isinstance(one.get("acct"), str)
    }


class _Reader(HTMLParser):
    """Collects the text; what stands in a link is kept apart until the link ends."""

    def __init__(self, accounts: Mapping[str, str], own: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._accounts, self._own = accounts, own
        self._link: tuple[str, str] | None = None  # href, classes
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._end_link()
            given = dict(attrs)
            self._link, self._inside = (given.get("href") or "", given.get("class") or ""), []
        elif tag == "br" or (tag in _BLOCKS and self.pieces and not self.pieces[-1].endswith("\n")):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in _BLOCKS:
            self.handle_data(_BLOCKS[tag])

    def handle_data(self, data: str) -> None:
        (self.pieces if self._link is None else self._inside).append(data)

    def close(self) -> None:
        super().close()
        self._end_link()

    def _end_link(self) -> None:
        if self._link is None:
            return
        href, classes = self._link
        self._link = None
        shown = "".join(self._inside)
        if "hashtag" in classes.split() or shown.lstrip().startswith("#"):
            self.pieces.append(shown)
        elif "mention" in classes.split() or shown.lstrip().startswith("@"):
            self.pieces.append(self._mention(href, shown))
        else:
            self.pieces.append(_address(href, shown))

    def _mention(self, href: str, shown: str) -> str:
        if href in self._accounts:
            return "@" + self._accounts[href]
        user = shown.strip().lstrip("@")
        host = _host(href)
        return f"@{user}" if "@" in user or not host or host in self._own else f"@{user}@{host}"


def _address(href: str, shown: str) -> str:
    """A link as it was written: what is shown with its hidden parts, or the address where only a part is shown."""
    tight = "".join(shown.split())
    if _bare(tight) == _bare(href):
        return tight
    start = _bare(tight).removesuffix("…").removesuffix("...")
    if start and start != _bare(tight) and _bare(href).startswith(start):
        return href
    return tight if _SCHEME.match(tight) else shown


def _bare(address: str) -> str:
    return _SCHEME.sub("", address).removeprefix("www.")


def _host(href: str) -> str:
    try:
        return urlsplit(href).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
