"""Dynamic programming over a grid of spends: for curves of any shape, and where the boxes run out.

Many nearly equal S-curves make branch and bound look at every choice of who is switched on; a knapsack
recursion over the budget does not care. `narrow` cuts every channel's range into cells, takes the best
f(x) - price * x inside each cell at the price of the best allocation known (near which that is flat, so that
a cell of width d errs by d squared), lets the cells' lower ends share the budget, and so bounds the optimum
from above. A cell through which no total above the best known can pass is dropped, the others are cut finer.
`best_split` is the plain recursion on tabulated curves.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from quarterdeck.engines._allocation_bound import (
    Compiled,
    cells,
    concave_box,
    fill,
    relax,
    slope_after,
    total,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FIRST_CELLS = 512
FINER = 4
MOST_WORK = 8e9
MOST_MEMORY = 8_000_000


@njit(cache=True)
def _forward(first: Ints, cell: Ints, worth: Floats, size: int, start: Floats, backward: bool) -> Floats:
    """table[i, g]: the best sum of the first i channels (the last i if backward) with g cells in all."""
    n = first.size - 1
    table = np.full((n + 1, size + 1), -np.inf)
    table[0, :] = start
    for step in range(n):
        i = n - 1 - step if backward else step
        for k in range(first[i], first[i + 1]):
            j, w = cell[k], worth[k]
            for g in range(j, size + 1):
                reached = table[step, g - j] + w
                if reached > table[step + 1, g]:
                    table[step + 1, g] = reached
    return table


@njit(cache=True)
def _through(first: Ints, cell: Ints, worth: Floats, size: int, ahead: Floats, behind: Floats) -> Floats:
    """The best total that passes through each cell."""
    n = first.size - 1
    out = np.empty(cell.size)
    for i in range(n):
        for k in range(first[i], first[i + 1]):
            best = -np.inf
            for g in range(size - cell[k] + 1):
                both = ahead[i, g] + behind[n - 1 - i, size - cell[k] - g]
                if both > best:
                    best = both
            out[k] = best + worth[k]
    return out


@njit(cache=True)
def _path(first: Ints, cell: Ints, worth: Floats, g: int, ahead: Floats) -> Ints:
    """Positions of the cells of the best total with g cells in all."""
    n = first.size - 1
    chosen = np.zeros(n, dtype=np.int64)
    for i in range(n - 1, -1, -1):
        best = -np.inf
        for k in range(first[i], first[i + 1]):
            if cell[k] <= g and ahead[i, g - cell[k]] + worth[k] > best:
                best = ahead[i, g - cell[k]] + worth[k]
                chosen[i] = k
        g -= cell[chosen[i]]
    return chosen


def through_cells(first: Ints, cell: Ints, worth: Floats, size: int) -> tuple[Floats, Floats]:
    """The forward table, and the best total through each cell; cells in all from size - channels to size."""
    ends = np.full(size + 1, -np.inf)
    ends[0] = 0.0
    ahead = _forward(first, cell, worth, size, ends, False)
    ends[: first.size] = 0.0
    behind = _forward(first, cell, worth, size, ends, True)
    return ahead, _through(first, cell, worth, size, ahead, behind)


def marginal(c: Compiled, x: Floats, high: Floats) -> float:
    """What the next unit of budget brings when channels already on move along their curves; 0 if unspent."""
    if x.sum() < 1.0 - 1e-9:
        return 0.0
    best = 0.0
    for i in range(x.size):
        if x[i] < high[i] * (1.0 - 1e-12) and not 0.0 <= x[i] < c.floor[i]:
            slope = slope_after(c, i, x[i])
            best = max(best, slope if np.isfinite(slope) else 0.0)
    return float(best)


def polish(c: Compiled, x: Floats, low: Floats, high: Floats) -> Floats:
    """The best point of the concave stretches around x, if it is better than x."""
    lows, highs = concave_box(c, x, low, high)
    _, _, under, over = relax(c, lows, highs, 1.0)
    moved, _, _ = fill(c, lows, under, over)
    better = total(c, moved) > total(c, x) and moved.sum() <= 1.0 + 1e-12
    return moved if better else x


def narrow(
    c: Compiled, low: Floats, high: Floats, x: Floats, bound: float, price: float, tolerance: float
) -> tuple[Floats, float]:
    """Improve (a feasible point, a proven bound) until they meet within the tolerance or the work runs out.

    `price` is the root's dual price, good for dropping cells one at a time; the recursion uses the price at
    the best point known. Money left over is one more channel that earns nothing, so the cells of all
    channels together always hold the budget and no price is credited for money not spent.
    """
    c, low, high = _with_leftover(c), np.append(low, 0.0), np.append(high, 1.0)
    n = low.size
    x = np.append(x, max(0.0, 1.0 - x.sum()))
    size = FIRST_CELLS
    while size < 8 * n:
        size *= 2
    owner = np.repeat(np.arange(n), size + 1)
    cell = np.tile(np.arange(size + 1), n)
    value = total(c, x)
    work = 0.0
    while bound - value > tolerance * abs(bound) and n * size <= MOST_MEMORY:
        target = value + 0.9 * tolerance * abs(value)
        local = marginal(c, x, high)
        for at in (price, local):
            worth, place = cells(c, low, high, at, owner, cell, size)
            keep = _cheap_cut(owner, worth, n, target - at)
            owner, cell, worth, place = owner[keep], cell[keep], worth[keep], place[keep]
        work += 3.0 * owner.size * size
        first = np.searchsorted(owner, np.arange(n + 1))
        if (np.diff(first) == 0).any():
            return x[:-1], min(bound, target)
        if work > MOST_WORK:
            break
        ahead, through = through_cells(first, cell, worth, size)
        bound = min(bound, max(target, local + ahead[n, size - n :].max()))
        # Lower ends of the best cells; and best points of cells whose upper ends share the budget as well.
        most = size - n + int(np.argmax(ahead[n, size - n :]))
        safe = int(np.argmax(ahead[n, : size - n + 1]))
        x, value = _try(c, low, high, x, cell[_path(first, cell, worth, most, ahead)] / size)
        if np.isfinite(ahead[n, safe]):
            x, value = _try(c, low, high, x, place[_path(first, cell, worth, safe, ahead)])
        keep = local + through > target
        owner = np.repeat(owner[keep], FINER)
        cell = (cell[keep][:, None] * FINER + np.arange(FINER)).ravel()
        size *= FINER
    return x[:-1], max(bound, value)


def _with_leftover(c: Compiled) -> Compiled:
    last = c.xs.size
    more = {"steps": False, "scale": 0.0, "half": 1.0, "shape": 1.0, "bend": 0.0, "begin": last, "end": last}
    more["floor"] = 0.0
    return c._replace(**{name: np.append(getattr(c, name), what) for name, what in more.items()})


def _try(c: Compiled, low: Floats, high: Floats, x: Floats, start: Floats) -> tuple[Floats, float]:
    """The better of x and the point that the cells' lower ends lead to."""
    start = np.clip(start, low, high)
    hole = (start < c.floor) & (low <= 0.0)
    start = np.where(hole, np.where((start > 0.0) & (c.floor <= high), c.floor, 0.0), start)
    value = total(c, x)
    if start.sum() <= 1.0:
        moved = polish(c, start, low, high)
        reached = total(c, moved)
        if reached > value + 1e-12 * abs(value):
            return moved, reached
    return x, value


def _cheap_cut(owner: Ints, worth: Floats, n: int, target: float) -> NDArray[np.bool_]:
    """Cells that reach the target when every other channel does its best, the budget forgotten."""
    best = np.full(n, -np.inf)
    np.maximum.at(best, owner, worth)
    return worth + (best.sum() - best[owner]) > target


@njit(cache=True)
def best_split(table: Floats, size: int) -> tuple[float, Ints]:
    """Maximise sum of table[i, j_i] subject to sum(j) <= size; table is channels x (size + 1)."""
    n = table.shape[0]
    ahead = np.zeros((n + 1, size + 1))
    for i in range(n):
        for g in range(size + 1):
            best = -np.inf
            for j in range(g + 1):
                reached = ahead[i, g - j] + table[i, j]
                if reached > best:
                    best = reached
            ahead[i + 1, g] = best
    chosen = np.zeros(n, dtype=np.int64)
    g = size
    for i in range(n - 1, -1, -1):
        for j in range(g + 1):
            if ahead[i, g - j] + table[i, j] >= ahead[i + 1, g]:
                chosen[i] = j
                break
        g -= chosen[i]
    return ahead[n, size], chosen
