"""Projecting young posts: coverage, pooling over groups, and what is refused."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.engines import maturity
from quarterdeck.engines.maturity import BadQuestion, BadTable, MaturityError, NotEnough, fit

AGES = [1.0, 3.0, 6.0, 12.0, 24.0, 48.0]


def posts(n, seed=0, share=(0.1, 0.25, 0.4, 0.7, 0.9, 1.0), noise=0.3):
    """Made-up posts that reach these shares of a log-normal final value, unevenly when young."""
    rng = np.random.default_rng(seed)
    final = rng.lognormal(4, 1.2, n)
    uneven = rng.normal(0, 1, (n, len(share))) * noise * np.sqrt(1 - np.array(share))
    return np.round(final[:, None] * np.array(share) * np.exp(uneven))


def test_the_example_in_the_docstring_runs():
    outcome = doctest.testmod(maturity)
    assert outcome.failed == 0
    assert outcome.attempted >= 6


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("age", [3.0, 12.0, 8.5])
def test_intervals_cover_their_level_on_posts_they_have_not_seen(level, age):
    table = posts(6000)
    fitted = fit(AGES, table[:2000])
    later = table[2000:]
    if age in AGES:
        young = later[:, AGES.index(age)]
    else:
        weight = (math.log1p(age) - math.log(7)) / (math.log(13) - math.log(7))
        young = np.expm1((1 - weight) * np.log1p(later[:, 2]) + weight * np.log1p(later[:, 3]))
    told = np.array([fitted.project(age, v, 48.0, level=level) for v in young[:1500]])
    final = later[:1500, -1]
    covered = np.mean((told[:, 1] - 1e-6 * (1 + final) <= final) & (final <= told[:, 2] + 1e-6 * (1 + final)))
    assert level - 0.05 < covered < level + 0.05
    assert np.all(told[:, 1] <= told[:, 0])
    assert np.all(told[:, 0] <= told[:, 2])


def test_coverage_holds_in_each_third_when_noise_depends_on_the_value():
    rng = np.random.default_rng(4)
    young = rng.lognormal(4, 1.2, 9000)
    old = young * 3 * np.exp(rng.normal(0, 1, 9000) * np.where(young > 55, 0.1, 1.0))
    table = np.stack([young, old], axis=1)
    fitted = fit([6, 48], table[:5000])
    for third in (young[5000:] < 30, young[5000:] > 100):
        chosen = table[5000:][third][:800]
        told = [fitted.project(6, v, 48) for v in chosen[:, 0]]
        covered = np.mean([low <= v <= high for (_, low, high), v in zip(told, chosen[:, 1], strict=True)])
        assert 0.74 < covered < 0.86


def test_many_ties_at_zero_do_not_stretch_the_interval():
    """Of posts at 0, 70 % stay there: the lower tail has nothing to miss, the upper one gets its share."""
    rng = np.random.default_rng(8)
    old = np.where(rng.random(8000) < 0.7, 0, rng.poisson(20, 8000) + 1.0)
    fitted = fit([6, 48], np.stack([np.zeros(8000), old], axis=1))
    estimate, low, high = fitted.project(6, 0, 48)
    assert (estimate, low) == (0.0, 0.0)
    assert 0.79 < np.mean(old <= high + 1e-6) < 0.85


def test_a_group_with_many_posts_goes_its_own_way_and_one_with_few_borrows():
    slow = posts(800, seed=1, share=(0.02, 0.06, 0.12, 0.35, 0.7, 1.0))
    fast = posts(800, seed=2, share=(0.3, 0.6, 0.8, 0.9, 0.98, 1.0))
    few = posts(4, seed=3, share=(0.02, 0.06, 0.12, 0.35, 0.7, 1.0))
    labels = ["slow"] * 800 + ["fast"] * 800 + ["few"] * 4
    fitted = fit(AGES, np.vstack([slow, fast, few]), labels)
    by_slow, by_fast, by_few, by_nobody = (
        fitted.project(6, 40, 48, group=g).estimate for g in ("slow", "fast", "few", "unseen")
    )
    assert by_slow == pytest.approx(40 / 0.12, rel=0.3)
    assert by_fast == pytest.approx(40 / 0.8, rel=0.3)
    assert by_fast < by_few <= by_slow * 1.2
    assert by_nobody == fitted.project(6, 40, 48).estimate


def test_groups_that_do_not_differ_are_shrunk_together():
    table = posts(600, seed=9)
    labels = [i % 30 for i in range(600)]
    plain = fit(AGES, table).project(6, 40, 48).estimate
    grouped = [fit(AGES, table, labels).project(6, 40, 48, group=g).estimate for g in range(30)]
    assert np.std(np.log(grouped)) < 0.05
    assert np.exp(np.mean(np.log(grouped))) == pytest.approx(plain, rel=0.05)


def test_zeros_are_zeros_and_nan_is_unknown():
    table = posts(400)
    unknown, zero = table.copy(), table.copy()
    unknown[::2, 2], zero[::2, 2] = np.nan, 0
    ours = fit(AGES, table).project(6, 40, 48).estimate
    assert fit(AGES, unknown).project(6, 40, 48).estimate == pytest.approx(ours, rel=0.15)
    assert fit(AGES, zero).project(6, 0, 48).estimate > 5
    assert fit(AGES, table).project(6, 0, 48).estimate < 5


def test_a_value_is_interpolated_between_snapshots_and_never_beyond_them():
    table = posts(300)
    table[:, 0] = np.nan
    fitted = fit(AGES, table)
    assert np.all(np.isnan(fitted._at(2.0)))
    between = fitted._at(4.0)
    assert np.all(
        (between >= fitted._at(3.0) - 1e-12) & (between <= fitted._at(6.0) + 1e-12)
        | (table[:, 1] > table[:, 2])
    )
    assert np.array_equal(fitted._at(6.0), np.log1p(table[:, 2]))
    with pytest.raises(NotEnough):
        fitted.project(1.0, 5, 48)


def test_the_same_age_is_the_value_itself():
    assert fit(AGES, posts(50)).project(6, 17, 6) == (17, 17, 17)


def test_values_that_fell_are_taken_as_reported():
    table = np.stack([np.full(200, 100.0), np.full(200, 60.0)], axis=1)
    assert fit([6, 48], table).project(6, 100, 48) == pytest.approx((60, 60, 60))


def test_too_few_posts_to_check_on_are_named():
    with pytest.raises(NotEnough, match=r"needs 9 posts to check it on; there are 5"):
        fit(AGES, posts(10)).project(6, 40, 48)
    assert fit(AGES, posts(20)).project(6, 40, 48).estimate > 0
    with pytest.raises(NotEnough, match="needs 199"):
        fit(AGES, posts(20)).project(6, 40, 48, level=0.99)


def test_one_row_and_unknown_everywhere_are_not_enough():
    with pytest.raises(NotEnough):
        fit(AGES, posts(1)).project(6, 40, 48)
    with pytest.raises(NotEnough):
        fit(AGES, np.full((30, 6), np.nan)).project(6, 40, 48)


@pytest.mark.parametrize(
    ("ages", "values", "groups"),
    [
        ([], [], None),
        ([6], [[1.0]], None),
        ([6, 6], [[1, 2]], None),
        ([6, 3], [[1, 2]], None),
        ([-1, 3], [[1, 2]], None),
        ([math.nan, 3], [[1, 2]], None),
        ([3, math.inf], [[1, 2]], None),
        ([3, 6], [], None),
        ([3, 6], np.zeros((0, 2)), None),
        ([3, 6], [1, 2], None),
        ([3, 6], [[1, 2, 3]], None),
        ([3, 6], [[1, 2], [1]], None),
        ([3, 6], [[1, -2]], None),
        ([3, 6], [[1, math.inf]], None),
        ([3, 6], [[1, 1e200]], None),
        ([3, 6], [["a", "b"]], None),
        ([3, 6], [[1, 2]], ["a", "b"]),
    ],
)
def test_tables_that_are_no_tables_are_refused_in_words(ages, values, groups):
    with pytest.raises(BadTable) as refused:
        fit(ages, values, groups)
    assert len(str(refused.value)) > 15


@pytest.mark.parametrize(
    "question",
    [
        {"age": 0.5}, {"age": 49}, {"to_age": 49}, {"to_age": 3}, {"age": math.nan}, {"to_age": math.nan},
        {"value": -1}, {"value": math.nan}, {"value": math.inf}, {"value": 1e300}, {"value": "many"},
        {"level": 0}, {"level": 1}, {"level": math.nan}, {"level": 80},
    ],
)  # fmt: skip
def test_questions_that_mean_nothing_are_refused_in_words(question):
    fitted = fit(AGES, posts(60))
    with pytest.raises(BadQuestion) as refused:
        fitted.project(**{"age": 6, "value": 40, "to_age": 48, **question})
    assert len(str(refused.value)) > 15


def test_errors_are_one_family():
    for error in (BadTable, BadQuestion, NotEnough):
        assert issubclass(error, MaturityError)
        assert issubclass(error, ValueError)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**31),
    st.floats(0, 1e15),
    st.floats(1, 48),
    st.floats(1, 48),
    st.floats(0.05, 0.9),
)
def test_every_projection_is_finite_ordered_and_not_negative(seed, value, a, b, level):
    rng = np.random.default_rng(seed)
    table = rng.choice([0.0, 1.0, 7.0, 1e3, 1e15, np.nan], size=(60, 6), p=[0.3, 0.2, 0.2, 0.1, 0.05, 0.15])
    try:
        told = fit(AGES, table, list(rng.integers(0, 4, 60))).project(min(a, b), value, max(a, b), 1, level)
    except NotEnough:
        return
    assert all(math.isfinite(x) for x in told)
    assert 0 <= told.low <= told.estimate <= told.high


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 1000))
def test_a_wider_level_is_never_a_narrower_interval(seed, value):
    fitted = fit(AGES, posts(300, seed=seed % 1000))
    told = [fitted.project(6, value, 48, level=level) for level in (0.5, 0.7, 0.9)]
    assert told[0].low >= told[1].low >= told[2].low
    assert told[0].high <= told[1].high <= told[2].high


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_groups_names_does_not_matter(seed):
    table, rng = posts(200, seed=seed), np.random.default_rng(seed)
    labels = list(rng.integers(0, 3, 200))
    renamed = [("x", int(g)) for g in labels]
    assert fit(AGES, table, labels).project(6, 40, 48, 2) == fit(AGES, table, renamed).project(
        6, 40, 48, ("x", 2)
    )
