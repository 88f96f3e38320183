"""A bound nearer the truth than the relaxation's: prices for what stakeholders share, each then looked at alone.

The rows that join stakeholders (slots, bundles, orders, audiences) get prices; the rest falls apart by stakeholder,
and one stakeholder's best is found exactly, among whole plans, by the least price of each sum of points (Lagrangian
relaxation: Geoffrion 1974). Prices begin at the relaxation's and are improved step by step (Polyak 1969). Whatever
a stakeholder can only have below the best plan known is then closed, sum by sum and cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quarterdeck.engines._fairness_model import UNIT, Model
from quarterdeck.engines._fairness_rules import Rules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST_WORK = 4_000_000  # sums times cells of one look at everybody
STEPS = 60  # more moved the bound by less than the time they took
FIRST_STEP = 1.0  # of Polyak's rule; the search ends when it was halved below LAST_STEP
LAST_STEP = 0.05
PATIENCE = 6  # steps without a better bound before they are halved


@dataclass(frozen=True, slots=True, eq=False)
class Asker:
    """One stakeholder: `cells` per request the open columns, `steps` their points, `at` where each sum came from."""

    who: int
    cells: list[Ints]
    steps: list[Ints]
    at: list[Ints]
    stays: list[bool]  # per request: it must be placed
    worth: Floats  # per sum from 0, what it counts for; -inf where it may not be


class Prices:
    def __init__(self, model: Model, low: Floats, high: Floats) -> None:
        self.model, self.low, self.high = model, low, high
        rules = model.rules
        self.joint = slice(rules.own, rules.joint)
        self.matrix = (rules.rows.matrix(rules.width)[self.joint] @ _flat(rules)).tocsr()
        self.below, self.above = (np.array(end[self.joint]) for end in (rules.rows.low, rules.rows.high))
        self.back = self.matrix.T.tocsr()
        self.askers = [self._asker(a) for a in range(len(model.problem.weights))]

    def work(self) -> int:
        return sum(at.size for asker in self.askers for at in asker.at)

    def _asker(self, a: int) -> Asker:
        model, problem, grid = self.model, self.model.problem, self.model.grid
        mine = np.flatnonzero(problem.owner == a).tolist()
        cells = [grid.of[r][self.high[grid.of[r]] > 0.0] for r in mine]
        top = sum(int(model.worth[c].max()) for c in cells if c.size)
        u = np.arange(top + 1)
        steps = [model.worth[c] for c in cells]
        at = [u[:, None] - step[None, :] for step in steps]
        worth = UNIT * model.share.get(a, 0.0) * np.log(np.maximum(u, 1))
        if a in model.who:
            if self.low[model.z[a]] > 0.0:
                worth[0] = -np.inf
            worth[(u > self.high[model.u[a]]) | (u < self.low[model.u[a]])] = -np.inf
        stays = [r in problem.required or r in problem.fixed for r in mine]
        return Asker(a, cells, steps, at, stays, worth)

    def improve(self, given: Floats, target: float) -> tuple[float, Floats]:
        """The least bound met on the way from the prices given, and its prices. `target`: the welfare of a plan."""
        prices = self._signed(given)
        best, kept, step, stale = np.inf, prices, FIRST_STEP, 0
        for _ in range(STEPS):
            bound, slope = self.look(prices)
            if bound < best - 1e-9:
                best, kept, stale = bound, prices, 0
            else:
                stale += 1
                if stale >= PATIENCE:
                    step, stale, prices = step / 2, 0, kept
                    bound, slope = self.look(kept)
            steep = float(slope @ slope)
            if best <= target or steep == 0.0 or step < LAST_STEP:
                break
            prices = self._signed(prices - step * (bound - target) / steep * slope)
        return best, kept

    def _signed(self, prices: Floats) -> Floats:
        """A price acts only towards a side that is there."""
        up, down = np.isfinite(self.above), np.isfinite(self.below) & (self.below > 0.0)
        down |= self.below == self.above
        down |= ~up & np.isfinite(self.below)
        return np.clip(prices, np.where(down, -np.inf, 0.0), np.where(up, np.inf, 0.0))

    def look(self, prices: Floats) -> tuple[float, Floats]:
        """The bound at these prices, and how it moves with them."""
        cost = self.back @ prices
        extra = slice(self.model.grid.size, self.model.rules.width)
        chosen = np.zeros(self.model.rules.width)
        chosen[extra] = np.where(cost[extra] > 0.0, self.low[extra], self.high[extra])
        side = np.where(prices > 0.0, self.above, self.below)
        side[prices == 0.0] = 0.0
        bound = float(prices @ side) - float(cost[extra] @ chosen[extra])
        for asker in self.askers:
            best, cells = self._alone(asker, cost)
            bound += best
            chosen[cells] = 1.0
        used = self.matrix @ chosen
        slope = np.where(prices > 0.0, self.above, self.below) - used
        free = prices == 0.0
        slope[free] = np.minimum(self.above[free] - used[free], 0.0)
        return bound, np.where(np.isfinite(slope), slope, 0.0)

    def _alone(self, asker: Asker, cost: Floats) -> tuple[float, list[int]]:
        """What a stakeholder makes of the prices, and the cells taken."""
        least, ways = _nothing(asker), []
        for cells, at, stays in zip(asker.cells, asker.at, asker.stays, strict=True):
            least, way = _next(least, cost[cells], at, stays)
            ways.append(way)
        u = int(np.argmax(asker.worth - least))
        best = float(asker.worth[u] - least[u])
        taken = []
        for cells, at, way in reversed(list(zip(asker.cells, asker.at, ways, strict=True))):
            k = int(way[u])
            if k >= 0:
                taken.append(int(cells[k]))
                u = int(at[u, k])
        return best, taken

    def close(self, prices: Floats, least_good: float) -> float:
        """Close what no plan of welfare `least_good` or more can use, in `low` and `high`; the bound at `prices`."""
        bound, _ = self.look(prices)
        cost = self.back @ prices
        for asker in self.askers:
            best, _ = self._alone(asker, cost)
            over = bound - best - least_good  # what the others and the prices leave to spare
            for i, least in _all_but_one(asker, cost, range(len(asker.cells)), _nothing(asker)):
                cells, at = asker.cells[i], asker.at[i]
                reach = asker.worth[:, None] - np.where(at >= 0, least[at], np.inf)
                dear = cells[reach.max(axis=0) - cost[cells] + over < 0.0]
                self.high[dear] = 0.0
            self._close_sums(asker, cost, over)
        return bound

    def _close_sums(self, asker: Asker, cost: Floats, over: float) -> None:
        if asker.who in self.model.who:
            least = _with(asker, cost, range(len(asker.cells)), _nothing(asker))
            good = np.flatnonzero(asker.worth - least + over >= 0.0)
            if good.size:
                u = self.model.u[asker.who]
                self.low[u], self.high[u] = max(self.low[u], good[0]), min(self.high[u], good[-1])


def _flat(rules: Rules) -> csr_array:
    """Columns written as the cells they sum; the others as themselves."""
    parts = [rules.sums.get(j, np.array([j])) for j in range(rules.width)]
    ends = np.concatenate([[0], np.cumsum([part.size for part in parts])])
    columns = np.concatenate(parts)
    return csr_array((np.ones(columns.size), columns, ends), shape=(rules.width, rules.width))


def _next(least: Floats, cost: Floats, at: Ints, stays: bool) -> tuple[Floats, Ints]:
    """The least cost of each sum with one request more, and the cell that gives it (-1: left out)."""
    if not cost.size:
        return (np.full_like(least, np.inf) if stays else least), np.full(least.size, -1)
    reach = np.where(at >= 0, least[at], np.inf) + cost
    way = np.argmin(reach, axis=1)
    found = reach[np.arange(least.size), way]
    if stays:
        return found, way
    out = least <= found
    return np.where(out, least, found), np.where(out, -1, way)


def _nothing(asker: Asker) -> Floats:
    least = np.full(asker.worth.size, np.inf)
    least[0] = 0.0
    return least


def _with(asker: Asker, cost: Floats, requests: range, least: Floats) -> Floats:
    for i in requests:
        least, _ = _next(least, cost[asker.cells[i]], asker.at[i], asker.stays[i])
    return least


def _all_but_one(asker: Asker, cost: Floats, requests: range, least: Floats) -> Iterator[tuple[int, Floats]]:
    """Per request the least costs of all the others, halves at a time."""
    if len(requests) == 1:
        yield requests[0], least
    elif requests:
        half = len(requests) // 2
        first, last = requests[:half], requests[half:]
        yield from _all_but_one(asker, cost, first, _with(asker, cost, last, least))
        yield from _all_but_one(asker, cost, last, _with(asker, cost, first, least))
