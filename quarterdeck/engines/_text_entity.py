"""What is found in a text: the type every grammar of the text engine gives, and how overlaps are settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Found = tuple[str, int, int]


class Entity(NamedTuple):
    """kind: url, mention, hashtag, cashtag or list; text[start:end] is the piece, sign and all, in code points."""

    kind: str
    start: int
    end: int
    text: str


def apart(text: str, found: Iterable[Found]) -> list[Entity]:
    """By start, each that begins before the one kept last has ended left out; at one start the first given wins."""
    kept: list[Entity] = []
    for kind, start, end in sorted(found, key=lambda f: f[1]):
        if not kept or kept[-1].end <= start:
            kept.append(Entity(kind, start, end, text[start:end]))
    return kept
