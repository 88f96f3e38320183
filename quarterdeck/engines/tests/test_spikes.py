"""The page detector: what it reads, what it refuses, and that it neither looks ahead nor forgets."""

import doctest
import json
import math
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.engines import spikes
from quarterdeck.engines._extremes import fit_gumbel, gumbel_quantile, poisson_surprise
from quarterdeck.engines.spikes import BadBucket, BadSetting, BadState, Detector, OutOfOrder, SpikeError

START = datetime(2026, 1, 5, tzinfo=UTC)
STEP = timedelta(minutes=5)


def run(detector, counts, start=START):
    """Readings of consecutive buckets; None is a bucket that never came."""
    return [detector.step(start + i * STEP, c) for i, c in enumerate(counts) if c is not None]


def everyday(days, mean=6.0, seed=3):
    """A made-up stream: a daily wave, everyday unevenness, and a short flood about every third day."""
    rng = np.random.default_rng(seed)
    n = days * 288
    hour = np.arange(n) / 12.0
    uneven = np.repeat(rng.normal(0, 0.3, n // 12), 12)
    rate = mean * np.exp(0.6 * np.sin(2 * np.pi * (hour - 14) / 24) + uneven)
    for _ in range(days // 3):
        at, size = int(rng.integers(0, n - 12)), 1.0 + rng.pareto(1.5)
        rate[at : at + 12] += mean * size * 0.8 ** np.arange(12)
    return rng.poisson(rate)


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(spikes).failed == 0
    assert doctest.testmod(spikes).attempted >= 6


def test_a_sustained_burst_pages_once_and_then_stays_a_watch():
    counts = list(everyday(21))
    detector = Detector("Europe/Paris")
    run(detector, counts)
    rng = np.random.default_rng(1)
    crisis = run(detector, rng.poisson(70, 36), START + 21 * 288 * STEP)
    levels = [reading.level for reading in crisis]
    assert levels.count("page") == 1
    assert levels.index("page") < 9
    assert set(levels[levels.index("page") + 1 :]) == {"watch"}


def test_the_same_event_pages_again_only_when_clearly_worse():
    detector = Detector("UTC")
    run(detector, everyday(21))
    rng = np.random.default_rng(2)
    readings = run(detector, [*rng.poisson(60, 24), *rng.poisson(900, 24)], START + 21 * 288 * STEP)
    pages = [i for i, reading in enumerate(readings) if reading.level == "page"]
    assert pages[0] < 24 <= pages[1]
    for before, after in zip(pages, pages[1:], strict=False):
        assert readings[after].score >= readings[before].score + 2.0


def test_a_stream_of_daily_floods_pages_for_an_hour_but_not_for_one_more_flood():
    counts = everyday(21)
    counts[100::288] += 170
    counts[101::288] += 170
    flooded, sustained = Detector("UTC"), Detector("UTC")
    run(flooded, counts), run(sustained, counts)
    later = START + (21 * 288 + 100) * STEP
    run(flooded, counts[:100], START + 21 * 288 * STEP), run(sustained, counts[:100], START + 21 * 288 * STEP)
    one_more = run(flooded, [170, 170, *[6] * 10], later)
    hour = run(sustained, [34] * 12, later)
    assert "page" not in [r.level for r in one_more]
    assert "page" in [r.level for r in hour]


def test_the_return_period_of_a_reading_is_about_what_is_seen():
    """On stationary noise a score beyond ln(7 days) comes on about one day in seven, not one in one."""
    tops = []
    for seed in range(3):
        readings = run(Detector("UTC"), np.random.default_rng(seed).poisson(2, 288 * 100))
        tops += [max(r.score for r in readings[d * 288 : d * 288 + 288]) for d in range(20, 100)]
    beyond = np.mean(np.array(tops) > math.log(7))
    assert 1 / 7 / 1.5 < beyond < 1.5 / 7


def test_a_larger_budget_pages_more_and_the_realised_rate_follows_it():
    counts = everyday(140, seed=11)
    pages = {}
    for budget in (0.5, 2.0):
        readings = run(Detector("UTC", per_week=budget), counts)[14 * 288 :]
        pages[budget] = sum(r.level == "page" for r in readings) / 18
    assert 0.5 / 2 <= pages[0.5] <= 0.5 * 2
    assert 2 / 1.6 <= pages[2.0] <= 2 * 1.6


def test_a_night_budget_of_zero_keeps_the_page_for_seven_in_the_morning():
    detector = Detector("Asia/Tokyo", per_week=1.0, night_per_week=0)
    run(detector, everyday(21))
    night = START + 21 * 288 * STEP + timedelta(hours=13)  # 22:00 in Tokyo
    readings = run(detector, [60] * (12 * 10), night)
    first = [r.level for r in readings].index("page")
    assert first == 9 * 12
    assert readings[12].level == "watch"


def test_without_a_night_budget_the_same_burst_pages_at_night():
    detector = Detector("Asia/Tokyo", per_week=1.0)
    run(detector, everyday(21))
    night = START + 21 * 288 * STEP + timedelta(hours=13)
    assert "page" in [r.level for r in run(detector, [60] * 12, night)]


def test_a_night_budget_that_does_not_bind_changes_nothing():
    counts = everyday(30)
    plain = [r.level for r in run(Detector("UTC", 1.0), counts)]
    loose = [r.level for r in run(Detector("UTC", 1.0, night_per_week=50.0), counts)]
    assert plain == loose


def test_floor_count_silences_small_hours():
    counts = everyday(21)
    open_, floored = Detector("UTC"), Detector("UTC", floor_count=10_000)
    run(open_, counts), run(floored, counts)
    later = START + 21 * 288 * STEP
    assert "page" in [r.level for r in run(open_, [60] * 12, later)]
    assert {r.level for r in run(floored, [60] * 12, later)} == {"none"}


def test_a_thousand_zeros_then_one_wakes_nobody():
    readings = run(Detector("UTC"), [0] * 1000 + [1])
    assert {r.level for r in readings} == {"none"}
    assert readings[-1].novelty == 2.0
    assert all(math.isfinite(x) for r in readings for x in r[:4])


def test_a_constant_stream_wakes_nobody():
    readings = run(Detector("UTC"), [7] * 288 * 30)
    assert {r.level for r in readings} == {"none"}
    assert readings[-1].ratio == pytest.approx(1.0)


def test_novelty_is_measured_against_the_streams_own_record():
    readings = run(Detector("UTC"), [3, 9, 4, 19, 19])
    assert [r.novelty for r in readings] == [4.0, 10 / 4, 5 / 10, 2.0, 1.0]


def test_ratio_is_the_last_hour_over_the_last_seven_days():
    counts = [4] * (288 * 8) + [10] * 12
    readings = run(Detector("UTC"), counts)
    week = (168 * 12 - 12) * 4 + 120
    assert readings[-1].ratio == pytest.approx((10 + 1 / 12) / (week / (168 * 12) + 1 / 12), rel=1e-12)


def test_a_gap_is_missing_and_not_zero():
    counts = list(everyday(21))
    gap = list(counts)
    gap[15 * 288 : 16 * 288] = [None] * 288
    zeros = list(counts)
    zeros[15 * 288 : 16 * 288] = [0] * 288
    after = 16 * 288 + 144
    full, holed, zeroed = (run(Detector("UTC"), c[:after])[-1] for c in (counts, gap, zeros))
    assert abs(holed.ratio - full.ratio) * 4 < zeroed.ratio - full.ratio
    assert Detector("UTC").record_days == 0


def test_an_hour_with_too_few_buckets_is_not_read_as_an_hour():
    detector = Detector("UTC")
    run(detector, everyday(21))
    late = START + timedelta(days=30)
    readings = run(detector, [30] * 12, late)
    assert readings[0].score < readings[-1].score - 2
    assert "page" in [r.level for r in readings]


def test_calibrated_says_when_the_record_is_shorter_than_the_budgets_return_period():
    weekly, quarterly = Detector("UTC", 1.0), Detector("UTC", 1 / 13)
    for detector in (weekly, quarterly):
        assert not detector.calibrated
        run(detector, everyday(12))
    assert weekly.record_days == 11
    assert weekly.calibrated
    assert not quarterly.calibrated


def test_repeats_steps_back_and_misaligned_buckets_are_refused_and_change_nothing():
    detector = Detector("UTC")
    run(detector, [1, 2, 3])
    before = detector.state()
    with pytest.raises(OutOfOrder, match="not after the last one"):
        detector.step(START + 2 * STEP, 3)
    with pytest.raises(OutOfOrder):
        detector.step(START, 3)
    with pytest.raises(BadBucket, match="whole number"):
        detector.step(START + 3 * STEP + timedelta(seconds=7), 3)
    with pytest.raises(BadBucket, match="time zone"):
        detector.step(datetime(2027, 1, 1), 3)  # noqa: DTZ001
    with pytest.raises(BadBucket):
        detector.step("2027-01-01", 3)
    assert detector.state() == before


@pytest.mark.parametrize("count", [math.nan, math.inf, -math.inf, -1, -0.001, 1e300, None, "many", [1]])
def test_counts_that_are_no_counts_are_refused_and_change_nothing(count):
    detector = Detector("UTC")
    run(detector, [1, 2])
    before = detector.state()
    with pytest.raises(BadBucket, match="count"):
        detector.step(START + 2 * STEP, count)
    assert detector.state() == before


@pytest.mark.parametrize(
    "settings_",
    [
        {"zone": "Mars/Olympus"}, {"zone": ""}, {"zone": 3}, {"zone": timezone(timedelta(hours=2))},
        {"per_week": 0}, {"per_week": -1}, {"per_week": math.nan}, {"per_week": math.inf}, {"per_week": "one"},
        {"night_per_week": -1}, {"night_per_week": math.nan}, {"floor_count": -2}, {"floor_count": math.inf},
    ],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused_in_words(settings_):
    with pytest.raises(BadSetting) as refused:
        Detector(**{"zone": "UTC", **settings_})
    assert len(str(refused.value)) > 20


@pytest.mark.parametrize("state", [{}, {"version": 2}, {"version": 1, "zone": "UTC"}, [], None, 7])
def test_a_state_that_is_no_state_is_refused(state):
    with pytest.raises(BadState):
        Detector.restore(state)


def test_a_state_with_a_short_profile_is_refused():
    state = Detector("UTC").state()
    with pytest.raises(BadState, match="wrong length"):
        Detector.restore({**state, "profile": [0.0] * 3})


def test_errors_are_one_family():
    for error in (OutOfOrder, BadBucket, BadSetting, BadState):
        assert issubclass(error, SpikeError)
        assert issubclass(error, ValueError)


counts_with_holes = st.lists(
    st.one_of(st.none(), st.integers(0, 5), st.integers(0, 10**6), st.floats(0, 1e12)),
    min_size=1,
    max_size=400,
)


@settings(max_examples=40, deadline=None)
@given(counts_with_holes, st.integers(0, 400), st.sampled_from(["UTC", "America/St_Johns", "Asia/Kathmandu"]))
def test_a_restored_detector_reads_exactly_what_the_first_would_have(counts, cut, zone):
    cut = min(cut, len(counts))
    whole = run(Detector(zone), counts)
    first = Detector(zone)
    before = run(first, counts[:cut])
    again = Detector.restore(json.loads(json.dumps(first.state())))
    assert before + run(again, counts[cut:], START + cut * STEP) == whole


@settings(max_examples=40, deadline=None)
@given(counts_with_holes)
def test_every_reading_is_finite_whatever_the_counts(counts):
    for reading in run(Detector("UTC"), counts):
        assert all(math.isfinite(x) for x in reading[:4])
        assert 0 <= reading.return_days <= 36_500
        assert reading.novelty > 0
        assert reading.ratio > 0


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**31))
def test_readings_do_not_depend_on_what_comes_later(days, seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(5, days * 100)
    assert run(Detector("UTC"), counts)[:50] == run(Detector("UTC"), counts[:50])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.integers(1, 3000), min_size=1, max_size=5))
def test_gaps_of_any_length_are_survived(seed, gaps):
    rng = np.random.default_rng(seed)
    detector, at = Detector("Europe/Paris"), START
    for gap in gaps:
        run(detector, rng.poisson(5, 300), at)
        at += (299 + gap) * STEP
    assert math.isfinite(detector.step(at + STEP, 5).score)


def test_gumbel_fit_finds_the_parameters_of_a_long_record():
    rng = np.random.default_rng(0)
    location, scale = fit_gumbel(list(rng.gumbel(3.0, 0.5, 20_000)), (0.0, 1.0), 7, 0.01)
    assert location == pytest.approx(3.0, abs=0.02)
    assert scale == pytest.approx(0.5, abs=0.02)


def test_gumbel_fit_of_nothing_is_the_prior_and_one_outlier_does_not_drag_it():
    assert fit_gumbel([], (1.0, 2.0), 7, 0.01) == pytest.approx((1.0, 2.0), rel=0.2)
    calm = list(np.random.default_rng(1).gumbel(0, 1, 28))
    with_crisis = fit_gumbel([*calm, 60.0], (0, 1), 7, 0.01)
    assert with_crisis[1] < 1.5 * fit_gumbel(calm, (0, 1), 7, 0.01)[1]


def test_gumbel_quantile_is_the_inverse_of_the_published_distribution():
    for p in (0.01, 0.5, 0.99):
        x = gumbel_quantile(p, 2.0, 3.0)
        assert math.exp(-math.exp(-(x - 2.0) / 3.0)) == pytest.approx(p)


@pytest.mark.parametrize(("count", "mean"), [(1, 0.01), (3, 0.5), (12, 4.0), (60, 30.0), (2, 1e-6)])
def test_poisson_surprise_is_the_exact_tail(count, mean):
    from scipy.stats import poisson

    assert poisson_surprise(count, mean) == pytest.approx(-poisson.logsf(count - 1, mean), rel=1e-9)


@pytest.mark.parametrize(("count", "mean"), [(61, 30.0), (1000, 600.0), (10**9, 10.0)])
def test_poisson_surprise_of_large_counts_never_overstates(count, mean):
    from scipy.stats import poisson

    exact = -poisson.logsf(count - 1, mean)
    assert 0 < poisson_surprise(count, mean) <= exact * (1 + 1e-12) or exact == math.inf


def test_buckets_that_never_came_do_not_dilute_the_hour():
    detector = Detector("UTC")
    run(detector, [4] * 288 * 2)
    after = detector.step(START + (288 * 2 + 8) * STEP, 4)
    assert after.ratio == pytest.approx(1.0, abs=0.01)


def test_two_months_of_zeros_then_one_is_still_nothing_to_wake_for():
    readings = run(Detector("UTC"), [0] * 288 * 60 + [1])
    assert readings[-1].level == "none"
    assert readings[-1].return_days < 7


def test_the_largest_third_of_an_hour_is_left_out_at_the_scale_of_an_hour():
    detector = Detector("UTC")
    run(detector, [10] * 288 + [10] * 8 + [9000] * 4)
    five_minutes, quarter, hour = detector._excess(slot=0)
    assert min(five_minutes, quarter) > 5
    assert abs(hour) < 0.05
