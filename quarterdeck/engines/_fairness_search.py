"""The search: who can be served, then the greatest welfare.

Every step asks HiGHS for a proof and checks what it hands back against the problem itself. What its tolerances
cannot tell apart is told apart exactly: a utility vector found is excluded with all it dominates (some
stakeholder must get more than there), and the question is asked again, until nothing as good is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quarterdeck.engines._fairness_first import first_plan
from quarterdeck.engines._fairness_input import Problem
from quarterdeck.engines._fairness_model import UNIT, Answer, Clock, Model, OutOfTime
from quarterdeck.engines._fairness_prices import MOST_WORK, Prices
from quarterdeck.engines._fairness_rules import Rows, broken
from quarterdeck.engines._fairness_welfare import Found
from quarterdeck.engines._fairness_wholes import choose, wholes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SAME = 1e-4  # in 1 / UNIT: what counts as equal welfare until it is compared exactly
SAFE = 1e-2  # in 1 / UNIT: a column is left out only if it costs more than the gap by this
MOST_SETS = 20  # sets of stakeholders of nearly the same weight that are told apart exactly
COUNTED = 1_000_000  # whole weights up to this sum are counted exactly by the solver


LEAST_STEP = 100 * SAME  # where better plans are better by this, no tolerance is in the way
MOST_SEEN = 200  # utility vectors within SAME of the best that are looked at one by one
CHEAP = (0.005, 0.02, 0.05, math.inf)  # reduced cost of the cells among which a first plan is looked for
GAPS = (0.01, 0.001)  # of the first questions, in natural logarithms; then none


class NoPlan(Exception):
    """No plan meets the rules (proved)."""


@dataclass
class Search:
    problem: Problem
    clock: Clock
    best: Found | None = None
    bound: float = math.inf  # of welfare, in 1 / UNIT and shares of the largest weight, for the weight served
    bound_for: int = -1  # that weight, in whole weights
    loose: float = math.inf  # a bound for any plan that serves at least what the first plan did
    proven: bool = False  # the weight served and the welfare are the greatest
    served: Rows = field(default_factory=Rows)  # what is known of who can be served
    seen: dict[tuple[int, ...], Found] = field(default_factory=dict)  # a plan for each utility vector met
    given: Floats = field(default_factory=lambda: np.zeros(0))  # prices of the rows that join requests
    prices: Prices | None = None  # for what is still open; None: too much work
    alone: bool = False  # no other utilities are as good as those of the best plan

    def run(self) -> None:
        """Fills `best` and `bound`; NoPlan if there is none, OutOfTime when time ends it."""
        found = first_plan(self.problem)
        if found is not None:
            self.best = Found.of(self.problem, found)
        self.model = model = Model(self.problem, self.clock)
        self.low, self.high = model.low.copy(), model.high.copy()
        if not model.grid.size:
            self._nothing_open()
        elif not self._all_served():
            self._most_served()
        if model.who:
            self.raise_welfare()

    def _nothing_open(self) -> None:
        """No request may stand anywhere."""
        if self.problem.required or self.problem.fixed:
            raise NoPlan
        self.best = Found.of(self.problem, np.full(self.problem.owner.size, -1, dtype=np.int64))

    # -- who can be served

    def _all_served(self) -> bool:
        """Try the plans that serve everyone with a request worth anything; True if there is one."""
        model, weights = self.model, self.problem.weights
        low = self.low.copy()
        low[list(model.z.values())] = 1.0
        self.bound_for = sum(weights[a] for a in model.who)
        if self._look(low) and self._some_plan(low):
            self.low = low
            return True
        self.bound = math.inf
        return False

    def _some_plan(self, low: Floats) -> bool:
        """A plan near the best: first among the cells that the relaxation finds cheap, then among all."""
        relaxed = self.model.relax(self.served, low, self.high)
        cells = slice(0, self.model.grid.size)
        for cheap in CHEAP:
            high = self.high.copy()
            if relaxed.status == 0:
                high[cells][relaxed.lower.marginals[cells] > cheap * UNIT] = 0.0
            if self.ask(self.model.welfare, self.served, low, high, [], GAPS[0]) is not None:
                return True
        return False

    def _look(self, low: Floats) -> bool:
        """Lay chords where the relaxation has its optimum; False if even that has no plan."""
        for _ in range(2):
            relaxed = self.model.relax(self.served, low, self.high)
            if relaxed.status != 0:
                return relaxed.status != 2
            self.bound = min(self.bound, -relaxed.fun)
            laid = [self.model.touch(a, relaxed.x[u]) for a, u in self.model.u.items()]
            if not any(laid):
                break
        return True

    def _most_served(self) -> None:
        model, weights = self.model, self.problem.weights
        exact = sum(weights) <= COUNTED
        size = 1.0 if exact else 1e3 / max(weights)
        z = [model.z[a] for a in model.who]
        share = [weights[a] * size for a in model.who]
        cost = np.zeros(model.width)
        cost[z] = -np.array(share)
        if self.best is not None:
            known = Rows()
            known.add(z, share, self.plan.worth[0] * size - 1e-6, np.inf)
            relaxed = model.relax(known, self.low, self.high)
            self.loose = -relaxed.fun if relaxed.status == 0 else math.inf
        rows = Rows()
        for _ in range(1 if exact else MOST_SETS):
            answer = model.solve(cost, rows, self.low, self.high)
            found = self.keep(answer)
            if not answer.ended:
                raise OutOfTime
            if found is None:
                break
            on = {a: bool(found.utility[a]) for a in model.who}
            rows.add(z, share, self.plan.worth[0] * size - 1e-6, np.inf)
            rows.add(z, [1.0 - 2.0 * on[a] for a in model.who], 1.0 - sum(on.values()), np.inf)
        if self.best is None:
            raise NoPlan
        most = self.plan.worth[0]
        self.bound_for = most
        self.bound = math.inf
        self.served.add(z, share, most * size - (0.5 if exact else 1e-6), np.inf)
        if self._look(self.low):
            self._some_plan(self.low)

    # -- the greatest welfare

    def raise_welfare(self) -> None:
        """Ask for a better plan until there is none."""
        gaps = iter(GAPS[1:])
        found: Found | None = self.plan
        while found is not None:
            self.seen[tuple(found.utility.tolist())] = found
            self.touch(found.utility)
            self._leave_out()
            step = self._step()
            apart = step > LEAST_STEP
            one_by_one = not apart and len(self.seen) < MOST_SEEN
            more = -SAME if one_by_one else max(step / 2, SAME)
            rivals = self._rivals() if one_by_one else []
            found = self._better(more, rivals, gaps)
        self.alone = one_by_one and sum(other.worth == self.plan.worth for other in self.seen.values()) == 1
        self.bound = self.log() + (0.0 if one_by_one or apart else SAME)
        self.proven = True

    def _better(self, more: float, rivals: list[Found], gaps: Iterator[float]) -> Found | None:
        """A plan better by `more` than the best, with other utilities than the rivals'; None: there is none."""
        columns = None
        if self.prices is not None:
            columns = wholes(self.prices, self.given, self.log() + more)
        if self.prices is None or columns is None:
            rows = self.at_least(more)
            return self.ask(self.model.welfare, rows, self.low, self.high, rivals, next(gaps, 0.0), True)
        answer = choose(self.prices, columns, self.served, self.log() + more, rivals)
        found = self.keep(answer)
        self._bound_by(answer)
        if not answer.ended:
            raise OutOfTime
        return found

    def _bound_by(self, answer: Answer) -> None:
        if math.isfinite(answer.bound):
            self.bound = min(self.bound, max(-answer.bound, self.log() if self.best else -math.inf))

    def _rivals(self) -> list[Found]:
        """The plans seen whose welfare the solver cannot tell from that of the best."""
        least = self.log() - 2 * SAME
        return [other for other in self.seen.values() if self._units(other) > least]

    def _step(self) -> float:
        """By how much, at least, the welfare of a better plan is greater, where products are small whole numbers."""
        if set(self.problem.weights) != {1} or not isinstance(self.plan.worth[1], int):
            return 0.0
        step = 1
        if all(self.plan.utility[a] for a in self.model.who):
            step = math.prod(int(np.gcd.reduce(self.model.sums[a])) for a in self.model.who)
        return UNIT * math.log1p(step / self.plan.worth[1])

    def _leave_out(self) -> None:
        """Close the columns that no plan as good as the best can use: their reduced cost exceeds the gap."""
        relaxed = self.model.relax(self.served, self.low, self.high)
        if relaxed.status == 0:
            self.bound = min(self.bound, max(-relaxed.fun, self.log()))
            cells = slice(0, self.model.grid.size)
            dear = relaxed.lower.marginals[cells] > -relaxed.fun - self.log() + SAFE
            self.high[cells][dear] = 0.0
            self._price(relaxed.prices)

    def _price(self, given: Floats) -> None:
        """The same by prices, which reach further: what a stakeholder can have is looked at as whole plans."""
        self.prices = None
        prices = Prices(self.model, self.low, self.high)
        if prices.work() <= MOST_WORK:
            bound, self.given = prices.improve(given[prices.joint], self.log())
            self.bound = min(self.bound, max(bound, self.log()))
            prices.close(self.given, self.log() - SAFE)
            self.prices = Prices(self.model, self.low, self.high)

    # -- what every question is made of

    @property
    def plan(self) -> Found:
        assert self.best is not None
        return self.best

    def ask(
        self,
        cost: Floats,
        rows: Rows,
        low: Floats,
        high: Floats,
        without: list[Found],
        gap: float = 0.0,
        whole: bool = False,
    ) -> Found | None:
        """The cheapest plan whose utilities are neither those of `without` nor dominated by them; None: no such plan.

        The plan is kept if it is better. OutOfTime if time ended before the answer was proved to be within `gap`.
        """
        rows, width, model = rows.copy(), self.model.width, self.model
        for other in without:
            more = []
            for a in model.who:
                above = np.searchsorted(model.sums[a], other.utility[a], side="right")
                if above < model.sums[a].size:
                    rows.add([model.u[a], width], [1.0, -float(model.sums[a][above])], 0.0, np.inf)
                    more.append(width)
                    width += 1
            if not more:
                return None
            rows.add(more, 1.0, 1.0, np.inf)
        extra = width - model.width
        low, high = np.concatenate([low, np.zeros(extra)]), np.concatenate([high, np.ones(extra)])
        answer = model.solve(cost, rows, low, high, gap * UNIT / max(UNIT, min(self.bound, 1e9)))
        found = self.keep(answer)
        if cost is model.welfare and whole:
            self._bound_by(answer)
        if not answer.ended:
            raise OutOfTime
        return found

    def touch(self, utility: Ints) -> bool:
        """Lay chords at the utilities of a plan; False if they all lay already."""
        laid = [self.model.touch(a, float(utility[a])) for a in self.model.who if utility[a] > 0]
        return any(laid)

    def log(self) -> float:
        """The welfare of the best plan in the model's units."""
        return self._units(self.plan)

    def _units(self, found: Found) -> float:
        return found.log * UNIT / max(self.problem.weights)

    def at_least(self, more: float) -> Rows:
        """Served as known, and welfare at least the best plan's plus `more`."""
        rows = self.served.copy()
        if self.best is not None:
            t = [self.model.t[a] for a in self.model.who]
            rows.add(t, [self.model.share[a] for a in self.model.who], self.log() + more, np.inf)
        return rows

    def keep(self, answer: Answer) -> Found | None:
        """The plan of an answer, checked; kept if it is better, or as good and earlier."""
        if answer.cells is None:
            return None
        slot_of = self.model.plan(answer.cells)
        wrong = broken(self.problem, slot_of)
        if wrong is not None:
            raise ArithmeticError(f"The solver handed back a plan that breaks a rule: {wrong}.")
        found = Found.of(self.problem, slot_of)
        best = self.best
        if best is None or found.worth > best.worth or (found.worth == best.worth and found.rank < best.rank):
            self.best = found
        return found
