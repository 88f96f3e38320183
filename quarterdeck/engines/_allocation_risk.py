"""Allocation for the worst draws of uncertain Hill curves: maximise the mean of the lowest tail of outcomes.

The mean of the lowest `tail` share of S equally likely draws is the smallest weighted mean over weights
0 <= w_s <= 1 / (tail * S) that sum to 1 (Rockafellar and Uryasev 2000, the dual form). For fixed weights the
best allocation is a separable problem, solved by dynamic programming; it bounds the tail mean of every
allocation. Kelley's cutting planes move the weights to the lowest bound. What then remains is the worth of
tossing a coin between allocations; boxes of spends, split where those allocations differ most, remove it.
The final bounds are taken on a finer grid whose cells round every spend up, so that they hold for all
spends, not only those of the grid.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import linprog

from quarterdeck.engines._allocation_grid import best_split

Floats = NDArray[np.float64]
STEPS = 400
FINER = 6
ROUNDS = 40
BOXES = 40
GOOD_GAP = 2e-3
MOST_NUMBERS = 25_000_000


def marginal(draws: Floats, x: Floats, tail: float) -> float:
    """What the next unit of budget adds to the tail mean, spent where it adds most."""
    weights = _tail_weights(outcomes(draws, x), tail)
    step = 1e-6
    with np.errstate(divide="ignore", over="ignore"):
        now = 1.0 / (1.0 + (draws[:, :, 1] / x) ** draws[:, :, 2])
        then = 1.0 / (1.0 + (draws[:, :, 1] / (x + step)) ** draws[:, :, 2])
    return float((weights @ (draws[:, :, 0] * (then - now))).max() / step)


def outcomes(draws: Floats, x: Floats) -> Floats:
    """Total outcome of each draw (draws x channels x 3) at the spends x."""
    with np.errstate(divide="ignore", over="ignore"):
        ratio = (draws[:, :, 1] / x) ** draws[:, :, 2]
    return (draws[:, :, 0] / (1.0 + ratio)).sum(axis=1)


def tail_mean(values: Floats, tail: float) -> float:
    """Mean of the lowest `tail` share, the draw at the edge counted in part."""
    return float(_tail_weights(values, tail) @ values)


def _tail_weights(values: Floats, tail: float) -> Floats:
    cap = 1.0 / (tail * values.size)
    order = np.argsort(values, kind="stable")
    weights = np.zeros(values.size)
    weights[order] = np.clip(1.0 - cap * np.arange(values.size), 0.0, cap)
    return weights


def _next_weights(cuts: list[Floats], tail: float) -> tuple[Floats, float, Floats]:
    """The weights of the lowest model bound, that bound, and how much each cut holds it up (sums to 1)."""
    size = cuts[0].size
    rows = np.column_stack([np.array(cuts), -np.ones(len(cuts))])
    answer = linprog(
        np.append(np.zeros(size), 1.0),
        A_ub=rows,
        b_ub=np.zeros(len(cuts)),
        A_eq=np.append(np.ones(size), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, 1.0 / (tail * size))] * size + [(None, None)],
        method="highs",
    )
    if not answer.success:  # not seen; the bound stays true with any weights, only less tight
        return _tail_weights(np.mean(cuts, axis=0), tail), -np.inf, np.full(len(cuts), 1.0 / len(cuts))
    weights = np.clip(answer.x[:size], 0.0, 1.0 / (tail * size))
    return weights / weights.sum(), float(answer.fun), -np.asarray(answer.ineqlin.marginals)


@njit(cache=True)
def _tail_at(totals: Floats, tail: float) -> float:
    ordered = np.sort(totals)
    room = tail * ordered.size
    whole = int(room)
    worth = ordered[:whole].sum()
    if whole < ordered.size:
        worth += (room - whole) * ordered[whole]
    return worth / room


@njit(cache=True)
def _exchange(draws: Floats, x: Floats, tail: float, step: float, least: float) -> Floats:
    """Move money between pairs of channels as long as that helps, in ever smaller steps."""
    size, n = draws.shape[0], draws.shape[1]
    parts = np.empty((n, size))
    x = x.copy()
    for i in range(n):
        parts[i] = _part(draws, i, x[i])
    totals = parts.sum(axis=0)
    best = _tail_at(totals, tail)
    while step > least:
        moved = False
        for i in range(n):
            for j in range(n):
                take = min(step, x[i])
                if i == j or take <= 0.0:
                    continue
                less, more = _part(draws, i, x[i] - take), _part(draws, j, x[j] + take)
                trial = totals - parts[i] - parts[j] + less + more
                reached = _tail_at(trial, tail)
                if reached > best + 1e-12 * abs(best):
                    x[i], x[j], best, totals = x[i] - take, x[j] + take, reached, trial
                    parts[i], parts[j] = less, more
                    moved = True
        if not moved:
            step *= 0.5
    return x


@njit(cache=True)
def _part(draws: Floats, i: int, x: float) -> Floats:
    out = np.zeros(draws.shape[0])
    if x > 0.0:
        for s in range(out.size):
            out[s] = draws[s, i, 0] / (1.0 + (draws[s, i, 1] / x) ** draws[s, i, 2])
    return out


@dataclass(slots=True, eq=False)
class _Box:
    """Grid spends low..high per channel; the allocations tried in it, their outcomes, its best bound."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    splits: list[NDArray[np.int64]] = field(default_factory=list)
    cuts: list[Floats] = field(default_factory=list)
    bound: float = np.inf
    weights: Floats = field(default_factory=lambda: np.empty(0))
    mixture: Floats = field(default_factory=lambda: np.empty(0))


