"""Allocation against brute force: no split beats it, every limit holds, units do not matter."""

from __future__ import annotations

import doctest
import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quarterdeck.engines import allocation
from quarterdeck.engines.allocation import (
    BadInput,
    Infeasible,
    allocate,
    allocate_risk,
    hill,
    piecewise,
    value_of_budget,
)

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


def brute_force(curves, budget, steps=60, allowed=lambda i, s: True):
    """The best value on an even grid of spends."""
    grid = np.linspace(0, budget, steps + 1)
    best = np.full(steps + 1, 0.0)
    for i, curve in enumerate(curves):
        worth = np.array([float(curve(s)) if allowed(i, s) else -np.inf for s in grid])
        best = np.array([max(best[g - j] + worth[j] for j in range(g + 1)) for g in range(steps + 1)])
    return best.max()


def test_the_example_in_the_docstring_is_true():
    result = doctest.testmod(allocation)
    assert result.attempted >= 8
    assert result.failed == 0


@CALM
@given(curve_lists, st.floats(0.5, 200))
def test_no_split_of_a_grid_beats_it_and_the_bound_holds(curves, budget):
    plan = allocate(curves, budget)
    best = brute_force(curves, budget)
    assert plan.spend.sum() <= budget
    assert (plan.spend >= 0).all()
    assert plan.value == pytest.approx(sum(float(c(s)) for c, s in zip(curves, plan.spend, strict=True)))
    size = max(abs(plan.bound), 1e-9)
    assert plan.bound >= best - 1e-9 * size
    assert plan.value >= best - 2e-6 * size
    assert plan.gap <= 1e-6


@CALM
@given(st.lists(hills, min_size=1, max_size=4), st.floats(5, 100), st.data())
def test_limits_and_minimum_if_on_hold(curves, budget, data):
    n = len(curves)
    part = st.lists(st.floats(0, 1), min_size=n, max_size=n)
    low = np.array(data.draw(part)) * budget / n * data.draw(st.sampled_from([0, 1]))
    high = low + np.array(data.draw(part)) * budget
    floor = np.array(data.draw(part)) * budget
    floor = np.where(low > 0, np.minimum(floor, low), floor)
    plan = allocate(curves, budget, low, high, floor)
    assert plan.spend.sum() <= budget * (1 + 1e-12)
    assert (plan.spend >= low).all()
    assert (plan.spend <= high).all()
    assert all(s == 0 or s >= f for s, f in zip(plan.spend, floor, strict=True))

    def allowed(i, s):
        return low[i] <= s <= high[i] and (s == 0 or s >= floor[i])

    assert plan.value >= brute_force(curves, budget, 40, allowed) * (1 - 2e-6)
    assert plan.gap <= 1e-6


@CALM
@given(
    st.lists(hills, min_size=1, max_size=5), st.floats(5, 100), st.sampled_from([-6, -3, 3, 6]), st.booleans()
)
def test_units_of_money_and_outcome_do_not_matter(curves, budget, power, money):
    k = 10.0**power
    plan = allocate(curves, budget)
    scaled = [
        hill(c.scale, c.half * k, c.shape) if money else hill(c.scale * k, c.half, c.shape) for c in curves
    ]
    other = allocate(scaled, budget * k if money else budget)
    assert other.value == pytest.approx(plan.value * (1 if money else k), rel=1e-9)
    assert other.bound == pytest.approx(plan.bound * (1 if money else k), rel=1e-9)
    assert other.spend / other.spend.sum() == pytest.approx(plan.spend / plan.spend.sum(), abs=1e-6)


@pytest.mark.parametrize("k", [1e-6, 1e6])
def test_equal_curves_keep_their_order_under_other_units(k):
    curves = [hill(10, 5, 4)] * 12
    plan = allocate(curves, 22)
    other = allocate([hill(10 * k, 5 / k, 4)] * 12, 22 / k)
    assert other.spend * k == pytest.approx(plan.spend, abs=1e-6)


