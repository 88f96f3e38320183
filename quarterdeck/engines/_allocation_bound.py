"""Compiled kernels of the allocation engine: best responses, the dual bound of a box, feasible points.

Everything here is in the scaled units of `_allocation_curves.Compiled` (the budget is 1, the largest
outcome is 1). A box is one interval per channel; a channel with a minimum `floor` may also rest at 0 when
its interval starts there. For a price `lam` the best response of a channel is the maximiser of
f(x) - lam * x, which is also the maximiser for the concave envelope of f on the box; so the minimum over
`lam` of lam + sum(best) is the value of the envelope relaxation (Lagrangian duality of a separable
problem; Falk and Soland 1969, Ekeland and Temam ch. IX for the gap). Any price gives a valid bound:
what is not proven is never used. (All kernels that call each other live in this one file: a compiled
kernel kept on disk is renewed when its own file changes, not when another's does.)
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LARGEST_PRICE = 1e290
SMALLEST_PRICE = 1e-290


class Compiled(NamedTuple):
    """All curves of a problem as flat arrays, in scaled units; `steps` is True for a piecewise curve."""

    steps: NDArray[np.bool_]
    scale: Floats
    half: Floats
    shape: Floats
    bend: Floats  # the inflection point: a Hill curve is concave from here on
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    xs: Floats
    ys: Floats
    floor: Floats  # minimum spend if on; 0 for none


@njit(cache=True)
def value_at(c: Any, i: int, x: float) -> float:
    if not c.steps[i]:
        if x <= 0.0:
            return 0.0
        return c.scale[i] / (1.0 + (c.half[i] / x) ** c.shape[i])
    lo, hi = c.begin[i], c.end[i] - 1
    if x <= c.xs[lo]:
        return c.ys[lo]
    if x >= c.xs[hi]:
        return c.ys[hi]
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if c.xs[mid] <= x:
            lo = mid
        else:
            hi = mid
    return c.ys[lo] + (c.ys[hi] - c.ys[lo]) * (x - c.xs[lo]) / (c.xs[hi] - c.xs[lo])


@njit(cache=True)
def slope_after(c: Any, i: int, x: float) -> float:
    """The right derivative at x: what the next unit of money brings."""
    if not c.steps[i]:
        if x <= 0.0:
            if c.shape[i] > 1.0 or c.scale[i] == 0.0:
                return 0.0
            return c.scale[i] / c.half[i] if c.shape[i] == 1.0 else np.inf
        share = 1.0 / (1.0 + (c.half[i] / x) ** c.shape[i])
        return c.scale[i] * c.shape[i] / x * share * (1.0 - share)
    lo, hi = c.begin[i], c.end[i] - 1
    if x < c.xs[lo] or x >= c.xs[hi]:
        return 0.0
    j = lo + np.searchsorted(c.xs[lo : hi + 1], x, side="right") - 1
    return (c.ys[j + 1] - c.ys[j]) / (c.xs[j + 1] - c.xs[j])


@njit(cache=True)
def _hill_top(c: Any, i: int, lam: float, low: float, high: float) -> float:
    """Maximiser of f(x) - lam * x on [low, high] of a Hill curve: `low`, or a point of its concave part."""
    if lam <= 0.0:
        return high
    scale, half, shape = c.scale[i], c.half[i], c.shape[i]
    if scale <= 0.0:
        return low
    start = max(low, c.bend[i])
    if start >= high:
        top = high
    elif slope_after(c, i, start) <= lam:
        return low
    else:
        # With u = shape * log(x / half): log f' = offset + u - u / shape - 2 log(1 + e^u), concave in u.
        # Newton from the right of the root of a concave decreasing function comes down to it monotonically.
        offset = np.log(scale) + np.log(shape) - np.log(half) - np.log(lam)
        u = shape * np.log(high / half)
        u = min(u, offset / (1.0 + 1.0 / shape))
        if shape < 1.0:
            u = min(u, offset / (1.0 / shape - 1.0))
        for _ in range(60):
            e = np.exp(-abs(u))
            soft = max(u, 0.0) + np.log1p(e)
            share = 1.0 / (1.0 + e) if u >= 0.0 else e / (1.0 + e)
            drop = 1.0 - 1.0 / shape - 2.0 * share
            if drop >= 0.0:
                break
            move = (offset + u - u / shape - 2.0 * soft) / drop
            u -= move
            if abs(move) < 1e-13 * (1.0 + abs(u)):
                break
        top = min(max(half * np.exp(u / shape), start), high)
    if low == top:
        return low
    gain = value_at(c, i, top) - value_at(c, i, low)
    return top if gain > lam * (top - low) else low


@njit(cache=True)
def _steps_top(c: Any, i: int, lam: float, low: float, high: float) -> float:
    best_x = low
    best = value_at(c, i, low) - lam * low
    for j in range(c.begin[i], c.end[i]):
        x = c.xs[j]
        if x <= low:
            continue
        if x >= high:
            break
        worth = c.ys[j] - lam * x
        if worth > best:
            best, best_x = worth, x
    if high > low and value_at(c, i, high) - lam * high > best:
        best_x = high
    return best_x


@njit(cache=True)
def _response(c: Any, i: int, lam: float, low: float, high: float) -> float:
    """The smallest maximiser of f(x) - lam * x on the channel's interval, 0 being allowed if it starts there."""
    floor = c.floor[i]
    resting = low <= 0.0 and floor > 0.0
    if resting:
        if high < floor:
            return 0.0
        low = floor
    x = _steps_top(c, i, lam, low, high) if c.steps[i] else _hill_top(c, i, lam, low, high)
    if resting and value_at(c, i, x) - lam * x <= value_at(c, i, 0.0):
        return 0.0
    return x


