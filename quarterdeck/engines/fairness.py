"""Fairness: the calendar that divides a team's slots among those who ask, by greatest Nash welfare, with the proof.

Stakeholders hand in requests; each request is worth some points to its stakeholder in each slot. `fair_calendar`
places requests so that the product of all stakeholders' utilities is greatest. That product is the one rule that
is both efficient (nobody can get more without another getting less) and fair: where goods are divided without
side rules, nobody would rather have another's share, up to one item (Caragiannis, Kurokawa, Moulin, Procaccia,
Shah and Wang, "The Unreasonable Fairness of Maximum Nash Welfare", EC 2016, ACM TEAC 2019), and a stakeholder who
asks twice as loudly gets nothing more for it: multiplying one's values does not move the optimum. When not
everyone can get something, as many as possible do, and the product is over those (the same paper, section 2).

It is exact: utilities are whole numbers, so the chords of the logarithm between neighbouring reachable sums are
its true envelope, and the problem is a mixed integer linear one (outer approximation: Duran and Grossmann 1986),
solved by HiGHS with chords added where they are needed. Prices for what stakeholders share bound it more closely than
the programme's own relaxation (`_fairness_prices`); once few whole plans of each stakeholder are left, these are the
columns (`_fairness_wholes`). Plans that the solver's tolerance cannot tell apart are
compared as whole numbers.

Not claimed: that the points are true, or that a stakeholder gains nothing by misstating where they would like to
be. With side rules (bundles, orders, conflicts) the plan is still the one of greatest welfare, but "up to one
item" is no longer a theorem. The problem is hard in the worst case; `seconds` ends it with a stated gap.

>>> from quarterdeck.engines.fairness import Infeasible, fair_calendar
>>> points = [[90, 80, 10, 0],    # sales: launch
...           [70, 70, 60, 20],   # sales: webinar
...           [95, 30, 30, 30],   # people team: open day
...           [40, 60, 50, 10]]   # press: award
>>> plan = fair_calendar(points, owner=[0, 0, 1, 2], capacity=[1, 1, 1, 0])
>>> plan.slot_of.tolist()         # the greatest sum, 235, would leave press with nothing
[1, -1, 0, 2]
>>> plan.utility.tolist(), round(plan.log_welfare, 3), plan.gap
([80, 95, 50], 12.848, 0.0)
>>> fair_calendar(points, [0, 0, 1, 2], [1, 1, 1, 0], order=[(2, 0)], conflicts=[(0, 1, [0, 2])]).slot_of.tolist()
[-1, 2, 0, 1]
>>> try:
...     fair_calendar(points, [0, 0, 1, 2], [1, 0, 0, 0], required=[0, 2], bundles=[(1, 2)])
... except Infeasible as error:
...     print(error.clash)
(('required', 0), ('required', 2), ('capacity', 0), ('capacity', 1), ('capacity', 2), ('capacity', 3))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quarterdeck.engines._fairness_clash import explain
from quarterdeck.engines._fairness_first import in_turn
from quarterdeck.engines._fairness_input import BadInput, Infeasible, Problem, prepare
from quarterdeck.engines._fairness_model import UNIT, Clock, OutOfTime
from quarterdeck.engines._fairness_search import NoPlan, Search
from quarterdeck.engines._fairness_ties import settle
from quarterdeck.engines._fairness_welfare import Found

__all__ = ["BadInput", "Infeasible", "NothingFound", "Plan", "fair_calendar", "first_come"]

Ints = NDArray[np.int64]


class NothingFound(RuntimeError):
    """Time ended before any plan that meets the requirements was found; there may be one."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """slot_of: per request its slot, -1 if it is not placed. utility: per stakeholder, points.

    log_welfare: sum of weight * log(utility) over the stakeholders served (utility > 0), natural logarithms; 0
    when none. bound: no plan that serves as many (as much weight) has a greater one. gap: bound - log_welfare; 0
    when proven. first: proven also to be the first of all plans that tie, and to serve the most.
    """

    slot_of: Ints
    utility: Ints
    log_welfare: float
    bound: float
    gap: float
    first: bool


def fair_calendar(
    values: ArrayLike,
    owner: ArrayLike,
    capacity: ArrayLike,
    allowed: ArrayLike | None = None,
    required: Iterable[int] = (),
    weights: ArrayLike | None = None,
    bundles: Iterable[Iterable[int]] = (),
    order: Iterable[tuple[int, int]] = (),
    conflicts: Iterable[tuple[int, int, Iterable[int]]] = (),
    fixed: Mapping[int, int] | None = None,
    seconds: float | None = None,
) -> Plan:
    """The plan that serves the most stakeholders and then has the greatest product of their utilities.

    `values`: requests x slots, whole points >= 0, in the order of time; a stakeholder's requests at their best
    allowed slots are worth at most 100 points each on average. `owner`: per request its stakeholder, from 0.
    `capacity`: per slot, how many requests it takes. `allowed`: requests x slots, true where a request may
    stand. `required`: requests that must be placed. `weights`: per stakeholder > 0 (1e-6 to 1e6, read as the
    decimals they print as): then the weight served comes first, and the weighted sum of logarithms second.
    `bundles`: requests placed all or none. `order`: (r, q): r stands in an earlier slot than q if both are
    placed. `conflicts`: (s, t, requests): not both slots hold one of these requests. `fixed`: {request: slot}.
    `seconds`: wall time after which the best plan found so far is returned with its gap; a question to the solver
    that outgrows memory (500,000 nodes) ends in the same way.

    Plans that tie exactly are told apart by `slot_of`, request by request: the first request on which they
    differ stands in the earlier slot, and stands at all rather than not. The same input gives the same plan
    whenever time did not end the search.

    Raises BadInput (a ValueError) for input that is malformed, Infeasible (a BadInput) with a minimal set of
    clashing requirements, NothingFound if time ended before any plan. At most 50,000 requests x slots.
    """
    clock = Clock(_seconds(seconds))
    problem = prepare(values, owner, capacity, allowed, required, weights, bundles, order, conflicts, fixed)
    search = Search(problem, clock)
    first = False
    try:
        search.run()
        while not (first := settle(search)):
            search.raise_welfare()
    except NoPlan:
        raise explain(problem, clock) from None
    except OutOfTime:
        if search.best is None and (problem.required or problem.fixed):
            raise NothingFound("Time ended before any plan that meets the requirements was found.") from None
    return _answer(problem, search, first)


def first_come(
    values: ArrayLike,
    owner: ArrayLike,
    capacity: ArrayLike,
    allowed: ArrayLike | None = None,
    bundles: Iterable[Iterable[int]] = (),
    order: Iterable[tuple[int, int]] = (),
    conflicts: Iterable[tuple[int, int, Iterable[int]]] = (),
    fixed: Mapping[int, int] | None = None,
) -> Ints:
    """slot_of when whoever comes first takes the best slot left: what a fair calendar is laid beside.

    Arguments and BadInput as of `fair_calendar`; requests come in their order, those of a bundle together, and whoever
    finds no slot stays out. What is `fixed` comes first; Infeasible, without a clash, where even that has no place.

    >>> first_come([[9, 5], [8, 1], [7, 6]], [0, 0, 1], [1, 1]).tolist()
    [0, 1, -1]
    """
    problem = prepare(values, owner, capacity, allowed, (), None, bundles, order, conflicts, fixed)
    found = in_turn(problem)
    if found is None:
        raise Infeasible("What is fixed has no place together.", ())
    return found


def _seconds(seconds: float | None) -> float | None:
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float, np.number)) or not seconds > 0:
        raise BadInput("`seconds` must be a number above 0.")
    return min(float(seconds), 1e9)


def _answer(problem: Problem, search: Search, first: bool) -> Plan:
    best = search.best or Found.of(problem, np.full(problem.owner.size, -1, dtype=np.int64))
    log = best.log * problem.unit
    bound = log
    if not search.proven:
        known = search.bound if best.worth[0] == search.bound_for else math.inf
        reached = min(known, search.loose) * max(problem.weights) / UNIT
        bound = max(log, min(reached, _top(problem)) * problem.unit)
    return Plan(best.slot_of, best.utility, log, bound, bound - log, first)


def _top(problem: Problem) -> float:
    """Welfare if every request stood in its best slot: above any plan's, whoever is served."""
    best = np.where(problem.open, problem.values, 0).max(axis=1)
    tops = np.bincount(problem.owner, weights=best, minlength=len(problem.weights))
    pairs: Sequence[tuple[int, float]] = list(zip(problem.weights, tops.tolist(), strict=True))
    return math.fsum(w * math.log(u) for w, u in pairs if u > 1)
