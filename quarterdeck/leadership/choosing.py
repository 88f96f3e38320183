"""Which deeds make a week, and which sentences a year. Pure functions: the same in, the same out, no learning.

Of a week: the weightiest of each kind of work first, so that one kind does not take all the room; then the weightiest
of the rest while there are fewer than three. Of a year: the weightiest of each kind of every month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quarterdeck.core.deeds import Deed
from quarterdeck.leadership.lines import Line

MOST, LEAST = 5, 3
HEAVY = 60  # from here on a deed joins even when its kind is there already
MOST_OF_A_MONTH, MOST_OF_A_YEAR = 2, 18


def week(deeds: Iterable[Deed], most: int = MOST) -> list[Deed]:
    """At most `most` of them, in the order in which they happened."""
    heaviest = sorted(deeds, key=lambda deed: (-deed.weight, deed.when, deed.key))
    chosen: list[Deed] = []
    kinds: set[str] = set()
    for deed in heaviest:
        if len(chosen) < most and deed.kind not in kinds:
            kinds.add(deed.kind)
            chosen.append(deed)
    for deed in heaviest:
        wanted = len(chosen) < LEAST or deed.weight >= HEAVY
        if deed not in chosen and len(chosen) < most and wanted:
            chosen.append(deed)
    return sorted(chosen, key=lambda deed: (deed.when, deed.key))


def year(months: Iterable[Sequence[Line]]) -> list[str]:
    """Of each month (its sentences) the ids of the two weightiest, of two kinds if it can be; at most a page in all."""
    chosen: list[str] = []
    for lines in months:
        heaviest = sorted(lines, key=lambda line: (-line.weight, line.when, line.id))
        first = heaviest[:1]
        other = [line for line in heaviest[1:] if line.kind != first[0].kind] or heaviest[1:]
        chosen += [line.id for line in (first + other)[:MOST_OF_A_MONTH]]
    return chosen[:MOST_OF_A_YEAR]