def test_concave_curves_are_met_exactly_by_equal_slopes():
    # f = c x / (k + x): x = sqrt(c k / price) - k, the price fixed by the budget.
    scale, half = np.array([10.0, 40.0, 90.0]), np.array([1.0, 2.0, 3.0])
    root = (50 + half.sum()) / np.sqrt(scale * half).sum()
    plan = allocate([hill(c, k, 1) for c, k in zip(scale, half, strict=True)], 50)
    assert plan.spend == pytest.approx(np.sqrt(scale * half) * root - half, rel=1e-9)
    assert plan.shadow_price == pytest.approx(root**-2, rel=1e-6)
    assert plan.gap < 1e-12


def test_the_shadow_price_is_the_slope_of_the_value():
    curves = [hill(100, 30, 2.5), hill(80, 20, 1.4), hill(60, 5, 0.8)]
    plan = allocate(curves, 100)
    slope = (allocate(curves, 100.01).value - allocate(curves, 99.99).value) / 0.02
    assert plan.shadow_price == pytest.approx(slope, rel=1e-2)


@pytest.mark.parametrize(("count", "share"), [(10, 0.37), (20, 0.5), (40, 0.37), (40, 0.73)])
def test_many_equal_s_curves_are_certified(count, share):
    # Branch and bound alone would look at every choice of who is on; the cells do not.
    plan = allocate([hill(100, 10, 4)] * count, share * count * 10)
    assert plan.gap <= 1e-6
    on = plan.spend[plan.spend > 1]
    best = max(m * float(hill(100, 10, 4)(share * count * 10 / m)) for m in range(1, count + 1))
    assert plan.value >= best * (1 - 1e-6)
    assert np.ptp(on) < 2 or plan.value > best


def test_the_independent_mixed_integer_answer_agrees():
    rng = np.random.default_rng(7)
    for _ in range(3):
        curves = [
            hill(c, k, s)
            for c, k, s in zip(
                rng.lognormal(size=6), rng.lognormal(size=6), rng.uniform(1.2, 4, 6), strict=True
            )
        ]
        grid = np.linspace(0, 3, 31)
        plan = allocate([piecewise(grid, c(grid)) for c in curves], 3)
        assert plan.value == pytest.approx(by_milp(grid, [c(grid) for c in curves], 3.0), rel=1e-6)


