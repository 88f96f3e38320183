"""Experiments against published constants, exact enumeration and simulation."""

from __future__ import annotations

import doctest
from itertools import product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chisquare, ttest_ind

from quarterdeck.engines import experiments
from quarterdeck.engines.experiments import BadInput, cuped, evalue, planned_looks, sample_ratio, sample_size

CALM = settings(max_examples=40, deadline=None, derandomize=True)


def test_the_example_in_the_docstring_is_true():
    result = doctest.testmod(experiments)
    assert result.attempted >= 7
    assert result.failed == 0


@CALM
@given(st.lists(st.integers(20, 9000), min_size=2, max_size=6))
def test_sample_ratio_is_pearsons_chi_square(counts):
    assert sample_ratio(counts) == pytest.approx(chisquare(counts).pvalue, rel=1e-9)


def test_sample_ratio_with_weights_and_small_counts():
    assert sample_ratio([6000, 3000], [2, 1]) == pytest.approx(1)
    assert sample_ratio([6000, 3000]) < 1e-100
    # 1 of 8 or further: 2 (1 + 8) / 256, exactly; too few for the chi-square.
    assert sample_ratio([1, 7]) == pytest.approx(18 / 256, rel=0.05)
    assert sample_ratio([0, 0, 9]) < 0.001
    assert sample_ratio([0, 1]) == pytest.approx(1)


def test_sample_size_reaches_its_power_in_the_exact_distribution():
    # The figures a person is shown at 1.52 %, and the true power of the pooled z test at one of them.
    sizes = [sample_size(0.0152, lift) for lift in (0.1, 0.2, 0.3, 0.6, 1.0)]
    assert sizes == pytest.approx([106_647, 27_868, 12_910, 3_606, 1_471], abs=1)
    n = sample_size(0.05, 0.5)
    rng = np.random.default_rng(1)
    a, b = rng.binomial(n, 0.05, 40_000), rng.binomial(n, 0.075, 40_000)
    pool = (a + b) / (2 * n)
    z = (b - a) / n / np.sqrt(2 * pool * (1 - pool) / n)
    assert np.mean(np.abs(z) > 1.959964) == pytest.approx(0.8, abs=0.015)
    assert sample_size(0.05, -0.3) > sample_size(0.05, -0.5)
    assert sample_size(0.05, 0.5, power=0.9) > n > sample_size(0.05, 0.5, alpha=0.1)


@pytest.mark.parametrize("weight", [0.5, 0.2, 0.9])
def test_the_evalue_is_one_on_average_over_every_outcome(weight):
    n = 30
    k = np.arange(n + 1)
    e = np.array([evalue([a], [n - a], weight)[0] for a in k])
    assert binom.pmf(k, n, weight) @ e == pytest.approx(1, rel=1e-9)


def test_the_evalue_is_one_on_average_when_the_split_changes():
    steps, shares = (4, 5, 3), (0.5, 0.2, 0.7)
    total = 0.0
    for picks in product(*(range(n + 1) for n in steps)):
        chance = prod(
            comb(n, k) * w**k * (1 - w) ** (n - k) for n, k, w in zip(steps, picks, shares, strict=True)
        )
        a = np.cumsum(picks)
        total += chance * evalue(a, np.cumsum(steps) - a, shares)[-1]
    assert total == pytest.approx(1, rel=1e-9)


def test_a_split_that_hardly_changes_is_the_same_test():
    a, b = [4, 11, 20, 31], [9, 24, 45, 70]
    assert evalue(a, b, [0.5, 0.5, 0.5, 0.5 + 1e-9]) == pytest.approx(evalue(a, b), rel=1e-3)


@CALM
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=20))
def test_the_evalue_sees_both_sides_alike(steps):
    a, b = np.cumsum(np.array(steps), axis=0).T
    e = evalue(a, b)
    assert e.shape == a.shape
    assert np.isfinite(e).all()
    assert (e > 0).all()
    assert evalue(b, a) == pytest.approx(e)
    assert evalue(a, b, np.full(a.size, 0.5)) == pytest.approx(e)


def test_forty_looks_do_not_raise_false_alarms_and_find_a_twofold_rate():
    rng = np.random.default_rng(2)

    def share(rate):
        a, b = (np.cumsum(rng.binomial(75, r, (1500, 40)), axis=1) for r in (0.015, rate))
        return np.mean([(evalue(x, y) >= 20).any() for x, y in zip(a, b, strict=True)])

    assert share(0.015) <= 0.03
    assert share(0.03) >= 0.84


def test_no_click_and_endless_clicks_stay_finite():
    assert evalue([0, 0], [0, 0]).tolist() == [1.0, 1.0]
    assert np.isfinite(evalue([10**9], [0])).all()


