"""The fair calendar as a mixed integer linear programme, exact because utilities are whole numbers.

Columns: the cells and marks of `_fairness_rules`; per stakeholder a utility u, whether they are served z, and t,
the logarithm of u in units of 1 / UNIT. The logarithm is concave, and a plan gives a utility that is a sum of one
value per request, so t lies below the chord through any two neighbouring sums, and on it at both ends: the chords
are its exact concave envelope (outer approximation, Duran and Grossmann 1986). They are added where they are
needed. t <= 0 for who is not served (the chords are written in perspective: slope u + intercept z).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from quarterdeck.engines._fairness_input import Problem
from quarterdeck.engines._fairness_rules import Grid, Rows, Rules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNIT = 1e3  # t = UNIT * log(u): the solver's tolerance of 1e-6 is then 1e-9 of a natural logarithm
FIRST_CHORDS = 12
NEAR = 0.15  # chords are laid closely this far to both sides of a utility found
CLOSE = 40  # and at most so many to each side
SPARE = 0.06  # of the time given, for what the solver takes to stop
NODES = 500_000  # of one call to the solver: bounds its memory


class OutOfTime(Exception):
    """The time given is used up."""


class Clock:
    """Seconds left of a limit (None: no limit)."""

    def __init__(self, seconds: float | None) -> None:
        self.end = None if seconds is None else time.monotonic() + (1.0 - SPARE) * seconds

    def left(self) -> float | None:
        """Seconds, at least a little; OutOfTime when there are none."""
        if self.end is None:
            return None
        left = self.end - time.monotonic()
        if left <= 0.0:
            raise OutOfTime
        return left


@dataclass(frozen=True, slots=True)
class Answer:
    """`cells` None if the solver found no plan; `bound`: no plan has less than this cost; `ended` within limits."""

    cells: Floats | None
    bound: float
    ended: bool

    @property
    def impossible(self) -> bool:
        return self.cells is None and self.ended


def best_of(
    cost: Floats,
    matrix: csr_array,
    rows: tuple[Floats, Floats],
    integral: Floats,
    columns: tuple[Floats, Floats],
    clock: Clock,
    gap: float = 0.0,
) -> Answer:
    """Least cost with rows and columns between their two ends, columns whole where `integral` is 1."""
    options: dict[str, float] = {"mip_rel_gap": gap, "node_limit": NODES}
    left = clock.left()
    if left is not None:
        options["time_limit"] = left
    for presolve in (True, False):  # rarely the presolve ends in an error that the search does not meet
        found = milp(
            cost,
            constraints=LinearConstraint(matrix, *rows),
            integrality=integral,
            bounds=Bounds(*columns),
            options={**options, "presolve": presolve},
        )
        if found.status in (0, 1, 2):
            break
    else:
        raise ArithmeticError(f"The solver stopped with a status it should not have: {found.message}")
    bound = found.mip_dual_bound
    return Answer(found.x, -np.inf if bound is None else float(bound), found.status != 1)


class Model:
    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.grid = Grid.over(problem.open)
        self.worth = problem.values[self.grid.request, self.grid.slot]
        self.rules = Rules(problem, self.grid, problem.required | set(problem.fixed))
        self.sums = _sums(problem)
        self.who = [a for a, sums in enumerate(self.sums) if sums.size]
        k = len(self.who)
        start = self.rules.width
        self.u, self.z, self.t = (
            dict(zip(self.who, range(start + i * k, start + (i + 1) * k), strict=True)) for i in range(3)
        )
        self.width = start + 3 * k
        self.low, self.high = np.zeros(self.width), np.ones(self.width)
        self.integral = np.zeros(self.width)
        self.integral[: self.grid.size] = 1
        self.integral[self.rules.whole] = 1
        self.integral[list(self.z.values())] = 1
        self.chords: dict[int, dict[int, None]] = {a: {} for a in self.who}
        self.mine: dict[int, Ints] = {}
        self._utilities()
        self.base = self.rules.rows.matrix(self.width)
        largest = max(problem.weights)
        self.share = {a: problem.weights[a] / largest for a in self.who}
        self.welfare = np.zeros(self.width)
        for a in self.who:
            self.welfare[self.t[a]] = -self.share[a]

    def _utilities(self) -> None:
        owner, rows = self.problem.owner[self.grid.request], self.rules.rows
        for a in self.who:
            sums = self.sums[a]
            mine = np.flatnonzero((owner == a) & (self.worth > 0))
            rows.add([*mine, self.u[a]], [*self.worth[mine], -1.0], 0.0, 0.0)
            rows.add([*mine, self.z[a]], [*np.ones(mine.size), -1.0], 0.0, np.inf)
            rows.add([self.u[a], self.z[a]], [1.0, -float(sums[-1])], -np.inf, 0.0)
            self.high[self.u[a]] = sums[-1]
            self.high[self.t[a]] = UNIT * np.log(sums[-1])
            self.mine[a] = mine
            for at in np.geomspace(sums[0], sums[-1], FIRST_CHORDS):
                self.touch(a, at, 0)

    def touch(self, a: int, utility: float, close: int | None = None) -> bool:
        """Lay chords at a utility and around it; False if they all lie already."""
        sums, have = self.sums[a], self.chords[a]
        last = sums.size - 1
        i = int(np.searchsorted(sums, utility, side="right")) - 1
        wanted = {i - 1, i}
        if close is None:
            close = CLOSE
        if close:
            first, end = np.searchsorted(sums, [utility * (1 - NEAR), utility * (1 + NEAR)])
            step = max(1, (end - first) // (2 * close))
            wanted |= set(range(first, end, step)) | set(range(i - 3, i + 3))
        fresh = {max(0, min(k, last)) for k in wanted} - have.keys()
        have.update(dict.fromkeys(sorted(fresh)))
        return bool(fresh)

    def _chord_rows(self) -> Rows:
        rows = Rows()
        for a, chords in self.chords.items():
            sums = self.sums[a].astype(float)
            for i in chords:
                if i + 1 < sums.size:
                    slope = np.log1p((sums[i + 1] - sums[i]) / sums[i]) / (sums[i + 1] - sums[i])
                else:
                    slope = 0.0
                level = np.log(sums[i]) - slope * sums[i]
                mine = self.mine[a]
                high = mine[self.worth[mine] > sums[min(i + 1, sums.size - 1)]]
                less = slope * self.worth[high] - np.log(self.worth[high]) + level
                rows.add(
                    [self.t[a], self.u[a], self.z[a], *high],
                    [1.0, -UNIT * slope, -UNIT * level, *(UNIT * less)],
                    -np.inf,
                    0.0,
                )
        return rows

    def _rows(self, more: Rows, width: int) -> tuple[csr_array, Floats, Floats]:
        parts = [self.rules.rows, self._chord_rows(), more]
        base = self.base.copy()
        base.resize((base.shape[0], width))
        matrix = vstack([base, parts[1].matrix(width), more.matrix(width)], format="csr")
        low, high = (
            np.array([x for part in parts for x in getattr(part, end)], dtype=float)
            for end in ("low", "high")
        )
        return matrix, low, high

    def solve(self, cost: Floats, more: Rows, low: Floats, high: Floats, gap: float = 0.0) -> Answer:
        """Least cost over the plans within the bounds of the columns; columns beyond the model's are 0 or 1."""
        width = low.size
        extra = np.ones(width - self.width)
        matrix, row_low, row_high = self._rows(more, width)
        return best_of(
            np.concatenate([cost, 0.0 * extra]),
            matrix,
            (row_low, row_high),
            np.concatenate([self.integral, extra]),
            (low, high),
            self.clock,
            gap,
        )

    def relax(self, more: Rows, low: Floats, high: Floats, cost: Floats | None = None) -> Any:
        """The relaxation (for welfare), as `linprog` answers: status 0 with x, fun, lower.marginals; 2: impossible."""
        matrix, row_low, row_high = self._rows(more, self.width)
        equal = row_low == row_high
        up, down = np.isfinite(row_high) & ~equal, np.isfinite(row_low) & ~equal
        left = self.clock.left()
        found = linprog(
            self.welfare if cost is None else cost,
            A_ub=vstack([matrix[up], -matrix[down]], format="csr"),
            b_ub=np.concatenate([row_high[up], -row_low[down]]),
            A_eq=matrix[equal],
            b_eq=row_low[equal],
            bounds=np.stack([low, high], axis=1),
            method="highs",
            options={} if left is None else {"time_limit": left},
        )
        if found.status == 1:
            raise OutOfTime
        if found.status == 0:
            prices = np.zeros(equal.size)
            prices[equal] = -found.eqlin.marginals
            ups = int(up.sum())
            prices[up] -= found.ineqlin.marginals[:ups]
            prices[down] += found.ineqlin.marginals[ups:]
            found["prices"] = prices
        return found

    def plan(self, cells: Floats) -> Ints:
        """slot_of, -1 where a request is not placed."""
        slot_of = np.full(self.problem.owner.size, -1, dtype=np.int64)
        on = np.flatnonzero(cells[: self.grid.size] > 0.5)
        slot_of[self.grid.request[on]] = self.grid.slot[on]
        return slot_of


def _sums(problem: Problem) -> list[Ints]:
    """Per stakeholder the utilities > 0 that one value per request can add up to."""
    found = []
    mask = problem.open
    for a in range(len(problem.weights)):
        reach = 1  # bit k: k points can be reached
        for r in np.flatnonzero(problem.owner == a):
            values: Iterable[int] = np.unique(problem.values[r][mask[r]]).tolist()
            grown = reach
            for v in values:
                grown |= reach << v
            reach = grown
        bits = np.frombuffer(reach.to_bytes(reach.bit_length() // 8 + 1, "little"), dtype=np.uint8)
        sums = np.flatnonzero(np.unpackbits(bits, bitorder="little")).astype(np.int64)
        found.append(sums[sums > 0])
    return found
