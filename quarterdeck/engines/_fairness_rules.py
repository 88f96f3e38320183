"""The rules of a calendar as linear rows over 0/1 columns, one column per open (request, slot).

Rows are kept strong, so that the relaxation stays near the truth: an order is one row per slot over sums
"placed by here", and the conflicts of one audience are gathered into cliques of slots of which one may be used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quarterdeck.engines._fairness_input import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Rows:
    """Rows of a linear programme, gathered one by one: low <= row <= high."""

    columns: list[Ints] = field(default_factory=list)
    factors: list[Floats] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(
        self, columns: Iterable[int] | Ints, factors: Iterable[float] | float, low: float, high: float
    ) -> None:
        where = np.asarray(columns, dtype=np.int64)
        if where.size:
            self.columns.append(where)
            self.factors.append(np.broadcast_to(np.asarray(factors, dtype=float), where.shape))
            self.low.append(low)
            self.high.append(high)
        elif low > 0.0 or high < 0.0:  # a row of nothing that must be something: no plan can meet it
            self.add([0, 0], [1.0, -1.0], low, high)

    def copy(self) -> Rows:
        return Rows(list(self.columns), list(self.factors), list(self.low), list(self.high))

    def matrix(self, width: int) -> csr_array:
        ends = np.concatenate([[0], np.cumsum([c.size for c in self.columns])]).astype(np.int64)
        columns = np.concatenate(self.columns) if self.columns else np.zeros(0, dtype=np.int64)
        factors = np.concatenate(self.factors) if self.factors else np.zeros(0)
        found = csr_array((factors, columns, ends), shape=(len(self.low), width))
        found.sum_duplicates()
        return found


@dataclass
class Grid:
    """The open cells of a problem as columns: `request[j]`, `slot[j]`; `of[r]` the columns of a request."""

    request: Ints
    slot: Ints
    of: list[Ints]
    at: list[Ints]

    @classmethod
    def over(cls, mask: NDArray[np.bool_]) -> Grid:
        request, slot = (part.astype(np.int64) for part in np.nonzero(mask))
        of = [np.flatnonzero(request == r) for r in range(mask.shape[0])]
        at = [np.flatnonzero(slot == s) for s in range(mask.shape[1])]
        return cls(request, slot, of, at)

    @property
    def size(self) -> int:
        return self.request.size


class Rules:
    """Rows and the columns they need beyond the cells (`width` in all; those of `whole` are 0 or 1)."""

    def __init__(self, problem: Problem, grid: Grid, must: Iterable[int]) -> None:
        self.rows, self.grid, self.width = Rows(), grid, grid.size
        self.whole: list[int] = []
        self.bundles: list[tuple[tuple[int, ...], int]] = []  # and the column that says "placed"
        self.sums: dict[int, Ints] = {}  # per column that says "stands by here": the cells it sums
        slots = problem.capacity.size
        placed = frozenset(must)
        for r, columns in enumerate(grid.of):
            self.rows.add(columns, 1.0, float(r in placed), 1.0)
        self.own = len(self.rows.low)  # the rows so far join nobody
        for s, columns in enumerate(grid.at):
            if columns.size > problem.capacity[s]:
                self.rows.add(columns, 1.0, 0.0, float(problem.capacity[s]))
        for bundle in problem.bundles:
            self._together(bundle)
        self._orders(problem, slots)
        for bound, pairs in _audiences(problem).items():
            self._audience(bound, pairs, problem.capacity)
        self.joint = len(self.rows.low)  # those from `own` to here join requests

    def _together(self, bundle: tuple[int, ...]) -> None:
        placed = self.width  # a column of its own: the solver decides on the bundle as one
        self.width += 1
        self.whole.append(placed)
        self.bundles.append((bundle, placed))
        for r in bundle:
            mine = self.grid.of[r]
            self.rows.add([*mine, placed], [*np.ones(mine.size), -1.0], 0.0, 0.0)

    def _orders(self, problem: Problem, slots: int) -> None:
        """For each slot s: r at s or later, plus q at s or earlier, is at most one of them.

        Where the two share an audience, q may be some slots later still and the row holds all the same.
        """
        sums = {r: self._sums(r, slots) for r in sorted({r for pair in problem.order for r in pair})}
        for r, q in problem.order:
            apart = _apart(problem, r, q)
            both = next((y for b, y in self.bundles if r in b and q in b), None)
            for s in range(slots):
                end = _within(self.grid.slot[self.grid.of[r]], self.grid.slot[self.grid.of[q]], apart, s)
                columns, factors = [sums[r][-1], sums[q][end]], [1.0, 1.0]
                if s:
                    columns.append(sums[r][s - 1])
                    factors.append(-1.0)
                if both is not None:
                    columns.append(both)
                    factors.append(-1.0)
                self.rows.add(columns, factors, -np.inf, 1.0 if both is None else 0.0)

    def _sums(self, request: int, slots: int) -> list[int]:
        """Columns that say whether a request stands in slot s or earlier."""
        start = self.width
        self.width += slots
        cell = {int(self.grid.slot[j]): int(j) for j in self.grid.of[request]}
        for s in range(slots):
            columns, factors = [start + s], [1.0]
            if s:
                columns.append(start + s - 1)
                factors.append(-1.0)
            if s in cell:
                columns.append(cell[s])
                factors.append(-1.0)
            self.rows.add(columns, factors, 0.0, 0.0)
            self.sums[start + s] = np.array([j for t, j in cell.items() if t <= s], dtype=np.int64)
        return list(range(start, start + slots))

    def _audience(self, bound: tuple[int, ...], pairs: set[tuple[int, int]], capacity: Ints) -> None:
        member = np.zeros(len(self.grid.of), dtype=np.bool_)
        member[list(bound)] = True
        used: dict[int, Ints] = {}
        for s in sorted({s for pair in pairs for s in pair}):
            cells = self.grid.at[s][member[self.grid.request[self.grid.at[s]]]]
            if cells.size > 1 and capacity[s] > 1:
                mark = self.width
                self.width += 1
                self.whole.append(mark)
                for j in cells:
                    self.rows.add([j, mark], [1.0, -1.0], -np.inf, 0.0)
                cells = np.array([mark])
            used[s] = cells
        for clique in _cliques(pairs):
            self.rows.add(np.concatenate([used[s] for s in clique]), 1.0, -np.inf, 1.0)


def _audiences(problem: Problem) -> dict[tuple[int, ...], set[tuple[int, int]]]:
    """Pairs of slots by who may not get both; one request alone never stands in two slots."""
    found: dict[tuple[int, ...], set[tuple[int, int]]] = {}
    for s, t, bound in problem.conflicts:
        if len(bound) > 1:
            found.setdefault(bound, set()).add((s, t))
    return found


def _apart(problem: Problem, r: int, q: int) -> set[tuple[int, int]]:
    """Pairs of slots, the earlier first, that two requests may not both have."""
    return {(min(s, t), max(s, t)) for s, t, bound in problem.conflicts if r in bound and q in bound}


def _within(first: Ints, then: Ints, apart: set[tuple[int, int]], start: int) -> int:
    """The last slot up to which `then` cannot stand if `first` stands at `start` or later."""
    end = start
    later = [int(t) for t in np.sort(then) if t > start]
    for t in later:
        if any((int(s), t) not in apart for s in first if start <= s < t):
            break
        end = t
    return end


def _cliques(pairs: set[tuple[int, int]]) -> list[list[int]]:
    """Sets of slots that are all pairwise in conflict and together cover every pair."""
    near: dict[int, set[int]] = {}
    for s, t in pairs:
        near.setdefault(s, set()).add(t)
        near.setdefault(t, set()).add(s)
    left, found = set(pairs), []
    for s, t in sorted(pairs):
        if (s, t) not in left:
            continue
        clique, common = [s, t], near[s] & near[t]
        while common:
            other = min(common)
            clique.append(other)
            common &= near[other]
        clique.sort()
        left -= {(a, b) for i, a in enumerate(clique) for b in clique[i + 1 :]}
        found.append(clique)
    return found


def broken(problem: Problem, slot_of: Ints) -> str | None:
    """The first rule that a plan breaks, in words; None when it breaks none. Looks at the problem alone."""
    placed = slot_of >= 0
    mask, count = problem.open, np.bincount(slot_of[placed], minlength=problem.capacity.size)
    for r in np.flatnonzero(placed).tolist():
        if not mask[r, slot_of[r]]:
            return f"request {r} may not stand in slot {slot_of[r]}"
    if (count > problem.capacity).any():
        return f"slot {np.argmax(count > problem.capacity)} is too full"
    for r in problem.required | set(problem.fixed):
        if not placed[r]:
            return f"request {r} is not placed"
    for k, bundle in enumerate(problem.bundles):
        if len({bool(placed[r]) for r in bundle}) > 1:
            return f"bundle {k} is placed in part"
    for r, q in problem.order:
        if placed[r] and placed[q] and slot_of[r] >= slot_of[q]:
            return f"request {r} does not come before request {q}"
    for s, t, bound in problem.conflicts:
        where = {int(slot_of[r]) for r in bound}
        if s in where and t in where:
            return f"one audience gets both slot {s} and slot {t}"
    return None