@njit(cache=True)
def _responses(c: Any, lam: float, low: Floats, high: Floats, x: Floats) -> tuple[float, float]:
    """Fill x with the best responses to the price; return (spend, bound at this price)."""
    spend = 0.0
    bound = lam
    for i in range(low.size):
        x[i] = _response(c, i, lam, low[i], high[i])
        spend += x[i]
        bound += value_at(c, i, x[i]) - lam * x[i]
    return spend, bound


@njit(cache=True)
def _bracket(
    c: Any,
    low: Floats,
    high: Floats,
    guess: float,
    bound: float,
    over_spend: float,
    under: Floats,
    over: Floats,
) -> tuple[float, float, float, float, float]:
    """A price too cheap and one dear enough, a factor 4 apart; fills their responses and lowers the bound."""
    x = np.empty(low.size)
    cheap = 0.0
    dear = guess
    while True:
        spend, reached = _responses(c, dear, low, high, x)
        bound = min(bound, reached)
        if spend <= 1.0 or dear > LARGEST_PRICE:
            break
        cheap, over_spend = dear, spend
        over[:] = x
        dear *= 4.0
    under[:] = x
    under_spend = spend
    while cheap == 0.0 and dear > SMALLEST_PRICE:
        price = dear / 4.0
        spend, reached = _responses(c, price, low, high, x)
        bound = min(bound, reached)
        if spend > 1.0:
            cheap, over_spend = price, spend
            over[:] = x
        else:
            dear, under_spend = price, spend
            under[:] = x
    return cheap, dear, over_spend, under_spend, bound


@njit(cache=True)
def relax(c: Any, low: Floats, high: Floats, guess: float) -> tuple[float, float, Floats, Floats]:
    """Minimise the dual over the price; return (bound, price, under, over).

    `under` spends at most the budget and `over` at least it: best responses on both sides of the price. Where
    they differ by more than rounding, the channel jumps: its envelope is a chord there.
    """
    n = low.size
    under, over, x = np.empty(n), np.empty(n), np.empty(n)
    if low.sum() >= 1.0:
        total = 0.0
        for i in range(n):
            total += value_at(c, i, low[i])
        return total, 0.0, low.copy(), low.copy()
    spend, bound = _responses(c, 0.0, low, high, x)
    if spend <= 1.0:
        return bound, 0.0, x.copy(), x.copy()
    over[:] = x
    over_spend = spend
    cheap, dear, over_spend, under_spend, bound = _bracket(
        c, low, high, guess, bound, over_spend, under, over
    )
    if cheap == 0.0:
        return bound, dear, under, over
    a, b = np.log(cheap), np.log(dear)
    for k in range(120):
        if b - a <= 4e-16 * max(1.0, abs(a)) or over_spend - under_spend <= 1e-15:
            break
        price = 0.5 * (a + b)
        if k % 3 < 2 and over_spend < 4.0 * under_spend:
            # False position on the spend, kept off the ends so that a jump is still closed in on quickly.
            part = (over_spend - 1.0) / (over_spend - under_spend)
            price = a + (b - a) * min(max(part, 0.01), 0.99)
        if price <= a or price >= b:
            price = 0.5 * (a + b)
        spend, reached = _responses(c, np.exp(price), low, high, x)
        bound = min(bound, reached)
        if spend > 1.0:
            a, over_spend = price, spend
            over[:] = x
        else:
            b, under_spend = price, spend
            under[:] = x
    return bound, np.exp(b), under, over


