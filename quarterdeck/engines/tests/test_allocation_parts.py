"""The parts of the allocation engine: bounds hold on every box and cell, and nothing that can win is dropped."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quarterdeck.engines import allocation
from quarterdeck.engines._allocation_bound import cells, fill, relax, total, value_at
from quarterdeck.engines._allocation_grid import through_cells
from quarterdeck.engines._allocation_risk import _Box as RiskBox
from quarterdeck.engines._allocation_risk import _Search
from quarterdeck.engines._allocation_search import _Box, _halves
from quarterdeck.engines.allocation import hill, piecewise

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


hills = st.builds(
    hill,
    scale=st.floats(0.1, 100),
    half=st.floats(0.5, 50),
    shape=st.floats(0.3, 6),
)


rough = st.lists(st.tuples(st.floats(0.5, 20), st.floats(-5, 20)), min_size=1, max_size=7).map(
    lambda steps: piecewise(
        np.append(0.0, np.cumsum([s[0] for s in steps])), np.append(0.0, np.cumsum([s[1] for s in steps]))
    )
)


curve_lists = st.lists(st.one_of(hills, rough), min_size=1, max_size=4)


def test_the_cells_agree_with_the_boxes():
    rng = np.random.default_rng(4)
    curves = [hill(*t) for t in zip(rng.uniform(5, 9, 9), rng.uniform(5, 9, 9), [4.0] * 9, strict=True)]
    problem = allocation.prepare(curves, 30.0, None, None, None)
    c, low, high = problem.compiled, problem.low, problem.high
    found = allocation.search(c, low, high, 1e-9, 100_000)
    start = allocation.search(c, low, high, 1e-9, 1)
    x, bound = allocation.narrow(c, low, high, low.copy(), start.bound, start.price, 1e-6)
    assert found.bound - found.value <= 1e-9 * found.bound
    assert bound >= found.value * (1 - 1e-9)
    assert bound <= found.bound * (1 + 1.1e-6)
    assert total(c, x) == pytest.approx(found.value, rel=1e-6)


def prepared(curves, budget, floor=None):
    problem = allocation.prepare(curves, budget, None, None, floor)
    return problem.compiled, problem.low, problem.high


@CALM
@given(curve_lists, st.floats(0.5, 100), st.floats(0, 1), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_the_bound_of_a_box_is_above_every_point_of_it(curves, budget, cut, parts):
    c, low, high = prepared(curves, budget)
    low[0], n = cut * high[0], len(curves)
    bound, _, under, over = relax(c, low, high, 1.0)
    spread = np.array(parts[:n]) / max(sum(parts[:n]), 1e-9)
    x = low + spread * (1 - low.sum()) * 0.999999
    x = np.minimum(x, high)
    for point in (x, under, low):
        if point.sum() <= 1:
            assert bound >= total(c, point) - 1e-12
    assert under.sum() <= 1 + 1e-12 or low.sum() >= 1
    filled, _, _ = fill(c, low, under, over)
    assert filled.sum() <= 1 + 1e-12
    assert ((filled >= low - 1e-12) & (filled <= high + 1e-12)).all()


def test_the_bound_of_concave_curves_is_their_optimum():
    curves = [hill(10, 1, 1), hill(40, 2, 0.7), piecewise([0, 1, 5, 9], [0, 6, 20, 25])]
    c, low, high = prepared(curves, 20.0)
    bound, _, under, over = relax(c, low, high, 1.0)
    filled, channel, _ = fill(c, low, under, over)
    assert bound == pytest.approx(total(c, filled), rel=1e-12)


@CALM
@given(st.lists(hills, min_size=2, max_size=3), st.floats(5, 100), st.floats(0, 1), st.data())
def test_the_halves_of_a_box_cover_it(curves, budget, place, data):
    floor = data.draw(st.sampled_from([0.0, 3.0]))
    c, low, high = prepared(curves, budget, floor)
    box = _Box(low, high, 1.0, 1.0, 1, place)
    x = data.draw(st.one_of(st.just(0.0), st.just(place), st.floats(c.floor[1], 1)))
    if x == 0 or x >= c.floor[1]:
        assert any(lows[1] <= x <= highs[1] for lows, highs in _halves(c, box))


@CALM
@given(st.one_of(hills, rough), st.floats(1, 50), st.floats(0, 20), st.integers(0, 40), st.floats(0, 1))
def test_a_cell_holds_no_point_above_its_worth(curve, budget, price, cell, part):
    c, low, high = prepared([curve], budget)
    cell = min(cell, 15)
    worth, place = cells(c, low, high, price, np.array([0]), np.array([cell]), 16)
    x = (cell + part) / 16
    assert worth[0] >= value_at(c, 0, x) - price * x - 1e-12
    assert cell / 16 <= place[0] <= (cell + 1) / 16


@CALM
@given(st.integers(0, 10_000))
def test_the_recursion_finds_the_best_total_through_every_cell(seed):
    rng = np.random.default_rng(seed)
    n, size = 3, 9
    cell = np.concatenate(
        [np.sort(rng.choice(size + 1, rng.integers(1, 6), replace=False)) for _ in range(n)]
    )
    first = np.append(0, np.flatnonzero(np.diff(cell) <= 0) + 1)
    first = np.append(first, cell.size)
    if first.size != n + 1:
        return
    worth = rng.normal(size=cell.size)
    _, through = through_cells(first, cell, worth, size)
    expected = np.full(cell.size, -np.inf)
    for picks in itertools.product(*[range(a, b) for a, b in itertools.pairwise(first)]):
        if size - n <= cell[list(picks)].sum() <= size:
            expected[list(picks)] = np.maximum(expected[list(picks)], worth[list(picks)].sum())
    assert through == pytest.approx(expected)


def test_the_cells_keep_what_can_still_be_best():
    # A poor start, so that dropping a cell too early would lose the optimum.
    curves = [hill(10, 5, 4), hill(11, 6, 3), hill(9, 4, 5), hill(12, 9, 2)]
    c, low, high = prepared(curves, 11.0)
    found = allocation.search(c, low, high, 1e-9, 100_000)
    x, bound = allocation.narrow(c, low, high, low.copy(), 10.0, 1.0, 1e-6)
    assert total(c, x) >= found.value * (1 - 1e-6)
    assert found.value * (1 - 1e-9) <= bound <= found.value * (1 + 2e-6)


def made_up_draws(seed, size=60, n=2, spread=0.5):
    rng = np.random.default_rng(seed)
    base = np.stack([rng.lognormal(0, 1, n), rng.lognormal(0, 1, n), rng.uniform(1.2, 4, n)], axis=-1)
    return base * rng.lognormal(0, spread, (size, n, 3))


@pytest.mark.parametrize("seed", range(4))
def test_the_final_bound_of_risk_is_over_all_spends(seed):
    draws = made_up_draws(seed, size=20)
    search = _Search(draws, 0.5)
    weights = np.random.default_rng(seed).dirichlet(np.ones(20))
    box = RiskBox(np.array([0, 0]), np.array([search.steps, search.steps]), weights=weights)
    x = np.linspace(0, 1, 20_001)
    with np.errstate(divide="ignore"):
        rows = draws[:, :, 0:1] / (1 + (draws[:, :, 1:2] / np.stack([x, 1 - x])) ** draws[:, :, 2:3])
    best = (weights @ rows.sum(axis=1)).max()
    assert best <= search.sure_bound(box) <= best * 1.01
