"""The first of the plans that tie.

Order: slot_of is compared request by request, the earlier slot first, "not placed" last. A run of requests is
settled by one question, whose cost counts positions like the digits of a number; then the next run, with the
settled ones held. If the best plan's utilities are the only ones as good, a plan ties exactly when nobody gets
less, which is linear; otherwise the question keeps to plans of the same welfare, and what is worse by less than
the solver's tolerance is excluded when it turns up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quarterdeck.engines._fairness_search import SAME, Search
from quarterdeck.engines._fairness_welfare import Found

Floats = NDArray[np.float64]
DIGITS = 100_000  # positions that one question tells apart


def settle(search: Search) -> bool:
    """Leaves in `search.best` the first of the best plans; False if a better one turned up. OutOfTime as asked."""
    return not search.model.grid.size or Ties(search).earliest()


class Ties:
    def __init__(self, search: Search) -> None:
        self.search, self.model, self.problem = search, search.model, search.problem

    @property
    def best(self) -> Found:
        return self.search.plan

    def earliest(self) -> bool:
        """Settle request after request; False if a better plan turned up (then all is asked anew)."""
        low, high, worth = self.search.low.copy(), self.search.high.copy(), self.best.worth
        if self.search.alone:
            low[[self.model.u[a] for a in self.model.who]] = self.best.utility[self.model.who]
        choices = [self._choices(r, high) for r in range(self.problem.owner.size)]
        worse: list[Found] = []
        r = 0
        while r < len(choices):
            if choices[r].index(int(self.best.slot_of[r])) == 0:
                self._fix(r, low, high)
                r += 1
                continue
            end, size = r, 1
            while end < len(choices) and (end == r or size * len(choices[end]) <= DIGITS):
                size *= len(choices[end])
                end += 1
            cost = self._positions(range(r, end), choices)
            while True:
                rows = self.search.served if self.search.alone else self.search.at_least(-SAME)
                found = self.search.ask(cost, rows, low, high, worse)
                if self.best.worth != worth:
                    return False
                if found is None:
                    raise ArithmeticError("The solver lost a plan it had found.")
                if found.worth == worth:
                    break
                self.search.touch(found.utility)
                worse.append(found)
            for k in range(r, end):
                self._fix(k, low, high)
            r = end
        return True

    def _choices(self, request: int, high: Floats) -> list[int]:
        """The slots a request may still take, in order, and -1 last if it may stay out."""
        cells = self.model.grid.of[request]
        slots = self.model.grid.slot[cells[high[cells] > 0.0]].tolist()
        must = request in self.problem.required or request in self.problem.fixed
        return slots if must else [*slots, -1]

    def _positions(self, requests: range, choices: list[list[int]]) -> Floats:
        """A cost that reads the positions of the choices as one number, the first request's digit the highest."""
        cost, unit = np.zeros(self.model.width), 1.0
        for r in reversed(requests):
            at = {s: k for k, s in enumerate(choices[r])}
            for j in self.model.grid.of[r]:
                slot = int(self.model.grid.slot[j])
                if slot in at:
                    cost[j] = (at[slot] - len(at) + 1) * unit
            unit *= len(at)
        return cost

    def _fix(self, request: int, low: Floats, high: Floats) -> None:
        cells, slot = self.model.grid.of[request], self.best.slot_of[request]
        chosen = self.model.grid.slot[cells] == slot
        high[cells[~chosen]] = 0.0
        low[cells[chosen]] = 1.0