def by_milp(grid, rows, budget):
    """Piecewise linear maximisation with one binary per segment (the incremental model), by HiGHS."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, k = len(rows), grid.size - 1
    gains, widths = np.concatenate([np.diff(r) for r in rows]), np.tile(np.diff(grid), n)
    size = n * k
    matrix, upper = [np.concatenate([widths, np.zeros(size)])], [budget]
    for i, j in itertools.product(range(n), range(k - 1)):
        p, later, full = i * k + j, np.zeros(2 * size), np.zeros(2 * size)
        later[p + 1], later[size + p] = 1, -1
        full[size + p], full[p] = 1, -1
        matrix += [later, full]
        upper += [0.0, 0.0]
    answer = milp(
        -np.concatenate([gains, np.zeros(size)]),
        constraints=LinearConstraint(np.array(matrix), -np.inf, upper),
        integrality=np.concatenate([np.zeros(size), np.ones(size)]),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 1e-9},
    )
    return -answer.fun + sum(r[0] for r in rows)


def test_curves_that_fall_leave_money_over():
    plan = allocate([piecewise([0, 10, 20], [0, 5, 1]), piecewise([0, 5], [3, 2])], 100)
    assert plan.spend.tolist() == [10.0, 0.0]
    assert (plan.value, plan.gap, plan.shadow_price) == (8.0, 0.0, 0.0)


def test_a_callable_is_read_as_its_sample():
    plan = allocate([lambda x: np.sqrt(x), lambda x: 2 * math.sqrt(x)], 50)
    assert plan.spend == pytest.approx([10, 40], abs=0.05)
    assert plan.gap <= 1e-6
    with pytest.raises(BadInput, match="channel 1 is not finite"):
        allocate([hill(1, 1, 1), lambda x: np.where(x > 3, np.nan, x)], 10)
    with pytest.raises(BadInput, match="did not return numbers"):
        allocate([lambda x: "much"], 10)


def test_nothing_to_spend_and_nothing_to_gain():
    for plan in (allocate([hill(5, 1, 2)], 0), allocate([hill(0, 1, 2)] * 3, 10)):
        assert plan.value == plan.bound == plan.gap == plan.shadow_price == 0
    assert allocate([hill(5, 1, 2)], 0).spend.tolist() == [0.0]
    assert allocate([piecewise([0], [4])], 0).value == 4


def test_a_minimum_it_cannot_afford_stays_off():
    plan = allocate([hill(9, 1, 1), hill(100, 1, 1)], 10, minimum_if_on=[0, 20])
    assert plan.spend.tolist() == [10.0, 0.0]


def test_minimums_above_the_budget_are_named():
    with pytest.raises(Infeasible, match=r"add up to 130.*channel 0 \(80\), channel 2 \(50\)") as caught:
        allocate([hill(1, 1, 1)] * 3, 100, low=[80, 0, 50])
    assert caught.value.channels == (0, 2)
    with pytest.raises(Infeasible, match="channel 1 .minimum 30, maximum 20.") as caught:
        allocate([hill(1, 1, 1)] * 2, 100, low=[0, 30], high=[50, 20])
    assert caught.value.channels == (1,)
    with pytest.raises(Infeasible):
        allocate([hill(1, 1, 1)], 100, low=60, minimum_if_on=120)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0, "ten", None, [1, 2]])
def test_a_budget_that_is_no_amount_is_refused(bad):
    with pytest.raises(BadInput):
        allocate([hill(1, 1, 1)], bad)


@pytest.mark.parametrize(
    "make",
    [
        lambda: hill(-1, 1, 1),
        lambda: hill(1, 0, 1),
        lambda: hill(1, 1, -2),
        lambda: hill(np.nan, 1, 1),
        lambda: hill(1, np.inf, 1),
        lambda: hill("a", 1, 1),
        lambda: piecewise([], []),
        lambda: piecewise([0, 1], [0]),
        lambda: piecewise([0, 1, 1], [0, 1, 2]),
        lambda: piecewise([2, 1], [0, 1]),
        lambda: piecewise([-1, 1], [0, 1]),
        lambda: piecewise([0, 1], [0, np.nan]),
        lambda: piecewise([0, np.inf], [0, 1]),
        lambda: piecewise(["a"], ["b"]),
        lambda: allocate([], 10),
        lambda: allocate([3.0], 10),
        lambda: allocate([hill(1, 1, 1)], 10, low=[1, 2]),
        lambda: allocate([hill(1, 1, 1)], 10, low=-1),
        lambda: allocate([hill(1, 1, 1)], 10, low=np.inf),
        lambda: allocate([hill(1, 1, 1)], 10, high=np.nan),
        lambda: allocate([hill(1, 1, 1)], 10, minimum_if_on="x"),
        lambda: allocate([hill(1, 1, 1)], 10, tolerance=np.nan),
        lambda: value_of_budget([hill(1, 1, 1)], []),
        lambda: value_of_budget([hill(1, 1, 1)], [1, np.nan]),
        lambda: value_of_budget([hill(1, 1, 1)], "x"),
        lambda: allocate_risk(np.ones((4, 3)), 10),
        lambda: allocate_risk(np.ones((0, 3, 3)), 10),
        lambda: allocate_risk(np.full((4, 2, 3), np.nan), 10),
        lambda: allocate_risk(-np.ones((4, 2, 3)), 10),
        lambda: allocate_risk(np.ones((4, 2, 3)), 10, tail=0),
        lambda: allocate_risk(np.ones((4, 2, 3)), 10, tail=1.5),
        lambda: allocate_risk(np.ones((4, 2, 3)), np.nan),
        lambda: allocate_risk("x", 10),
    ],
)
def test_bad_input_is_refused_in_words(make):
    with pytest.raises(BadInput, match=r"\w+ \w+"):
        make()


def test_extreme_shapes_stay_finite():
    for curves, budget in [
        ([hill(1, 1, 0.01), hill(1, 2, 0.01)], 1e-9),
        ([hill(1, 1, 200), hill(1, 2, 50)], 2.5),
        ([hill(1e-300, 1e-6, 3), hill(1e-300, 1e6, 3)], 1.0),
        ([hill(1, 1e12, 3)] * 3, 1.0),
        ([hill(1, 1, 1)] * 3, 1e12),
    ]:
        plan = allocate(curves, budget)
        figures = [*plan.spend, plan.value, plan.bound, plan.gap, plan.shadow_price]
        assert np.isfinite(figures).all()
        assert plan.gap <= 1e-6
        assert plan.spend.sum() <= budget


def test_value_of_budget_never_falls_and_is_the_value():
    curves = [hill(100, 30, 3), hill(80, 20, 1.4), piecewise([0, 5, 9], [0, 30, 10])]
    budgets = np.array([70.0, 0.0, 10.0, 30.0, 20.0])
    values = value_of_budget(curves, budgets)
    assert (np.diff(values[np.argsort(budgets)]) >= 0).all()
    assert values == pytest.approx([allocate(curves, b).value for b in budgets], rel=1e-6)


def made_up_draws(seed, size=60, n=2, spread=0.5):
    rng = np.random.default_rng(seed)
    base = np.stack([rng.lognormal(0, 1, n), rng.lognormal(0, 1, n), rng.uniform(1.2, 4, n)], axis=-1)
    return base * rng.lognormal(0, spread, (size, n, 3))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("tail", [0.2, 0.33, 1.0])
def test_risk_is_certified_against_a_sweep_of_two_channels(seed, tail):
    draws = made_up_draws(seed)
    plan = allocate_risk(draws, 2.0, tail)
    worst = -np.inf
    for share in np.linspace(0, 2.0, 1001):
        x = np.array([share, 2.0 - share])
        with np.errstate(divide="ignore"):
            values = (draws[:, :, 0] / (1 + (draws[:, :, 1] / x) ** draws[:, :, 2])).sum(axis=1)
        worst = max(worst, tail_mean(values, tail))
    assert plan.bound >= worst * (1 - 1e-9)
    assert plan.value >= worst * (1 - 1e-3)
    assert plan.gap <= 0.02
    assert plan.spend.sum() <= 2.0 * (1 + 1e-12)


def tail_mean(values, tail):
    """Written out: the lowest values, the last in part."""
    need, got, left = tail * len(values), 0.0, tail * len(values)
    for value in sorted(values):
        take = min(1.0, left)
        got += take * value
        left -= take
    return got / need


def test_risk_prefers_the_safe_channel_that_the_mean_would_not():
    safe = np.tile([1.0, 1.0, 1.0], (100, 1))
    bold = np.stack([np.where(np.arange(100) < 30, 0.0, 4.0), np.ones(100), np.ones(100)], axis=-1)
    draws = np.stack([safe, bold], axis=1)
    careful, plain = allocate_risk(draws, 1.0, 0.2), allocate_risk(draws, 1.0, 1.0)
    assert careful.spend == pytest.approx([1.0, 0.0], abs=1e-3)
    assert plain.spend[1] > plain.spend[0]
    assert allocate_risk(draws, 0.0).value == 0.0


def test_risk_units_do_not_matter():
    draws = made_up_draws(3, n=3)
    plan = allocate_risk(draws, 2.0)
    other = allocate_risk(draws * [1e6, 1e-6, 1], 2e-6)
    assert other.value == pytest.approx(plan.value * 1e6, rel=1e-6)
    assert other.bound == pytest.approx(plan.bound * 1e6, rel=1e-6)
    assert other.shadow_price == pytest.approx(plan.shadow_price * 1e12, rel=1e-2)
