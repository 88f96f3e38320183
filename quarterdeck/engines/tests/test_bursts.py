"""Bursts: what raises an alert, what must not, the budget on a stream without news, and what is refused."""

import doctest
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.engines import bursts as module
from quarterdeck.engines.bursts import BadBatch, BadSetting, BadState, BurstError, Bursts, OutOfOrder

DAY = 86400.0
WORDS = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("x", "lo", "rn", "ta", "sk", "mp", "v")]


def chatter(days, a_day=1000, seed=0, start=0.0):
    """Made-up posts of eight words of very unequal frequency, by 400 unequal sources in 40 groups."""
    rng = np.random.default_rng(seed)
    size = int(days * a_day)
    times = start + np.sort(rng.uniform(0, days * DAY, size))
    picked = np.minimum((rng.pareto(0.9, (size, 8)) * 8).astype(int), len(WORDS) - 1)
    sources = np.minimum((rng.pareto(1.0, size) * 40).astype(int), 399)
    texts = [" ".join(WORDS[i] for i in row) for row in picked]
    return times, texts, [f"s{i}" for i in sources], [f"g{i % 40}" for i in sources]


def about(term, count, seed=1):
    """Made-up texts of different words around a term."""
    rng = np.random.default_rng(seed)
    return [" ".join([*rng.choice(WORDS, 3), term, *rng.choice(WORDS, 4)]) for _ in range(count)]


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A saved detector that has heard four days of chatter."""
    path = tmp_path_factory.mktemp("bursts") / "settled"
    bursts = Bursts(alerts_per_day=1, max_terms=2**13)
    bursts._salt = [2**61 + 12345, 2**63 + 977]
    bursts.feed(*chatter(4))
    bursts.advance(4 * DAY)
    bursts.save(path)
    return path


def after(path, texts, sources, groups=None, gap=1.0, languages=None):
    bursts = Bursts.load(path)
    times = [4 * DAY + gap * i for i in range(len(texts))]
    alerts = bursts.feed(times, texts, sources, groups, languages)
    return alerts + bursts.advance(times[-1] + 301)


def test_the_example_in_the_docstring_runs():
    outcome = doctest.testmod(module)
    assert outcome.failed == 0
    assert outcome.attempted >= 8


def test_a_new_word_by_many_sources_is_told_once_with_what_explains_it(settled):
    texts = about("earthquake", 9)
    alerts = after(settled, texts, [f"n{i}" for i in range(9)], gap=100.0)
    assert [alert.term for alert in alerts] == ["earthquake"]
    (alert,) = alerts
    assert alert.time.tzinfo is UTC
    assert datetime.fromtimestamp(4 * DAY, UTC) < alert.time <= datetime.fromtimestamp(4 * DAY + 1200, UTC)
    assert alert.score > 5
    assert 3 <= alert.sources <= 9
    assert 0 <= alert.expected < 0.1
    assert len(alert.exemplars) == 3
    assert all("earthquake" in text for text in alert.exemplars)


def test_one_source_that_writes_ten_thousand_posts_raises_nothing(settled):
    texts = about("earthquake", 10_000)
    assert after(settled, texts, ["robot"] * 10_000, gap=0.1) == []


def test_the_same_text_from_two_hundred_new_sources_raises_nothing(settled):
    text = "grand opening sale at moonbase everything must go this weekend"
    sources = [f"new{i}" for i in range(200)]
    assert after(settled, [text] * 200, sources) == []
    numbered = [f"@user{i} {text} http://spam.example/{i} {i}" for i in range(200)]
    assert after(settled, numbered, sources) == []
    varied = [f"{WORDS[i]} {text} {WORDS[i + 200]}" for i in range(200)]
    assert after(settled, varied, sources) == []


def test_sources_of_one_group_are_not_enough(settled):
    texts, sources = about("earthquake", 9), [f"n{i}" for i in range(9)]
    assert after(settled, texts, sources, ["one"] * 9) == []
    assert after(settled, texts, sources, ["one", "two", "three"] * 3)


def test_two_sources_are_not_enough(settled):
    assert after(settled, about("earthquake", 40), [f"n{i % 2}" for i in range(40)]) == []


def test_a_flood_does_not_hide_the_news(settled):
    flood, news = about("cheap", 5000, seed=5), about("earthquake", 9)
    texts = flood + news
    alerts = after(settled, texts, ["robot"] * 5000 + [f"n{i}" for i in range(9)], gap=0.05)
    assert "earthquake" in [alert.term for alert in alerts]


def test_terms_that_burst_together_are_one_topic(settled):
    texts = about("earthquake lisbon magnitude", 9)
    alerts = after(settled, texts, [f"n{i}" for i in range(9)])
    assert len(alerts) == 1


def test_scripts_without_spaces_are_read_by_pairs_of_characters(settled):
    texts = [
        f"{WORDS[i]} {WORDS[i + 9]} {WORDS[i + 20]} {WORDS[i + 40]} {WORDS[i + 60]} 地震" for i in range(9)
    ]
    alerts = after(settled, texts, [f"n{i}" for i in range(9)])
    assert [alert.term for alert in alerts] == ["地震"]


def test_each_language_has_its_own_past():
    times, texts, sources, groups = chatter(4)
    bursts = Bursts(1, max_terms=2**13)
    bursts.feed(times, texts, sources, groups, ["en", "pt"] * (len(times) // 2))
    more = about("terremoto", 9)
    alerts = bursts.feed(4 * DAY + np.arange(9.0), more, [f"n{i}" for i in range(9)], languages=["pt"] * 9)
    alerts += bursts.advance(4 * DAY + 301)
    assert "terremoto" in [alert.term for alert in alerts]


def test_it_is_silent_for_two_days_and_with_no_budget():
    young = Bursts(50, max_terms=2**12)
    young.feed(*chatter(1))
    assert young.feed(DAY + np.arange(9.0), about("earthquake", 9), [f"n{i}" for i in range(9)]) == []
    assert young.advance(DAY + 301) == []
    assert young.threshold == float("inf")
    none = Bursts(0, max_terms=2**12)
    assert none.feed(*chatter(4)) == []
    none.feed(4 * DAY + np.arange(9.0), about("earthquake", 9), [f"n{i}" for i in range(9)])
    assert none.advance(4 * DAY + 301) == []


@pytest.mark.parametrize("budget", [1, 4])
def test_chatter_without_news_alerts_within_the_budget(budget):
    bursts = Bursts(budget, max_terms=2**14)
    bursts._salt = [2**61 + 12345, 2**63 + 977]
    alerts = bursts.feed(*chatter(14, 2000, seed=3))
    counted = sum(alert.time.timestamp() > 4 * DAY for alert in alerts) / 10
    assert budget / 4 <= counted <= budget * 2


def test_a_state_read_back_goes_on_as_if_nothing_happened(tmp_path):
    times, texts, sources, groups = chatter(5, 600, seed=4)
    half = len(times) * 9 // 10
    one = Bursts(20, max_terms=2**12)
    first = one.feed(times[:half], texts[:half], sources[:half], groups[:half])
    one.save(tmp_path / "state")
    other = Bursts.load(tmp_path / "state")
    rest = [part[half:] for part in (times, texts, sources, groups)]
    again = other.feed(*rest)
    assert one.feed(*rest) == again
    assert one.threshold == other.threshold
    assert first or again
    assert (one._long == other._long).all()
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_how_a_stream_is_cut_into_batches_changes_nothing():
    times, texts, sources, groups = chatter(4, 500, seed=6)
    whole, cut = Bursts(20, max_terms=2**12), Bursts(20, max_terms=2**12)
    cut._salt = whole._salt
    expected = whole.feed(times, texts, sources, groups)
    found = []
    for low in range(0, len(times), 77):
        part = slice(low, low + 77)
        found += cut.feed(times[part], texts[part], sources[part], groups[part])
    assert found == expected
    assert (whole._recent == cut._recent).all()


def test_a_small_table_forgets_but_never_grows():
    bursts = Bursts(1, max_terms=1024)
    size = bursts._long.nbytes + bursts._recent.nbytes
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{i:x}" for i in row) for row in rng.integers(0, 10**6, (5000, 8))]
    bursts.feed(np.linspace(0, 3 * DAY, 5000), texts, [f"s{i}" for i in rng.integers(0, 900, 5000)])
    assert bursts._long.nbytes + bursts._recent.nbytes == size
    assert (bursts._long[:, 0] != 0).mean() > 0.9
    assert np.isfinite(bursts._long.view(np.float32)[:, 1:3]).all()


def test_a_burst_is_not_in_its_own_past_until_it_left_the_window(settled):
    bursts = Bursts.load(settled)
    bursts.feed(4 * DAY + np.arange(9.0), about("earthquake", 9), [f"n{i}" for i in range(9)])
    bursts.advance(4 * DAY + 1800 + 1)
    before = bursts._long.view(np.float32)[:, 1].sum()
    bursts.advance(4 * DAY + 3600 + 1)
    assert bursts._long.view(np.float32)[:, 1].sum() > before + 8


def test_datetimes_and_seconds_are_the_same(settled):
    texts, sources = about("earthquake", 9), [f"n{i}" for i in range(9)]
    start = datetime.fromtimestamp(4 * DAY, UTC)
    one, other = Bursts.load(settled), Bursts.load(settled)
    one.feed([start + timedelta(seconds=i) for i in range(9)], texts, sources)
    other.feed([4 * DAY + i for i in range(9)], texts, sources)
    assert one.advance(start + timedelta(seconds=301)) == other.advance(4 * DAY + 301) != []


def test_long_gaps_are_crossed_at_once(settled):
    bursts = Bursts.load(settled)
    assert bursts.advance(datetime(9000, 1, 1, tzinfo=UTC)) == []
    assert not bursts._recent.any()


HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "x" * 10_000,
    "é" * 10_000,
    "ﷺ" * 2000,
    "\ud800",
    "http://",
    "#",
    "@@##",
    "'" * 99,
]


def test_odd_texts_and_names_are_taken_without_harm():
    bursts = Bursts(5, max_terms=1024)
    times = np.arange(len(HOSTILE)) * 1000.0
    bursts.feed(times, HOSTILE, HOSTILE, HOSTILE)
    bursts.feed(times + 4 * DAY, HOSTILE, list(range(len(HOSTILE))), np.arange(len(HOSTILE)))
    bursts.advance(9 * DAY)
    assert bursts.feed([], [], []) == []


def test_equal_terms_of_ten_thousand_characters_are_no_term(settled):
    texts = [f"{a} {'z' * 10_000}" for a in about("", 9)]
    assert after(settled, texts, [f"n{i}" for i in range(9)]) == []


@pytest.mark.parametrize(
    ("times", "texts", "sources", "error"),
    [
        ([2.0, 1.0], ["a", "b"], ["x", "y"], OutOfOrder),
        ([float("nan")], ["a"], ["x"], BadBatch),
        (np.array([1.0, np.nan, 3.0]), ["a"] * 3, ["x"] * 3, BadBatch),
        ([float("inf")], ["a"], ["x"], BadBatch),
        ([10**400], ["a"], ["x"], BadBatch),
        ([-1.0], ["a"], ["x"], BadBatch),
        ([datetime(2026, 1, 1)], ["a"], ["x"], BadBatch),  # noqa: DTZ001
        (["1"], ["a"], ["x"], BadBatch),
        ([1.0], ["a", "b"], ["x"], BadBatch),
        ([1.0], ["a"], ["x", "y"], BadBatch),
        ([1.0], [None], ["x"], BadBatch),
        ([1.0], [b"a"], ["x"], BadBatch),
        ([1.0], "a", ["x"], BadBatch),
        ([1.0], ["a"], "x", BadBatch),
        ([1.0], ["a"], [None], BadBatch),
        ([1.0], ["a"], [float("nan")], BadBatch),
    ],
)
def test_bad_batches_are_refused_with_words_and_change_nothing(times, texts, sources, error):
    bursts = Bursts(1, max_terms=1024)
    with pytest.raises(error, match=r"\w+ \w+.*\.$"):
        bursts.feed(times, texts, sources)
    assert bursts._bucket is None
    assert not bursts._recent.any()


def test_times_already_taken_are_refused():
    bursts = Bursts(1, max_terms=1024)
    bursts.feed([1000.0], ["a"], ["x"])
    with pytest.raises(OutOfOrder):
        bursts.feed([999.0], ["a"], ["x"])
    with pytest.raises(OutOfOrder):
        bursts.advance(999.0)
    bursts.advance(5000.0)
    with pytest.raises(OutOfOrder):
        bursts.feed([4999.0], ["a"], ["x"])
    with pytest.raises(BadBatch):
        bursts.feed([6000.0], ["a"], ["x"], groups=["g", "h"])
    with pytest.raises(BadBatch):
        bursts.feed([6000.0], ["a"], ["x"], languages=[None])


@pytest.mark.parametrize(
    "wrong",
    [
        {"alerts_per_day": -1},
        {"alerts_per_day": float("nan")},
        {"alerts_per_day": float("inf")},
        {"alerts_per_day": "5"},
        {"alerts_per_day": True},
        {"bucket_minutes": 0},
        {"bucket_minutes": 7},
        {"max_terms": 0},
        {"max_terms": 2**40},
        {"max_terms": 4096.0},
    ],
)
def test_bad_settings_are_refused(wrong):
    with pytest.raises(BadSetting, match=r"must be"):
        Bursts(**wrong)


def test_a_file_that_is_no_state_is_refused(tmp_path, settled):
    path = tmp_path / "broken"
    for broken in (
        b"",
        b"hello",
        settled.read_bytes()[:-1000],
        settled.read_bytes().replace(b'"settings"', b'"sittings"'),
    ):
        path.write_bytes(broken)
        with pytest.raises(BadState):
            Bursts.load(path)
    with pytest.raises(FileNotFoundError):
        Bursts.load(tmp_path / "absent")
    assert issubclass(BadState, BurstError)
    assert issubclass(BurstError, ValueError)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 3 * DAY), st.text(max_size=40), st.text(max_size=5), st.sampled_from("ab")),
        max_size=30,
    )
)
def test_any_posts_in_order_are_taken_and_every_alert_is_finite(posts):
    posts.sort(key=lambda post: post[0])
    bursts = Bursts(100, max_terms=1024)
    columns = [list(column) for column in zip(*posts, strict=True)] or [[], [], [], []]
    alerts = bursts.feed(*columns) + bursts.advance(4 * DAY)
    for alert in alerts:
        assert np.isfinite([alert.score, alert.sources, alert.expected]).all()
    assert np.isfinite(bursts._exposure).all()
