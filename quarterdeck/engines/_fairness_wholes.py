"""The question "is there a better plan?" asked with each stakeholder's whole plans as columns.

At good prices a plan as good as the best known can only be made of whole plans that lose, against each
stakeholder's own best, no more than the gap between bound and plan (as in the enumeration of routes: Baldacci,
Christofides and Mingozzi 2008). They are few and their welfare is exact, so that choosing one for each stakeholder
is a far smaller question than placing request by request.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from quarterdeck.engines._fairness_model import Answer, Model, best_of
from quarterdeck.engines._fairness_prices import Asker, Prices
from quarterdeck.engines._fairness_rules import Rows
from quarterdeck.engines._fairness_welfare import Found

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_WHOLES = 2_000  # with more columns than this, placing request by request is quicker


@dataclass(frozen=True, slots=True, eq=False)
class Wholes:
    """Columns: `cells` cells x columns, 0/1; `asker` position among the askers; `utility` points; `worth`."""

    cells: csr_array
    asker: Ints
    utility: Ints
    worth: Floats


def wholes(prices: Prices, given: Floats, least_good: float) -> Wholes | None:
    """All whole plans that a plan of welfare `least_good` or more can be made of; None if they are too many."""
    bound, _ = prices.look(given)
    cost = prices.back @ given
    found: list[tuple[Ints, Ints]] = []  # per asker: columns x requests, the cell or -1; points
    for asker in prices.askers:
        mine = _of(asker, cost, bound - least_good, MOST_WHOLES - sum(u.size for _, u in found))
        if mine is None:
            return None
        found.append(mine)
    who = np.repeat(np.arange(len(found)), [u.size for _, u in found])
    columns, rows, begun = [], [], 0
    for cells, u in found:
        k, i = np.nonzero(cells >= 0)
        columns.append(begun + k)
        rows.append(cells[k, i])
        begun += u.size
    where = (np.concatenate(rows), np.concatenate(columns))
    size = (prices.model.rules.width, begun)
    utility = np.concatenate([u for _, u in found])
    worth = np.concatenate([asker.worth[u] for asker, (_, u) in zip(prices.askers, found, strict=True)])
    return Wholes(csr_array((np.ones(where[0].size), where), shape=size), who, utility, worth)


def _of(asker: Asker, cost: Floats, spare: float, most: int) -> tuple[Ints, Ints] | None:
    """The whole plans of one stakeholder that lose at most `spare`."""
    reach = _reach(asker, cost)
    least = reach[0][0] - spare
    u, paid, taken = np.zeros(1, dtype=np.int64), np.zeros(1), np.zeros((1, 0), dtype=np.int64)
    for i, cells in enumerate(asker.cells):
        steps = asker.steps[i]
        then = u[:, None] + steps[None, :]
        due = paid[:, None] + cost[cells][None, :]
        k, c = np.nonzero(reach[i + 1][then] - due >= least)
        parts = [(then[k, c], due[k, c], np.column_stack([taken[k], cells[c]]))]
        if not asker.stays[i]:
            k = np.flatnonzero(reach[i + 1][u] - paid >= least)
            parts.append((u[k], paid[k], np.column_stack([taken[k], np.full(k.size, -1)])))
        u, paid, taken = (np.concatenate(same) for same in zip(*parts, strict=True))
        if u.size > most:
            return None
    return taken, u


def _reach(asker: Asker, cost: Floats) -> list[Floats]:
    """Per request from which on it is still open, per points so far: the most that can be made of it."""
    reach = [asker.worth]
    for cells, steps, stays in reversed(list(zip(asker.cells, asker.steps, asker.stays, strict=True))):
        after = reach[-1]
        found = np.full_like(after, -np.inf) if stays else after.copy()
        for c, step in zip(cells, steps, strict=True):
            np.maximum(found[: after.size - step], after[step:] - cost[c], out=found[: after.size - step])
        reach.append(found)
    return reach[::-1]


def choose(prices: Prices, columns: Wholes, served: Rows, least_good: float, rivals: list[Found]) -> Answer:
    """The best plan made of the columns, of welfare `least_good` or more, with other utilities than the rivals'."""
    model, n = prices.model, columns.asker.size
    if np.unique(columns.asker).size < len(prices.askers):
        return Answer(None, -np.inf, True)
    extra = np.arange(model.grid.size, model.rules.width)
    width = n + extra.size
    rows = Rows()
    for k in range(len(prices.askers)):
        rows.add(np.flatnonzero(columns.asker == k), 1.0, 1.0, 1.0)
    rows.add(np.arange(n), columns.worth, least_good, np.inf)
    for rival in rivals:
        alike = np.flatnonzero(columns.utility == rival.utility[columns.asker])
        rows.add(alike, 1.0, -np.inf, len(prices.askers) - 1.0)
    parts = [
        hstack([prices.matrix @ columns.cells, prices.matrix[:, extra]]),
        _served(model, columns, served, width),
        rows.matrix(width),
    ]
    low = np.concatenate([prices.below, served.low, rows.low])
    high = np.concatenate([prices.above, served.high, rows.high])
    whole = np.concatenate([np.ones(n), model.integral[extra]])
    cost = np.concatenate([-columns.worth, np.zeros(extra.size)])
    ends = np.zeros(width), np.ones(width)
    answer = best_of(cost, vstack(parts, format="csr"), (low, high), whole, ends, model.clock)
    if answer.cells is None:
        return answer
    return Answer(columns.cells @ np.rint(answer.cells[:n]), answer.bound, answer.ended)


def _served(model: Model, columns: Wholes, served: Rows, width: int) -> csr_array:
    """What is known of who is served, over the columns: a whole plan worth something serves its stakeholder."""
    z = np.array([model.z.get(a, -1) for a in range(len(model.problem.weights))])
    there = np.flatnonzero((columns.utility > 0) & (z[columns.asker] >= 0))
    pick = csr_array((np.ones(there.size), (z[columns.asker[there]], there)), shape=(model.width, width))
    return served.matrix(model.width) @ pick
