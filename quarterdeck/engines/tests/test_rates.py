"""Shrunk rates against simulation and brute-force integration; tests against published vectors."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln
from scipy.stats import false_discovery_control

from quarterdeck.engines import _rates_two_level as two_level
from quarterdeck.engines import rates
from quarterdeck.engines.rates import (
    BadInput,
    benjamini_hochberg,
    permutation_test,
    shrink,
    shrink_amounts,
    shrink_counts,
    shuffled,
)

CALM = settings(max_examples=25, deadline=None, derandomize=True)


def world(seed, groups=150, arms=3, kappa=1000.0):
    """Made-up tests: a common rate near 2 %, tests that differ, arms that differ less."""
    rng = np.random.default_rng(seed)
    m = np.repeat(1 / (1 + np.exp(-rng.normal(-4, 0.5, groups))), arms)
    truth = rng.beta(m * kappa, (1 - m) * kappa)
    trials = rng.integers(50, 1000, groups * arms)
    return truth, rng.binomial(trials, truth), trials, np.repeat(np.arange(groups), arms)


def test_the_example_in_the_docstring_is_true():
    result = doctest.testmod(rates)
    assert result.attempted >= 8
    assert result.failed == 0


def test_shrinking_beats_raw_covers_and_keeps_its_promises():
    truth, hits, trials, groups = world(1)
    found = shrink(hits, trials, groups)
    raw = hits / trials
    assert np.mean((found.mean - truth) ** 2) < 0.5 * np.mean((raw - truth) ** 2)
    chosen = np.array([found.mean[3 * g : 3 * g + 3].argmax() + 3 * g for g in range(150)])
    assert found.mean[chosen].sum() == pytest.approx(truth[chosen].sum(), rel=0.1)
    best = truth.reshape(-1, 3).argmax(axis=1) + 3 * np.arange(150)
    assert found.p_best[chosen].mean() == pytest.approx(np.mean(chosen == best), abs=0.12)
    lost = (truth.reshape(-1, 3).max(axis=1) - truth[chosen]).mean()
    assert found.expected_loss[chosen].mean() == pytest.approx(lost, rel=0.4)


def test_intervals_cover_what_they_promise():
    covered = []
    for seed in range(4):
        truth, hits, trials, groups = world(seed)
        found = shrink(hits, trials, groups, level=0.8)
        covered.append(np.mean((found.low <= truth) & (truth <= found.high)))
    assert np.mean(covered) == pytest.approx(0.8, abs=0.04)


def test_the_fit_finds_the_spreads_that_made_the_data():
    _, hits, trials, groups = world(2, groups=900, arms=4)
    first = np.arange(0, hits.size, 4)
    arms = two_level.Arms(hits.astype(float), trials.astype(float), groups, first, True)
    levels = two_level.fit(arms)
    assert levels.centre == pytest.approx(-4, abs=0.1)
    assert levels.spread == pytest.approx(0.5, rel=0.12)
    assert levels.within == pytest.approx(1000, rel=0.35)


def test_the_posterior_agrees_with_integration_on_a_fine_grid():
    hits, trials = np.array([9.0, 4.0, 2.0]), np.array([150.0, 160.0, 155.0])
    arms = two_level.Arms(hits, trials, np.zeros(3, int), np.array([0]), True)
    levels = two_level.Levels(-4.0, 0.6, 300.0)
    u = np.linspace(-8, 0, 20_001)
    m = 1 / (1 + np.exp(-u))
    a, b = m[:, None] * 300, (1 - m[:, None]) * 300
    log = -0.5 * ((u + 4) / 0.6) ** 2 + (betaln(hits + a, trials - hits + b) - betaln(a, b)).sum(axis=1)
    weight = np.exp(log - log.max())
    expected = weight @ ((hits + a) / (trials + 300)) / weight.sum()
    result = two_level.posterior(arms, levels, 0.8)
    assert result.mean == pytest.approx(expected, rel=1e-6)
    rng = np.random.default_rng(9)
    at = rng.choice(m, 200_000, p=weight / weight.sum())[:, None]
    drawn = rng.beta(hits + at * 300, trials - hits + (1 - at) * 300)
    assert result.p_best == pytest.approx(np.bincount(drawn.argmax(axis=1), minlength=3) / 200_000, abs=0.03)
    assert result.low == pytest.approx(np.quantile(drawn, 0.1, axis=0), rel=0.05)
    assert result.high == pytest.approx(np.quantile(drawn, 0.9, axis=0), rel=0.05)
    lost = (drawn.max(axis=1, keepdims=True) - drawn).mean(axis=0)
    assert result.expected_loss == pytest.approx(lost, abs=4e-4)


arm = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(0, 2)))


@CALM
@given(st.lists(arm, min_size=1, max_size=9), st.floats(0.05, 0.99))
def test_what_is_always_so(arms, level):
    hits, trials, groups = (np.array(column) for column in zip(*arms, strict=True))
    if trials.sum() == 0:
        with pytest.raises(BadInput):
            shrink(hits, trials, groups, level)
        return
    found = shrink(hits, trials, groups, level)
    columns = [found.mean, found.low, found.high, found.p_best, found.expected_loss]
    assert np.isfinite(columns).all()
    assert ((found.low >= 0) & (found.low <= found.high) & (found.high <= 1)).all()
    assert ((found.mean > 0) & (found.mean < 1) & (found.expected_loss >= 0)).all()
    for g in np.unique(groups):
        assert found.p_best[groups == g].sum() == pytest.approx(1)
    back = shrink(hits[::-1], trials[::-1], groups[::-1], level)
    assert back.mean[::-1] == pytest.approx(found.mean, rel=1e-2)


def test_odd_counts_stay_finite():
    one = shrink([3], [10])
    assert 0 < one.low[0] < one.mean[0] < one.high[0] < 1
    assert one.p_best[0] == 1
    late = shrink([0] * 1000 + [1], [50] * 1001)
    assert np.isfinite(late.mean).all()
    assert late.mean[-1] > late.mean[0] > 0
    assert late.mean[-1] < 1 / 50
    nothing = shrink([0, 0], [10, 0])
    assert 0 < nothing.mean[1] < 0.2
    huge = shrink([1e9, 1.1e9], [1e12, 1e12])
    assert huge.mean == pytest.approx([1e-3, 1.1e-3], rel=1e-3)
    assert huge.p_best[1] > 0.999
    same = shrink([7] * 8, [100] * 8, list("aabbccdd"))
    assert np.ptp(same.mean) < 1e-6


def test_counts_per_exposure():
    rng = np.random.default_rng(5)
    group = np.repeat(np.arange(150), 3)
    truth = rng.gamma(5, np.repeat(np.exp(rng.normal(1, 0.5, 150)), 3) / 5)
    exposure = rng.uniform(0.5, 3, 450)
    counts = rng.poisson(truth * exposure)
    found = shrink_counts(counts, exposure, group)
    assert np.mean((found.mean - truth) ** 2) < 0.75 * np.mean((counts / exposure - truth) ** 2)
    assert 0.74 < np.mean((found.low <= truth) & (truth <= found.high)) < 0.86
    hourly = shrink_counts(counts, exposure * 60, group)
    assert hourly.mean * 60 == pytest.approx(found.mean, rel=1e-6)
    assert hourly.expected_loss * 60 == pytest.approx(found.expected_loss, rel=1e-6)
    assert np.isfinite(shrink_counts([0, 0]).mean).all()


def test_amounts_on_the_log_scale():
    rng = np.random.default_rng(6)
    truth = np.repeat(rng.normal(5, 0.4, 30), 4) + rng.normal(0, 0.25, 120)
    values = np.maximum(np.expm1(rng.normal(np.repeat(truth, 6), 1)), 0)
    arms = np.repeat(np.arange(120), 6)
    labels, found = shrink_amounts(values, arms, arms // 4)
    raw = np.log1p(values).reshape(120, 6).mean(axis=1)
    assert labels.tolist() == list(range(120))
    assert np.mean((np.log1p(found.mean) - truth) ** 2) < 0.5 * np.mean((raw - truth) ** 2)
    assert 0.72 < np.mean((np.log1p(found.low) <= truth) & (truth <= np.log1p(found.high))) < 0.88
    assert found.p_best.reshape(-1, 4).sum(axis=1) == pytest.approx(1)
    _, zeros = shrink_amounts([0, 0, 0, 0], ["a", "a", "b", "b"])
    assert np.isfinite([zeros.mean, zeros.high, zeros.expected_loss]).all()
    with pytest.raises(BadInput, match="two groups"):
        shrink_amounts([1, 2], ["a", "a"], [0, 1])


def test_benjamini_hochberg_on_their_own_example():
    # Benjamini and Hochberg 1995, section 3.2: fifteen p-values, four rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    p += [0.6528, 0.7590, 1.0000]
    assert int((benjamini_hochberg(p) <= 0.05).sum()) == 4


@CALM
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_agrees_with_scipy(p):
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p))


def test_the_permutation_test_counts_every_assignment():
    # Fisher's lady: 4 of 8 cups all named right; 2 of the 70 assignments are as extreme, two-sided.
    found = permutation_test([1, 1, 1, 1, 0, 0, 0, 0], list("mmmmtttt"), draws=20_000)
    assert found.p == pytest.approx(2 / 70, rel=0.15)


def test_the_permutation_test_follows_the_mechanism_used():
    # Each pair of days was split at random; days differ a lot, the effect is small but never fails.
    rng = np.random.default_rng(3)
    day = np.repeat(np.arange(12), 2)
    treated = np.tile([0, 1], 12)
    outcome = day * 10.0 + treated + rng.normal(0, 0.1, 24)
    paired = permutation_test(outcome, treated, shuffled(treated, within=day), draws=9_999)
    assert paired.p < 0.002
    assert permutation_test(outcome, treated, draws=999).p > 0.5


def test_the_permutation_test_is_level_under_no_effect():
    rng = np.random.default_rng(4)
    p = [permutation_test(rng.exponential(size=20), [0, 1] * 10, draws=99, seed=k).p for k in range(300)]
    assert np.mean(np.array(p) <= 0.1) == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize(
    "make",
    [
        lambda: shrink([], []),
        lambda: shrink([1, np.nan], [5, 5]),
        lambda: shrink([1, np.inf], [5, 5]),
        lambda: shrink([-1], [5]),
        lambda: shrink([6], [5]),
        lambda: shrink([1, 2], [5]),
        lambda: shrink([0], [0]),
        lambda: shrink([[1]], [[2]]),
        lambda: shrink("ab", [5]),
        lambda: shrink([1], [5], level=1.0),
        lambda: shrink([1], [5], level=np.nan),
        lambda: shrink([1, 1], [5, 5], groups=["a"]),
        lambda: shrink([1, 1], [5, 5], groups=[1.0, np.nan]),
        lambda: shrink_counts([1, 2], [0, 1]),
        lambda: shrink_counts([-1]),
        lambda: shrink_amounts([1, -2], ["a", "b"]),
        lambda: shrink_amounts([1, 2], ["a"]),
        lambda: benjamini_hochberg([]),
        lambda: benjamini_hochberg([0.2, 1.2]),
        lambda: benjamini_hochberg([np.nan]),
        lambda: permutation_test([1, 2], ["a", "a"]),
        lambda: permutation_test([1, np.nan], ["a", "b"]),
        lambda: permutation_test([1, 2], ["a", "b"], draws=0),
        lambda: permutation_test([1, 2], ["a", "b"], lambda rng: ["a", "x"]),
        lambda: permutation_test([1, 2], ["a", "b"], lambda rng: ["a"]),
        lambda: permutation_test([1, 2], ["a", "b"], statistic=lambda y, g: np.nan),
    ],
)
def test_bad_input_is_refused_in_words(make):
    with pytest.raises(BadInput, match=r"\w+ \w+"):
        make()
