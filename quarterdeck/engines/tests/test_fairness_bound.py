"""The bound by prices against brute force: above every plan at any prices, and what it closes, or leaves out of the
whole plans, is nothing that a plan good enough is made of."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.engines._fairness_input import prepare
from quarterdeck.engines._fairness_model import UNIT, Clock, Model
from quarterdeck.engines._fairness_prices import Prices
from quarterdeck.engines._fairness_wholes import wholes
from quarterdeck.engines.tests.test_fairness import every, problems, utilities

RULES = ("allowed", "required", "weights", "bundles", "order", "conflicts", "fixed")
NEAR = 1e-6


def begun(given_) -> Model:
    problem = prepare(
        given_["values"], given_["owner"], given_["capacity"], *(given_.get(n) or DEFAULT[n] for n in RULES)
    )
    return Model(problem, Clock(None))


DEFAULT = {
    "allowed": None,
    "required": (),
    "weights": None,
    "bundles": (),
    "order": (),
    "conflicts": (),
    "fixed": None,
}


def worths(given_, model: Model) -> dict[tuple[int, ...], float]:
    """Every plan that meets the rules, with its welfare in the model's units."""
    share = model.share
    return {
        plan: math.fsum(UNIT * share[a] * math.log(u) for a, u in enumerate(utilities(given_, plan)) if u)
        for plan in every(given_)
    }


@given(
    problems(requests=4, slots=4), st.integers(0, 99), st.sampled_from([0.0, 10.0, 1000.0]), st.floats(0, 1)
)
def test_no_plan_is_above_the_bound_and_none_good_enough_is_lost(given_, seed, steep, part):
    model = begun(given_)
    plans = worths(given_, model) if model.grid.size else {}
    if not plans:
        return
    prices = Prices(model, model.low.copy(), model.high.copy())
    size = model.rules.joint - model.rules.own
    chosen = prices._signed(np.random.default_rng(seed).normal(0, steep, size))
    best = max(plans.values())
    bound, _ = prices.look(chosen)
    assert bound >= best - NEAR
    better, kept = prices.improve(chosen, best)
    assert best - NEAR <= better <= bound + NEAR
    least = bound - part * (bound - min(plans.values())) - NEAR
    good = [plan for plan, worth in plans.items() if worth >= least]
    columns = wholes(prices, chosen, least - NEAR)
    assert columns is not None
    there = {(k, frozenset(columns.cells[:, [j]].nonzero()[0].tolist())) for j, k in enumerate(columns.asker)}
    cell = {
        (int(r), int(s)): j for j, (r, s) in enumerate(zip(model.grid.request, model.grid.slot, strict=True))
    }
    prices.close(chosen, least - NEAR)
    for plan in good:
        used = [(given_["owner"][r], cell[r, s]) for r, s in enumerate(plan) if s >= 0]
        for k, asker in enumerate(prices.askers):
            assert (k, frozenset(j for a, j in used if a == asker.who)) in there
        assert all(prices.high[j] > 0 for _, j in used)
        for a, u in model.u.items():
            assert prices.low[u] <= utilities(given_, plan)[a] <= prices.high[u]
    assert prices.look(kept)[0] >= best - NEAR
