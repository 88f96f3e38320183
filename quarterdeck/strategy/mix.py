"""The intended mix of pillars beside the real one: counts first, since a share of few posts says little. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quarterdeck.strategy.models import Pillar


@dataclass(frozen=True, slots=True)
class Line:
    """One pillar: how many posts name it, and how many would by the intended mix (None where none is intended)."""

    pillar: Pillar
    count: int
    expected: float | None

    @property
    def words(self) -> str:
        """The distance in posts."""
        if self.expected is None:
            return ""
        off = self.count - self.expected
        if abs(off) < 1:
            return "as intended, to within a post"
        return f"about {round(abs(off))} {'more' if off > 0 else 'fewer'} than intended"


@dataclass(frozen=True, slots=True)
class Mix:
    """`posts` are all that were counted, `named` those that name a pillar; `others` of these name one that is retired,
    or another brand's."""

    lines: list[Line]
    posts: int
    named: int
    others: int

    @property
    def intended(self) -> int:
        """What the shares add up to; below a hundred where a pillar was retired since."""
        return sum(line.pillar.share or 0 for line in self.lines)


def mix(pillars: Iterable[Pillar], counts: Mapping[Any, int]) -> Mix:
    """Lay posts, counted by the id of the pillar they name (None: none), beside what is intended."""
    rows = list(pillars)
    posts = sum(counts.values())
    named = posts - counts.get(None, 0)
    lines = [
        Line(
            row,
            counts.get(row.pk, 0),
            None if row.share is None or not named else row.share * named / 100,
        )
        for row in rows
    ]
    return Mix(lines, posts, named, named - sum(line.count for line in lines))
