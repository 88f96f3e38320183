"""The time of posting: found when it is there, refused when it is not, adjusted, and never NaN."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.engines import timing
from quarterdeck.engines.timing import BadPosts, NotEnough, TimingError, fit


def posts(n, seed=0, peak=0.0, weekend=0.0, noise=0.6):
    """(weekday, hour, value): log-normal values with a bump at 19:00 and a weekend effect, in logs."""
    rng = np.random.default_rng(seed)
    weekday, hour = rng.integers(0, 7, n), rng.integers(0, 24, n)
    effect = peak * np.exp(-0.5 * ((hour - 19) / 2.0) ** 2) + weekend * (weekday >= 5)
    return weekday, hour, np.round(np.exp(5 + effect + rng.normal(0, noise, n)))


def test_the_example_in_the_docstring_runs():
    outcome = doctest.testmod(timing)
    assert outcome.failed == 0
    assert outcome.attempted >= 7


def test_a_real_evening_and_weekend_are_found_at_about_their_size():
    told = fit(*posts(3000, peak=1.0, weekend=0.5))
    assert told.reliable
    assert told.best[0] in (5, 6)
    assert told.best[1] in (18, 19, 20)
    evening = told.effect[:, 19].mean() - told.effect[:, 5].mean()
    assert evening == pytest.approx(1.0, abs=0.15)
    weekend = told.effect[5:].mean() - told.effect[:5].mean()
    assert weekend == pytest.approx(0.5, abs=0.12)


def test_shapes_order_and_centring():
    weekday, hour, value = posts(400, peak=0.8)
    told = fit(weekday, hour, value)
    assert told.effect.shape == told.low.shape == told.high.shape == (7, 24)
    assert np.all(told.low <= told.effect)
    assert np.all(told.effect <= told.high)
    assert told.effect[weekday, hour].mean() == pytest.approx(0, abs=1e-9)


def test_when_nothing_differs_a_best_time_is_refused_nearly_always():
    named = sum(fit(*posts(250, seed=s)).best is not None for s in range(60))
    assert named <= 3


def test_when_nothing_differs_times_are_called_reliable_about_one_in_twenty():
    called = sum(fit(*posts(250, seed=1000 + s)).reliable for s in range(120))
    assert 1 <= called <= 14


def test_the_claim_of_a_named_time_is_about_what_it_delivers():
    """Bump of 0.35 in a noise of 0.8: when a time is named, its claim is near its true effect on average."""
    claims, truths = [], []
    for seed in range(40):
        told = fit(*posts(300, seed=seed, peak=0.35, noise=0.8))
        if told.best is not None:
            claims.append(told.effect[told.best])
            bump = 0.35 * np.exp(-0.5 * ((np.arange(24) - 19) / 2.0) ** 2)
            truths.append(bump[told.best[1]] - bump.mean())
    assert len(claims) >= 5
    assert np.mean(claims) < np.mean(truths) + 0.2


def test_intervals_cover_true_effects():
    covered = []
    for seed in range(40):
        told = fit(*posts(500, seed=seed, peak=0.6))
        bump = 0.6 * np.exp(-0.5 * ((np.arange(24) - 19) / 2.0) ** 2)
        truth = np.tile(bump - bump.mean(), (7, 1))
        covered.append(np.mean((told.low <= truth) & (truth <= told.high)))
    assert 0.8 < np.mean(covered) <= 1.0


def test_a_covariate_that_explains_the_hours_takes_their_effect_away():
    rng = np.random.default_rng(3)
    weekday, hour = rng.integers(0, 7, 800), rng.integers(0, 24, 800)
    video = (rng.random(800) < np.where(np.abs(hour - 19) < 3, 0.9, 0.1)).astype(int)
    value = np.round(np.exp(5 + 1.2 * video + rng.normal(0, 0.5, 800)))
    assert fit(weekday, hour, value).best is not None
    labels = np.where(video == 1, "video", "photo")
    for covariate in (video, labels, labels.astype(object), video.astype(bool)):
        adjusted = fit(weekday, hour, value, kind=covariate)
        assert adjusted.best is None
        assert np.abs(adjusted.effect).max() < 0.15


def test_a_number_covariate_may_be_on_any_scale():
    weekday, hour, value = posts(300, peak=0.8)
    likes = np.random.default_rng(1).normal(0, 1, 300)
    one = fit(weekday, hour, value, likes=likes)
    other = fit(weekday, hour, value, likes=likes * 1e9 + 5e9)
    assert np.allclose(one.effect, other.effect, atol=1e-6)
    assert one.best == other.best


def test_hours_without_posts_are_wide_and_never_named():
    rng = np.random.default_rng(5)
    hour = rng.choice([9, 10, 18, 19], 600)
    value = np.round(np.exp(5 + 1.0 * (hour >= 18) + rng.normal(0, 0.5, 600)))
    told = fit(rng.integers(0, 7, 600), hour, value)
    width = (told.high - told.low).mean(axis=0)
    assert width[2] > 2 * width[18]
    assert told.best[1] in (17, 18, 19, 20)


def test_more_posts_are_surer():
    few, many = fit(*posts(150, peak=0.8)), fit(*posts(3000, peak=0.8))
    assert (many.high - many.low).mean() < 0.6 * (few.high - few.low).mean()


def test_midnight_is_next_to_eleven_at_night():
    rng = np.random.default_rng(6)
    hour = rng.integers(0, 24, 2000)
    away = np.minimum(hour, 24 - hour)
    value = np.round(np.exp(5 + np.exp(-0.5 * (away / 1.5) ** 2) + rng.normal(0, 0.5, 2000)))
    told = fit(rng.integers(0, 7, 2000), hour, value)
    by_hour = told.effect.mean(axis=0)
    assert abs(by_hour[23] - by_hour[1]) < 0.15
    assert told.best[1] in (23, 0, 1)


def test_constant_values_and_a_thousand_zeros_name_nothing():
    weekday, hour, _ = posts(1000)
    for value in (np.full(1000, 7.0), np.zeros(1000)):
        told = fit(weekday, hour, value)
        assert told.best is None
        assert not told.reliable
        assert not told.effect.any()
    one = np.zeros(1000)
    one[-1] = 1
    assert fit(weekday, hour, one).best is None


def test_one_row_and_too_many_categories_are_not_enough():
    with pytest.raises(NotEnough, match="too few"):
        fit([0], [0], [1.0])
    weekday, hour, value = posts(100)
    with pytest.raises(NotEnough):
        fit(weekday, hour, value, name=[f"post {i}" for i in range(100)])


def test_a_covariate_that_never_varies_or_repeats_another_changes_nothing():
    weekday, hour, value = posts(200, peak=0.8)
    paid = np.random.default_rng(2).integers(0, 2, 200)
    plain = fit(weekday, hour, value, paid=paid)
    twice = fit(weekday, hour, value, paid=paid, again=paid * 2 + 1, fixed=np.ones(200))
    assert np.allclose(plain.effect, twice.effect, atol=1e-8)


@pytest.mark.parametrize(
    ("weekday", "hour", "value", "covariates"),
    [
        ([], [], [], {}),
        ([0, 1], [0], [1, 2], {}),
        ([7] * 50, [0] * 50, [1] * 50, {}),
        ([-1] * 50, [0] * 50, [1] * 50, {}),
        ([0.5] * 50, [0] * 50, [1] * 50, {}),
        ([math.nan] * 50, [0] * 50, [1] * 50, {}),
        ([0] * 50, [24] * 50, [1] * 50, {}),
        ([0] * 50, [0] * 50, [-1] * 50, {}),
        ([0] * 50, [0] * 50, [math.nan] * 50, {}),
        ([0] * 50, [0] * 50, [math.inf] * 50, {}),
        ([0] * 50, [0] * 50, [1e200] * 50, {}),
        (["Monday"] * 50, [0] * 50, [1] * 50, {}),
        ([[0]] * 50, [0] * 50, [1] * 50, {}),
        ([0] * 50, [0] * 50, list(range(50)), {"age": [1.0] * 49}),
        ([0] * 50, [0] * 50, list(range(50)), {"age": [math.nan] * 50}),
        ([0] * 50, [0] * 50, list(range(50)), {"age": [1e308, -1e308] * 25}),
        ([0] * 50, [0] * 50, list(range(50)), {"age": [[1, 2], [3]] * 25}),
        ([0] * 50, [0] * 50, list(range(50)), {"at": np.zeros(50, "datetime64[s]")}),
    ],
)
def test_posts_that_are_no_posts_are_refused_in_words(weekday, hour, value, covariates):
    with pytest.raises(BadPosts) as refused:
        fit(weekday, hour, value, **covariates)
    assert len(str(refused.value)) > 15


def test_errors_are_one_family():
    assert issubclass(BadPosts, TimingError)
    assert issubclass(NotEnough, TimingError)
    assert issubclass(TimingError, ValueError)


values = st.one_of(st.just(0.0), st.integers(0, 1000).map(float), st.floats(0, 1e15))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23), values), min_size=25, max_size=80))
def test_everything_told_is_finite_and_ordered(rows):
    told = fit(*(np.array(column) for column in zip(*rows, strict=True)))
    for cells in (told.effect, told.low, told.high):
        assert np.all(np.isfinite(cells))
    assert np.all(told.low <= told.high)
    if told.best is not None:
        assert told.reliable
        assert told.low[told.best] > 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 6), st.integers(1, 23))
def test_turning_the_week_and_the_day_turns_the_answer(seed, days, hours):
    weekday, hour, value = posts(120, seed=seed % 997, peak=0.7)
    told = fit(weekday, hour, value)
    turned = fit((weekday + days) % 7, (hour + hours) % 24, value)
    assert np.allclose(np.roll(told.effect, (days, hours), (0, 1)), turned.effect, atol=1e-6)


def test_the_permutation_test_is_fair_when_covariates_follow_the_clock():
    """With hour blocks and days among the covariates, p is still uniform where nothing else differs."""
    told = []
    for seed in range(60):
        weekday, hour, value = posts(250, seed=seed)
        basis = timing._covariate_basis(250, {"day": weekday.astype(str), "block": (hour // 2).astype(str)})
        y = np.log1p(value)
        told.append(timing._permutation_p(weekday, hour, basis, y - basis @ (basis.T @ y)))
    assert 0.3 < np.median(told) < 0.7
    assert np.quantile(told, 0.1) < 0.25


def test_averaging_over_variances_is_the_mixture_of_henderson_solutions():
    rng = np.random.default_rng(12)
    design, y = rng.normal(0, 1, (40, 5)), rng.normal(0, 1, 40)
    y += design[:, 0]
    parts = []
    for day_ratio in timing._RATIOS:
        for hour_ratio in timing._RATIOS:
            scale = np.array([day_ratio] * 2 + [hour_ratio] * 3)
            whole = np.eye(40) + (design * scale) @ design.T
            noise = y @ np.linalg.solve(whole, y) / 37
            likelihood = -0.5 * (37 * np.log(noise) + np.linalg.slogdet(whole)[1])
            mean = scale * (design.T @ np.linalg.solve(whole, y))
            inside = np.diag(scale) - (design * scale).T @ np.linalg.solve(whole, design * scale)
            parts.append((likelihood, mean, noise * inside))
    weights = np.exp(np.array([p[0] for p in parts]))
    weights /= weights.sum()
    mean = sum(w * p[1] for w, p in zip(weights, parts, strict=True))
    second = sum(w * (p[2] + np.outer(p[1], p[1])) for w, p in zip(weights, parts, strict=True))
    ours = timing._averaged(design, y, 2, 37)
    assert np.allclose(ours[0], mean, atol=1e-9)
    assert np.allclose(ours[1], second - np.outer(mean, mean), atol=1e-9)
