"""Allocation: the split of a budget over channels that no other split can beat, with the proof.

Given one response curve per channel, `allocate` maximises the sum of outcomes subject to the budget, lower
and upper limits and minimum spends "if on". S-shaped curves make this non-convex, and a local optimiser stops
where it started; here every answer carries an upper bound that holds for every possible split, so its `gap`
is a certificate, not a hope. The bound is the Lagrangian dual of the concave envelopes (Ekeland and Temam
1976, ch. IX), closed by branch and bound on intervals of spend (Falk and Soland 1969) and, where many curves
are nearly equal, by dynamic programming with cells that are cut finer and dropped. `allocate_risk` does the
same for the mean of the worst draws of uncertain curves (Rockafellar and Uryasev 2000).

Not claimed: that the curves are true. One year of weekly data seldom pins the effect of +30 % on a channel
closer than +-60 %, and no split is better than its curves. A `gap` above the tolerance is possible (hundreds
of equal S-curves, steep steps packed like a knapsack) and is then reported, never hidden. Outcomes of one
channel do not depend on another's spend, and a period's spend does not carry over, unless the curves say so.

>>> from quarterdeck.engines.allocation import allocate, hill, piecewise
>>> search = hill(scale=900, half=40, shape=1.0)      # outcomes; money; 1 = diminishing from the start
>>> video = hill(scale=2000, half=120, shape=3.0)     # nothing below a threshold
>>> mail = piecewise([0, 10, 30], [0, 120, 150])      # measured points
>>> plan = allocate([search, video, mail], budget=200, minimum_if_on=[0, 50, 0])
>>> plan.spend.round(1).tolist()
[28.5, 161.5, 10.0]
>>> round(plan.value, 1), plan.gap <= 1e-6, round(plan.shadow_price, 2)
(1912.7, True, 7.67)
>>> allocate([search, video], budget=60).spend.round(1).tolist()  # too little for video
[60.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quarterdeck.engines import _allocation_risk as risk
from quarterdeck.engines._allocation_bound import total
from quarterdeck.engines._allocation_curves import (
    BadInput,
    Curve,
    Hill,
    Infeasible,
    Piecewise,
    Problem,
    hill,
    number,
    piecewise,
    prepare,
)
from quarterdeck.engines._allocation_grid import marginal, narrow, polish
from quarterdeck.engines._allocation_search import search

__all__ = [
    "Allocation",
    "BadInput",
    "Curve",
    "Hill",
    "Infeasible",
    "Piecewise",
    "allocate",
    "allocate_risk",
    "hill",
    "piecewise",
    "value_of_budget",
]

Floats = NDArray[np.float64]
TINY = 1e-12
FIRST_BOXES = 2_000  # boxes times channels before dynamic programming takes over
LAST_BOXES = 40_000  # and after it, if a gap is left


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """spend: money per channel, sum <= budget. value: the outcome there. bound: no split is worth more.

    gap: (bound - value) / bound, the proven relative distance from the best. shadow_price: what the next unit
    of money brings when the channels already on move along their curves; 0 if money is left over.
    """

    spend: Floats
    value: float
    bound: float
    gap: float
    shadow_price: float


def allocate(
    curves: Sequence[Curve],
    budget: float,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    minimum_if_on: ArrayLike | None = None,
    tolerance: float = 1e-6,
) -> Allocation:
    """Maximise sum(curve_i(spend_i)) with sum(spend) <= budget and low <= spend <= high.

    `curves`: per channel `hill(...)`, `piecewise(...)`, or a function of spend, which is read at 2,049 even
    spends of its range: value and bound are then of that sample. `low`, `high`, `minimum_if_on`: money, one
    number or one per channel; a channel with a minimum if on spends 0 or at least that (if it cannot afford
    it, it stays off). Money is left over only where it would bring nothing. `tolerance` is relative.
    Raises BadInput for anything that is not a number of the right kind, Infeasible if minimums clash with
    the budget or the maximums. Result: Allocation.
    """
    tolerance = max(number(tolerance, "tolerance"), TINY)
    problem = prepare(curves, budget, low, high, minimum_if_on)
    x, bound = _solve(problem, tolerance)
    return _answer(problem, x, bound, minimum_if_on)


def _solve(problem: Problem, tolerance: float) -> tuple[Floats, float]:
    """Boxes first, cells where the boxes multiply, boxes again from the best point known."""
    c, low, high = problem.compiled, problem.low, problem.high
    n = low.size
    if problem.budget <= 0.0:
        return low, -np.inf
    found = search(c, low, high, tolerance, max(30, FIRST_BOXES // n))
    x, bound = found.x, found.bound
    if bound - found.value > tolerance * abs(bound):
        x, bound = narrow(c, low, high, x, bound, found.price, tolerance)
        if bound - total(c, x) > tolerance * abs(bound):
            found = search(c, low, high, tolerance, max(100, LAST_BOXES // n), x)
            x, bound = found.x, min(bound, found.bound)
    return polish(c, x, low, high), bound


def _answer(problem: Problem, x: Floats, bound: float, minimum_if_on: ArrayLike | None) -> Allocation:
    """Back to the caller's units, every limit kept to the last digit."""
    floors = np.zeros(x.size) if minimum_if_on is None else np.broadcast_to(minimum_if_on, x.shape)
    spend = x * (problem.budget if problem.budget > 0.0 else 1.0)
    spend = np.where((spend < floors) & (spend > 0.5 * floors), floors, spend)
    spend = np.clip(spend, problem.true_low, problem.true_high)
    for i in np.argsort(-(spend - np.maximum(problem.true_low, floors))):
        over = spend.sum() - problem.budget
        if over <= 0.0:
            break
        spend[i] = max(problem.true_low[i], spend[i] - 2.0 * over)
    value = float(sum(float(curve(s)) for curve, s in zip(problem.curves, spend, strict=True)))
    unit = problem.unit_value
    top = max(bound * unit, value)
    gap = (top - value) / max(top, TINY * unit)
    price = (
        marginal(problem.compiled, x, problem.high) * unit / problem.budget if problem.budget > 0.0 else 0.0
    )
    return Allocation(spend, value, top, gap, price)


