"""Where the words of a comment are in a text that may have changed since: by the quote itself, and where it stands
several times by what stood around it (the text quote selector of the Web Annotation Data Model, W3C 2017). Pure.

Places count code points, as Python and PostgreSQL do; a place never begins or ends inside what people see as one
character (UAX 29, extended grapheme clusters): a comment on a cook is not one on the woman it is drawn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

AROUND = 40  # characters kept on either side


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of characters in a part of a post."""

    part: int
    start: int
    end: int


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a stretch."""
    return text[max(0, start - AROUND) : start], text[end : end + AROUND]


def find(
    texts: Sequence[str], quote: str, *, part: int = 0, start: int = 0, before: str = "", after: str = ""
) -> Place | None:
    """Where the quote is now: in its own part if it is there, else in another; None when the words are gone.

    Of several places the one whose surroundings agree most, then the one nearest to where it was.
    """
    if not quote:
        return None
    found = [
        Place(number, at, at + len(quote))
        for number, text in enumerate(texts)
        for at in _whole(text, _places(text, quote), len(quote))
    ]

    def fits(place: Place) -> tuple[int, int, int]:
        text = texts[place.part]
        agree = _common(text[: place.start][::-1], before[::-1]) + _common(text[place.end :], after)
        return place.part == part, agree, -abs(place.start - start)

    return max(found, key=fits, default=None)


def _places(text: str, quote: str) -> list[int]:
    places, at = [], text.find(quote)
    while at >= 0 and len(places) < 200:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


def _whole(text: str, places: list[int], length: int) -> list[int]:
    """Those of the places at which no character of the text is cut in two."""
    if not places or text.isascii():
        return places
    edges = {match.start() for match in regex.finditer(r"\X", text)} | {len(text)}
    return [at for at in places if at in edges and at + length in edges]


def _common(a: str, b: str) -> int:
    """How many characters both begin with."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count
