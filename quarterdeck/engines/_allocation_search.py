"""Best-first branch and bound over boxes of spends.

Each box is bounded by its envelope relaxation and gives a feasible point, improved to the exact optimum of
the concave stretches around it. The box with the best bound is split at the relaxed spend of the channel
that the relaxation fills only in part: both halves exclude that point, and a chord over a shorter interval
lies closer to its curve, so the bound falls to the best value found (Falk and Soland 1969).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from quarterdeck.engines._allocation_bound import Compiled, concave_box, fill, relax, total

Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Found:
    """The best feasible point, the proven bound, the boxes looked at, and the root's price."""

    x: Floats
    value: float
    bound: float
    boxes: int
    price: float


@dataclass(slots=True, eq=False)
class _Box:
    low: Floats
    high: Floats
    bound: float
    price: float
    channel: int
    place: float


def search(
    c: Compiled, low: Floats, high: Floats, tolerance: float, most_boxes: int, start: Floats | None = None
) -> Found:
    """Maximise within the box; stop when (bound - value) <= tolerance * bound or after `most_boxes` boxes."""
    x = low.copy() if start is None else start
    best = Found(x, total(c, x), -np.inf, 0, 0.0)
    order = count()
    heap: list[tuple[float, int, _Box]] = []

    def look(lows: Floats, highs: Floats, parent_bound: float, guess: float) -> None:
        bound, price, under, over = relax(c, lows, highs, guess)
        best.boxes += 1
        bound = min(bound, parent_bound)
        x, channel, place = fill(c, lows, under, over)
        _keep(c, best, x, low, high, price, bound)
        if channel >= 0 and bound - best.value > tolerance * abs(bound):
            box = _Box(lows, highs, bound, price, channel, place)
            heapq.heappush(heap, (-bound, next(order), box))
        else:
            best.bound = max(best.bound, bound)

    look(low, high, np.inf, 1.0)
    best.price = heap[0][2].price if heap else 0.0
    while heap:
        box = heap[0][2]
        if box.bound - best.value <= tolerance * abs(box.bound) or best.boxes >= most_boxes:
            break
        heapq.heappop(heap)
        for lows, highs in _halves(c, box):
            if lows.sum() <= 1.0:
                look(lows, highs, box.bound, box.price)
    best.bound = max(best.bound, best.value, heap[0][2].bound if heap else -np.inf)
    return best


def _keep(c: Compiled, best: Found, x: Floats, low: Floats, high: Floats, price: float, bound: float) -> None:
    """Take the point if it is better, after moving its channels along their concave stretches."""
    value = total(c, x)
    if bound - value > 1e-12 * abs(bound):
        lows, highs = concave_box(c, x, low, high)
        _, _, under, over = relax(c, lows, highs, max(price, 1e-6))
        moved, _, _ = fill(c, lows, under, over)
        reached = total(c, moved)
        if reached > value and moved.sum() <= 1.0 + 1e-12:
            x, value = moved, reached
    # Ties within rounding keep the first point, so that a change of units cannot change the answer.
    if value > best.value + 1e-12 * abs(best.value):
        best.x, best.value = x, value


def _halves(c: Compiled, box: _Box) -> list[tuple[Floats, Floats]]:
    i, place = box.channel, box.place
    left_high, right_low = box.high.copy(), box.low.copy()
    floor = c.floor[i]
    if box.low[i] <= 0.0 and floor > 0.0 and place <= floor:
        left_high[i], right_low[i] = 0.0, floor
    else:
        left_high[i], right_low[i] = place, place
    return [(box.low, left_high), (right_low, box.high)]