def _within(curves: Floats, low: NDArray[np.int64], high: NDArray[np.int64]) -> Floats:
    """The tabulated curves with -inf outside low..high."""
    place = np.arange(curves.shape[1])
    return np.where((place >= low[:, None]) & (place <= high[:, None]), curves, -np.inf)


class _Search:
    """Branch and bound over boxes of one problem; `best` is (tail mean, grid spends)."""

    def __init__(self, draws: Floats, tail: float) -> None:
        size, self.n = draws.shape[0], draws.shape[1]
        self.tail = tail
        self.steps = int(np.clip(MOST_NUMBERS // (size * self.n * FINER), 40, STEPS))
        grid = np.arange(self.steps * FINER + self.n + 1) / (self.steps * FINER)
        with np.errstate(divide="ignore", over="ignore"):
            ratio = (draws[:, :, 1:2] / grid) ** draws[:, :, 2:3]
        self.fine = draws[:, :, 0:1] / (1.0 + ratio)
        self.table = np.ascontiguousarray(self.fine[:, :, : self.steps * FINER + 1 : FINER])
        self.tried: list[tuple[float, NDArray[np.int64]]] = []

    def best(self) -> float:
        return max((worth for worth, _ in self.tried), default=-np.inf)

    def close_in(self, box: _Box) -> None:
        """Lower the bound of the box by cutting planes."""
        size = self.table.shape[0]
        weights = np.full(size, 1.0 / size)
        model = -np.inf
        if box.cuts:
            weights, model, box.mixture = _next_weights(box.cuts, self.tail)
        for _ in range(ROUNDS):
            curves = _within(np.tensordot(weights, self.table, axes=1), box.low, box.high)
            reached, split = best_split(curves, self.steps)
            if reached < box.bound or not box.weights.size:
                box.bound, box.weights = min(reached, box.bound), weights
            cut = self.table[:, np.arange(self.n), split].sum(axis=1)
            self.tried.append((tail_mean(cut, self.tail), split))
            box.cuts.append(cut)
            box.splits.append(split)
            weights, model, box.mixture = _next_weights(box.cuts, self.tail)
            if box.bound - max(model, self.best()) <= 0.5 * GOOD_GAP * box.bound:
                return

    def halves(self, box: _Box) -> list[_Box]:
        """Split where the allocations that hold the bound up differ most."""
        splits = np.array(box.splits)
        mean = box.mixture @ splits / box.mixture.sum()
        spread = box.mixture @ (splits - mean) ** 2
        i = int(np.argmax(spread))
        cut = int(np.clip(np.floor(mean[i]), box.low[i], box.high[i]))
        out = []
        for lower, upper in ((box.low[i], cut), (cut, box.high[i])):
            low, high = box.low.copy(), box.high.copy()
            low[i], high[i] = lower, upper
            if low.sum() > self.steps or (lower, upper) == (box.low[i], box.high[i]):
                continue
            inside = [k for k, s in enumerate(box.splits) if lower <= s[i] <= upper]
            kept = [box.splits[k] for k in inside], [box.cuts[k] for k in inside]
            out.append(_Box(low, high, *kept, bound=box.bound, weights=box.weights))
        return out

    def run(self) -> list[_Box]:
        """The boxes that are left; one of them holds the optimum unless it is within GOOD_GAP of the best."""
        root = _Box(np.zeros(self.n, dtype=np.int64), np.full(self.n, self.steps))
        self.close_in(root)
        order = count()
        heap = [(-root.bound, next(order), root)]
        done: list[_Box] = []
        for _ in range(BOXES // 2):
            if not heap or heap[0][2].bound - self.best() <= GOOD_GAP * heap[0][2].bound:
                break
            box = heapq.heappop(heap)[2]
            children = self.halves(box)
            if not children:
                done.append(box)
            for child in children:
                self.close_in(child)
                heapq.heappush(heap, (-child.bound, next(order), child))
        return done + [entry[2] for entry in heap]

    def sure_bound(self, box: _Box) -> float:
        """Bound over all spends of the box: each rounded up to the grid, the budget one cell a channel larger."""
        curves = np.tensordot(box.weights, self.fine, axes=1)
        curves = _within(curves, box.low * FINER, np.where(box.high < self.steps, box.high * FINER, 1 << 40))
        return float(best_split(curves, self.steps * FINER + self.n)[0])


def solve(draws: Floats, tail: float) -> tuple[Floats, float]:
    """The allocation of a budget of 1 and a proven bound of the tail mean, for scaled draws."""
    search = _Search(draws, tail)
    boxes = search.run()
    search.tried.sort(key=lambda tried: -tried[0])
    starts = [split / search.steps for _, split in search.tried[:3]]
    moved = [_exchange(draws, x, tail, 2.0 / search.steps, 1e-5) for x in starts]
    x = max(moved, key=lambda y: tail_mean(outcomes(draws, y), tail))
    return x, max(search.sure_bound(box) for box in boxes)