@njit(cache=True)
def fill(c: Any, low: Floats, under: Floats, over: Floats) -> tuple[Floats, int, float]:
    """Spend what `under` leaves: jumps that fit whole, then one in part.

    Returns (a feasible point, the channel filled in part or -1, its spend in the relaxation).
    """
    x = under.copy()
    left = 1.0 - x.sum()
    widest = -1
    for i in range(x.size):
        jump = over[i] - x[i]
        if jump <= 0.0:
            continue
        if jump <= left:
            x[i] = over[i]
            left -= jump
        elif widest < 0 or jump > over[widest] - x[widest]:
            widest = i
    if widest < 0 or left <= 0.0:
        return x, -1, 0.0
    place = x[widest] + left
    if place >= c.floor[widest] or low[widest] > 0.0:
        x[widest] = place
    return x, widest, place


@njit(cache=True)
def concave_box(c: Any, x: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Around a feasible point, the box on which every curve is concave: a relaxation there is exact."""
    lows, highs = x.copy(), x.copy()
    for i in range(x.size):
        if low[i] <= 0.0 and x[i] < c.floor[i]:
            continue
        least = max(low[i], c.floor[i])
        if not c.steps[i]:
            if x[i] >= c.bend[i]:
                lows[i] = min(x[i], max(least, c.bend[i]))
                highs[i] = max(x[i], high[i])
            continue
        first, last = c.begin[i], c.end[i] - 1
        if last == first or x[i] < c.xs[first] or x[i] > c.xs[last]:
            continue
        j = min(first + np.searchsorted(c.xs[first : last + 1], x[i], side="right") - 1, last - 1)
        here = (c.ys[j + 1] - c.ys[j]) / (c.xs[j + 1] - c.xs[j])
        k, steep = j, here
        while k > first:
            before = (c.ys[k] - c.ys[k - 1]) / (c.xs[k] - c.xs[k - 1])
            if before < steep - 1e-9 * abs(steep):  # rounding between collinear points is no bend
                break
            k, steep = k - 1, before
        lows[i] = min(x[i], max(least, c.xs[k]))
        k, steep = j + 1, here
        while k < last:
            after = (c.ys[k + 1] - c.ys[k]) / (c.xs[k + 1] - c.xs[k])
            if after > steep + 1e-9 * abs(steep):
                break
            k, steep = k + 1, after
        highs[i] = max(x[i], min(high[i], c.xs[k]))
    return lows, highs


@njit(cache=True)
def total(c: Any, x: Floats) -> float:
    worth = 0.0
    for i in range(x.size):
        worth += value_at(c, i, x[i])
    return worth


@njit(cache=True)
def cells(
    c: Any, low: Floats, high: Floats, price: float, owner: Ints, cell: Ints, size: int
) -> tuple[Floats, Floats]:
    """The largest f(x) - price * x inside each cell and its x; -inf where the channel cannot be."""
    out, place = np.empty(owner.size), np.zeros(owner.size)
    for k in range(owner.size):
        i = owner[k]
        a, b = max(low[i], cell[k] / size), min(high[i], (cell[k] + 1) / size)
        if 0.0 < a < c.floor[i] and low[i] <= 0.0:
            a = c.floor[i]
        if a > b:
            out[k] = -np.inf
        else:
            place[k] = _response(c, i, price, a, b)
            out[k] = value_at(c, i, place[k]) - price * place[k]
    return out, place
