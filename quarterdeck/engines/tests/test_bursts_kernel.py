"""The compiled loops of bursts equal their plain statement, on made-up texts and on whole streams."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from quarterdeck.engines import _bursts_reference as plain
from quarterdeck.engines import _bursts_text as text
from quarterdeck.engines import bursts as module
from quarterdeck.engines._bursts_topics import surprise
from quarterdeck.engines.bursts import Bursts
from quarterdeck.engines.tests.test_bursts import DAY, chatter

fast = pytest.importorskip("quarterdeck.engines._bursts_kernel")

PIECES = ["http://", "https://www.", "utm_a=1", "&", "?", "#", "@", "'", "’", " ", "/", ".", "1", "22"]
PIECES += ["é", "İ", "ﬁ", "苹果", "가", "ไทย", "quake", "a" * 70]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=30)
BITMAPS = st.integers(0, 2**64 - 1)


def tokens(loops, texts):
    points = text.points(texts)
    hashes = np.zeros(len(points) + len(texts) + 2 * text.MOST_TERMS, np.uint64)
    ends, prints = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.uint64)
    used = loops.tokenise(points, text.classes(), hashes, ends, prints)
    return hashes[:used].tolist(), ends.tolist(), prints.tolist()


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS.map("".join), min_size=1, max_size=4))
def test_texts_are_read_alike(texts):
    assert tokens(fast, texts) == tokens(plain, texts)
    hashes, ends, _ = tokens(fast, texts)
    spelled = [[value for _, value, _ in text.spell(one)] for one in texts]
    assert [value for one in spelled for value in one] == hashes
    assert ends == np.cumsum([len(one) for one in spelled]).tolist()


def test_texts_beyond_the_limits_are_read_alike():
    texts = [" ".join(f"w{i}" for i in range(2000)), "x" * 10_000, "果" * 20_000, "a " * 9000, "ﷺ" * 3000]
    assert tokens(fast, texts) == tokens(plain, texts)
    assert max(np.diff([0, *tokens(fast, texts)[1]])) == text.MOST_TERMS


@pytest.mark.parametrize(
    ("given_", "terms"),
    [
        ("Don't START art", ["don't", "start", "don't start", "art", "start art"]),
        ("我喜欢苹果", ["我喜", "喜欢", "欢苹", "苹果"]),
        ("#Tag a#b @Bob", ["#tag", "a", "#tag a", "b", "a b", "@bob", "b @bob"]),
        ("see https://www.Foo.com/a/?utm_x=1&v=2#z now", ["see", "foo.com/a/?v=2", "now"]),
        ("ＦＵＬＬ Straße", ["full", "strasse", "full strasse"]),
        ("a" * 65 + " b", ["b"]),
        ("", []),
    ],
)
def test_the_terms_of_a_text(given_, terms):
    assert [term for term, _, _ in text.spell(given_)] == terms


@settings(max_examples=200, deadline=None)
@given(BITMAPS)
def test_sources_are_estimated_alike(bitmap):
    assert fast.estimate(np.uint64(bitmap), module._CURVE) == plain.estimate(bitmap, module._CURVE)


@pytest.mark.parametrize(
    ("sources", "within"), [(3, 0.15), (10, 0.15), (50, 0.2), (100, 0.3), (200, 0.5), (1000, 0.6)]
)
def test_the_estimate_of_sources_is_about_right(sources, within):
    rng = np.random.default_rng(sources)
    found = []
    for _ in range(60):
        bitmap = 0
        for value in rng.integers(0, 2**64, sources, dtype=np.uint64).tolist():
            bitmap |= plain._bit(value)
        found.append(plain.estimate(bitmap, module._CURVE))
    assert abs(np.mean(found) / sources - 1) < 0.2
    assert np.std(found) / sources < within


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 300), st.integers(1, 60), st.sampled_from([2**10, 2**12]))
def test_whole_streams_are_counted_alike(seed, posts, vocabulary, terms):
    rng = np.random.default_rng(seed)
    times = np.sort(rng.uniform(0, 2.5 * DAY, posts))
    texts = [
        " ".join(f"{chr(97 + i % 26)}{i}" for i in row) for row in rng.integers(0, vocabulary, (posts, 6))
    ]
    sources = [f"s{i}" for i in rng.integers(0, 30, posts)]
    languages = rng.choice(["en", "pt"], posts).tolist()
    states = []
    for loops in (fast, plain):
        bursts = Bursts(50, max_terms=terms)
        bursts._loops, bursts._salt = loops, [seed, 2 * seed + 1]
        alerts = bursts.feed(times, texts, sources, sources, languages)
        states.append((alerts, bursts))
    (one_alerts, one), (other_alerts, other) = states
    assert one_alerts == other_alerts
    for name in ("_recent", "_long", "_prints", "_stamps", "_loads", "_exposure", "_touched", "_queued"):
        assert (getattr(one, name) == getattr(other, name)).all(), name


def test_a_crowded_table_evicts_alike():
    rng = np.random.default_rng(1)
    texts = [" ".join(f"{chr(97 + i % 26)}{i}" for i in row) for row in rng.integers(0, 10**6, (400, 12))]
    found = []
    for loops in (fast, plain):
        bursts = Bursts(5, max_terms=1024)
        bursts._loops, bursts._salt = loops, [5, 7]
        bursts.feed(np.linspace(0, 5000, 400), texts, [f"s{i}" for i in range(400)])
        bursts.advance(12_000)
        found.append((bursts._recent.copy(), bursts._long.copy(), bursts._added))
    assert (found[0][0] == found[1][0]).all()
    assert (found[0][1] == found[1][1]).all()
    assert found[0][2] == found[1][2] > 0


def test_alerts_of_a_stream_are_alike():
    found = []
    for loops in (fast, plain):
        bursts = Bursts(30, max_terms=2**12)
        bursts._loops, bursts._salt = loops, [5, 7]
        found.append(bursts.feed(*chatter(3, 500, seed=9)))
    assert found[0] == found[1] != []


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 200), st.floats(0, 500), st.floats(1, 1e5), st.floats(1, 1e4))
def test_the_tail_is_that_of_the_negative_binomial(count, total, exposure, window):
    past = np.array([[window, exposure, exposure**2 / 100, 0.0]])
    score, expected = surprise(np.array([float(count)]), np.array([total]), np.array([total**2 / 100]), past)
    shape = 1 / (1 / (total + 0.5) + 0.1)
    direct = max(1e-300, nbinom.sf(count - 1, shape, shape / (shape + expected[0])))
    assert score[0] == pytest.approx(-np.log10(direct), abs=1e-3, rel=0.02) or direct < 1e-200


def test_a_term_that_was_bursty_is_less_surprising():
    past = np.array([[100.0, 1e4, 1e6, 0.0]] * 2)
    scores, _ = surprise(np.array([8.0, 8.0]), np.array([20.0, 20.0]), np.array([4.0, 150.0]), past)
    assert scores[0] > scores[1] + 0.5


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.floats(3, 400), st.floats(0, 500), st.floats(0, 1e5)), min_size=1, max_size=20),
    st.floats(1, 1e5),
    st.floats(0, 60),
)
def test_what_is_not_worked_out_could_not_have_reached_the_least(terms, exposure, least):
    count, total, squares = np.array(terms).T
    past = np.tile([exposure / 20, exposure, exposure**2 / 100, 0.0], (len(terms), 1))
    whole, expected = surprise(count, total, squares, past)
    short, same = surprise(count, total, squares, past, least)
    assert (expected == same).all()
    assert np.isfinite(whole).all()
    left_out = np.isneginf(short)
    assert (whole[left_out] < least).all()
    assert (short[~left_out] == whole[~left_out]).all()
