"""One look at a page: whether it opens, and what it says of itself (Open Graph, else its title and description).

At most a megabyte of HTML and a picture of 5 MB, fifteen seconds each, through the client that calls no private
address. The HTML is read by the standard library's parser; nothing of it is run, and nothing else of it is kept.
"""

from __future__ import annotations

import contextlib
import functools
import io
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from PIL import Image

from quarterdeck.core import env
from quarterdeck.core.http import CallFailed, SafeClient

LONGEST = 15.0  # seconds a call
LARGEST_PAGE = 2**20
LARGEST_IMAGE = 5 * 2**20
_SIDE = 1000
_MOST_PIXELS = 40_000_000
_AGENT = "Mozilla/5.0 (compatible; Quarterdeck; link preview)"


@dataclass(frozen=True, slots=True)
class Found:
    """What a page said. `failure` is a sentence where it cannot be opened; `image` the address of its picture."""

    status: int | None = None
    failure: str = ""
    title: str = ""
    description: str = ""
    image: str = ""


@functools.cache
def client() -> SafeClient:
    return SafeClient(allow=env.private_hosts(), total=LONGEST, largest=LARGEST_PAGE, agent=_AGENT)


def look(url: str) -> Found:
    """Open the page once. A page too large to read whole opens, and says nothing of itself."""
    shown = shortly(url)
    try:
        answer = client().get(url, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.5"})
    except CallFailed as failed:
        if failed.code == "too-large":
            return Found(status=200)
        return Found(failure=f"The link {shown} could not be opened: {_lower(failed.title)}"[:300])
    if answer.status_code in {
        401,
        403,
        405,
        406,
        429,
        451,
        503,
    }:  # it is there, and does not talk to programs
        return Found(status=answer.status_code)
    if answer.status_code >= 400:
        return Found(answer.status_code, f"The link {shown} answers {answer.status_code}.")
    if "html" not in answer.headers.get("content-type", ""):
        return Found(status=answer.status_code)
    return _read(answer.text, str(answer.url), answer.status_code)


def thumbnail(url: str) -> bytes | None:
    """A page's picture as a JPEG of at most 1,000 pixels a side (under a megabyte); None where it cannot be had."""
    try:
        answer = client().get(url, largest=LARGEST_IMAGE)
        if answer.status_code != 200:
            return None
        with Image.open(io.BytesIO(answer.content), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (_SIDE, _SIDE))
            small = picture.convert("RGB")
        small.thumbnail((_SIDE, _SIDE))
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=82, optimize=True)
        return kept.getvalue()
    except (CallFailed, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def shortly(url: str) -> str:
    """An address as people read it: without https://, at most 60 characters."""
    plain = url.partition("://")[2].removeprefix("www.").rstrip("/")
    return plain if len(plain) <= 60 else plain[:59] + "…"


def _read(html: str, url: str, status: int) -> Found:
    head = _Head()
    with contextlib.suppress(_Enough):
        head.feed(html)
    said = head.said
    picture = said.get("og:image") or said.get("twitter:image") or ""
    picture = urljoin(url, picture) if picture else ""
    return Found(
        status,
        title=_line(said.get("og:title") or said.get("twitter:title") or head.title, 300),
        description=_line(said.get("og:description") or said.get("description") or "", 1000),
        image=picture if urlsplit(picture).scheme in {"http", "https"} and len(picture) <= 2000 else "",
    )


class _Enough(Exception):
    """The head is read."""


class _Head(HTMLParser):
    """The title and the descriptions in a page's head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            raise _Enough
        if tag == "title":
            self._in_title = True
        elif tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = (given.get("property") or given.get("name") or "").lower()
            if name and given.get("content"):
                self.said.setdefault(name, given["content"])

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < 1000:
            self.title += data


def _line(words: str, most: int) -> str:
    """On one line, without characters that a database or a network does not take."""
    plain = "".join(c for c in words.encode("utf-8", "ignore").decode() if c.isprintable() or c.isspace())
    return " ".join(plain.split())[:most]


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