def test_planned_looks_are_the_published_constants():
    # Jennison and Turnbull 2000, table 2.3: O'Brien-Fleming constants for alpha 0.05.
    for looks, constant in {1: 1.960, 2: 1.977, 3: 2.004, 4: 2.024, 5: 2.040, 10: 2.087}.items():
        bounds = planned_looks(looks)
        assert bounds[-1] == pytest.approx(constant, abs=6e-4)
        assert bounds == pytest.approx(bounds[-1] * np.sqrt(looks / np.arange(1, looks + 1)))


def test_uneven_looks_keep_the_level():
    times = np.array([0.2, 0.3, 0.8, 1.0])
    bounds = planned_looks(times, alpha=0.1)
    rng = np.random.default_rng(3)
    walk = np.cumsum(rng.standard_normal((200_000, 4)) * np.sqrt(np.diff(times, prepend=0)), axis=1)
    crossed = (np.abs(walk / np.sqrt(times)) >= bounds).any(axis=1)
    assert crossed.mean() == pytest.approx(0.1, abs=0.003)


def test_cuped_without_use_of_the_covariate_is_welch():
    rng = np.random.default_rng(4)
    y, on = rng.normal(size=60), np.repeat([0, 1], 30)
    found = cuped(y, np.ones(60), on)
    expected = ttest_ind(y[30:], y[:30], equal_var=False)
    interval = expected.confidence_interval()
    assert (found.effect, found.p) == pytest.approx((y[30:].mean() - y[:30].mean(), expected.pvalue))
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.kept == pytest.approx(1)


def test_cuped_takes_out_what_was_there_before_and_covers():
    rng = np.random.default_rng(5)
    covered, width = 0, []
    for _ in range(400):
        before = rng.normal(size=80)
        on = rng.permutation(np.repeat([0, 1], 40))
        found = cuped(2 * before + 0.5 * on + rng.normal(size=80), before, on)
        covered += found.low <= 0.5 <= found.high
        width.append(found.high - found.low)
    assert covered / 400 == pytest.approx(0.95, abs=0.03)
    assert found.kept == pytest.approx(0.2, abs=0.1)
    assert np.mean(width) < 1.1


def test_cuped_of_constants_is_words_not_nan():
    same = cuped([1, 1, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1])
    assert (same.effect, same.p, same.kept) == (0.0, 1.0, 1.0)
    apart = cuped([1, 2, 1, 2], [0, 0, 0, 0], [0, 1, 0, 1])
    assert (apart.effect, apart.p) == (1.0, 0.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: sample_ratio([]),
        lambda: sample_ratio([5]),
        lambda: sample_ratio([0, 0]),
        lambda: sample_ratio([1, np.nan]),
        lambda: sample_ratio([1, np.inf]),
        lambda: sample_ratio([1, -1]),
        lambda: sample_ratio([1.5, 2]),
        lambda: sample_ratio([1, 2], [1, 0]),
        lambda: sample_ratio([1, 2], [1]),
        lambda: sample_ratio("ab"),
        lambda: sample_size(0, 0.3),
        lambda: sample_size(0.5, 1.0),
        lambda: sample_size(0.1, 0),
        lambda: sample_size(0.1, np.nan),
        lambda: sample_size(0.1, -1),
        lambda: sample_size(0.1, 0.3, power=1),
        lambda: sample_size(0.1, 0.3, power=0.04),
        lambda: sample_size("x", 0.3),
        lambda: evalue([], []),
        lambda: evalue([3, 2], [1, 2]),
        lambda: evalue([1.5], [2]),
        lambda: evalue([1], [2, 3]),
        lambda: evalue([-1], [2]),
        lambda: evalue([np.nan], [2]),
        lambda: evalue([1], [2], 0),
        lambda: evalue([1], [2], np.nan),
        lambda: evalue([1, 2], [2, 3], [0.5]),
        lambda: evalue([1], [2], "half"),
        lambda: planned_looks(0),
        lambda: planned_looks(True),
        lambda: planned_looks([0.5, 0.4, 1]),
        lambda: planned_looks([0.5, 0.9]),
        lambda: planned_looks(3, alpha=0),
        lambda: cuped([1, 2], [1, 2], [0, 1]),
        lambda: cuped([1, 2, 3, 4], [1, 2, 3, 4], [0, 1, 2, 1]),
        lambda: cuped([1, 2, 3, np.nan], [1, 2, 3, 4], [0, 1, 0, 1]),
        lambda: cuped([1, 2, 3], [1, 2, 3, 4], [0, 1, 0, 1]),
    ],
)
def test_bad_input_is_refused_in_words(make):
    with pytest.raises(BadInput, match=r"\w+ \w+"):
        make()
