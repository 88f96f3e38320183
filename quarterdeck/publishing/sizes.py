"""How much work a post is, for the week of a team: S, M or L, counted in points. Nobody notes hours."""

from __future__ import annotations

from quarterdeck.publishing.models import Kind, Size

POINTS = {Size.SMALL: 1, Size.MEDIUM: 2, Size.LARGE: 4}
# What a post usually is where nobody said it.
_USUAL = {
    Kind.THREAD: Size.MEDIUM,
    Kind.CAROUSEL: Size.MEDIUM,
    Kind.DOCUMENT: Size.MEDIUM,
    Kind.REEL: Size.LARGE,
}


def usual(kind: str) -> Size:
    """The size of a post of this kind that nobody gave one."""
    return _USUAL.get(Kind(kind), Size.SMALL)


def points(size: str) -> int:
    return POINTS[Size(size)]