def value_of_budget(curves: Sequence[Curve], budgets: ArrayLike) -> Floats:
    """The best outcome for each budget (money, any order): array of the same length, each within 1e-6.

    Never falls as the budget grows. Raises BadInput as `allocate` does.
    """
    try:
        wanted = np.array(budgets, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput("`budgets` must be numbers.") from error
    if wanted.ndim != 1 or wanted.size == 0:
        raise BadInput("`budgets` must be one row of at least one number.")
    order = np.argsort(wanted, kind="stable")
    values = np.array([allocate(curves, float(wanted[k])).value for k in order])
    out = np.empty(wanted.size)
    out[order] = np.maximum.accumulate(values)
    return out


def allocate_risk(draws: ArrayLike, budget: float, tail: float = 0.2) -> Allocation:
    """Maximise the mean outcome over the worst `tail` share of equally likely draws of the curves.

    `draws`: array draws x channels x 3 of Hill parameters (scale, half, shape). `tail`: in (0, 1]; 1 is the
    plain mean. value, bound and gap are of that tail mean and hold for every split of the budget; the gap is
    normally well below 1 %, more where draws disagree about which channels can work at all.
    Raises BadInput for anything else than finite scale >= 0, half > 0 and shape > 0.
    """
    given = _draws(draws)
    money = number(budget, "budget")
    share = number(tail, "tail")
    if not 0.0 < share <= 1.0:
        raise BadInput(f"The tail must be above 0 and at most 1, not {share:g}.")
    n = given.shape[1]
    if money <= 0.0:
        return Allocation(np.zeros(n), 0.0, 0.0, 0.0, 0.0)
    scaled = given.copy()
    scaled[:, :, 1] /= money
    top = max(float(risk.outcomes(given[:, i : i + 1], np.array([money])).mean()) for i in range(n))
    unit = top if top > 0.0 else 1.0
    scaled[:, :, 0] /= unit
    x, bound = risk.solve(scaled, share)
    value = risk.tail_mean(risk.outcomes(scaled, x), share)
    bound = max(bound, value)
    spend = x * money
    spend *= min(1.0, money / max(spend.sum(), money))
    price = risk.marginal(scaled, x, share) * unit / money
    return Allocation(spend, value * unit, bound * unit, (bound - value) / max(bound, TINY), price)


def _draws(draws: Any) -> Floats:
    try:
        given = np.array(draws, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput("`draws` must be an array of numbers.") from error
    if given.ndim != 3 or given.shape[2] != 3 or 0 in given.shape:
        raise BadInput("`draws` must be draws x channels x 3 (scale, half, shape), at least one of each.")
    sound = np.isfinite(given).all() and (given[..., 0] >= 0).all() and (given[..., 1:] > 0).all()
    if not sound:
        raise BadInput("Every draw needs finite scale >= 0, half > 0 and shape > 0.")
    return given
