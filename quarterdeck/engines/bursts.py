"""Which words, pairs of words, tags or links a stream of posts suddenly talks about.

Counts, for every term, the distinct sources (authors) of the present and the previous half-hour, and asks how
rare that many is given the term's own past and the volume of the stream: the past is a decayed (half-life seven
days) Gamma-Poisson rate per post, lagged by that window so a burst is never in its own baseline; the tail is
negative binomial, its spread learnt from how bursty the term was. An alert is for a topic, terms that burst in
the same posts, once in seven days; it needs three sources of two groups (communities; where no groups are given
each source is its own) and a score that the stream's topics exceed `alerts_per_day` times a day, over four
weeks. Copies (SimHash within 3 bits of a post of the last 24 hours, numbers, mentions and links left out) are
not counted; nor is what a source posts beyond 64 posts in a half-hour.

Sources: Charikar (2002) for SimHash; Whang et al. (1990) and Estan, Varghese and Fisk (2006) for counting
sources in 64 bits; Gamma-Poisson mixture: Greenwood and Yule (1920). Memory is bounded: `max_terms` terms of 16
bytes, an eighth of them at 64 bytes, and the texts of at most 65,536 posts; terms are kept as 64-bit hashes, so
two can be confused, rarely. It does not claim that a topic is true, new or important, nor that accounts are
people: many patient robots with words of their own look like a crowd. Counts of sources are estimates: a standard
deviation of 10 % up to 20 sources, 20 % at 100, 30 to 50 % from 150 to 1,000, none told apart above 1,900.
For two days after the first post it says nothing.

>>> def talk(i):
...     return " ".join(chr(97 + i % prime) * size for size, prime in enumerate((7, 11, 13, 17, 19, 23), 2))
>>> past = range(4 * 1440)
>>> bursts = Bursts(alerts_per_day=1, max_terms=2**14)
>>> quiet = bursts.feed([60.0 * i for i in past], [talk(i) for i in past], [f"a{i % 500}" for i in past])
>>> texts = [f"{talk(i * i)} earthquake {talk(i + 9)}" for i in range(8)]
>>> found = bursts.feed([345600.0 + i for i in range(8)], texts, [f"b{i}" for i in range(8)])
>>> found += bursts.advance(345600 + 300)
>>> [(alert.term, 6 <= alert.sources <= 10, alert.score > 5) for alert in found]
[('earthquake', True, True)]
"""

from __future__ import annotations

import math
import os
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from quarterdeck.engines import _bursts_text as words
from quarterdeck.engines._bursts_checks import (
    BadBatch,
    BadSetting,
    BadState,
    BurstError,
    OutOfOrder,
    checked_batch,
    checked_settings,
    seconds,
)
from quarterdeck.engines._bursts_ring import POSTS, Ring
from quarterdeck.engines._bursts_store import read, write
from quarterdeck.engines._bursts_topics import DAY, LEAST_SCORE, SHAPE, Topics, surprise

try:
    from quarterdeck.engines import _bursts_kernel as _fast
except ImportError:  # numba is not installed
    _fast = None  # type: ignore[assignment]

__all__ = ["Alert", "BadBatch", "BadSetting", "BadState", "BurstError", "Bursts", "OutOfOrder"]

BLOCK = 1800
HALF_LIFE = 7 * 48
WARM = 2 * DAY
COPIES = 48
LANGUAGES = 64
CHUNK = 2048
MOST_CANDIDATES = 8
EXEMPLARS = 3
LEAST_SOURCES = 2.99
SHARE = 2.0
_PARTS = ((40, 0), (14, 1), (10, 2))


class Alert(NamedTuple):
    """A topic that bursts.

    time: UTC end of the bucket. term: the topic's telling term, in normal form. score: -log10 of the chance of
    so many sources. sources: distinct sources of the last 30 to 60 minutes, estimated. expected: the same by
    the term's past. exemplars: up to three texts, newest first.
    """

    time: datetime
    term: str
    score: float
    sources: float
    expected: float
    exemplars: tuple[str, ...]


class _Candidate(NamedTuple):
    key: int
    term: str
    score: float
    sources: float
    expected: float
    posts: list[int]


def _curve() -> np.ndarray:
    curve = np.zeros((3, 41))
    for bits, part in _PARTS:
        for held in range(bits + 1):
            curve[part, held] = -bits * math.log((bits - held or 0.5) / bits)
    return curve


_CURVE = _curve()
_DECAY = np.float32(0.5) ** (np.arange(20 * HALF_LIFE, dtype=np.float32) / np.float32(HALF_LIFE))
_DECAY[-1] = 0.0


class Bursts:
    """The bursts of one stream. Not shared between threads.

    alerts_per_day: topics a day to allow, true and false together; 0 means none. bucket_minutes: how often to
    look, a divisor of 30. max_terms: terms remembered, 1,024 to 2**26, raised to a power of two. Raises
    BadSetting.
    """

    def __init__(self, alerts_per_day: float = 5.0, bucket_minutes: int = 5, max_terms: int = 2**22) -> None:
        self.alerts_per_day, self.bucket_minutes, self.max_terms = checked_settings(
            alerts_per_day, bucket_minutes, max_terms
        )
        self._loops: ModuleType = _fast or _reference()
        slots = max(1024, self.max_terms // 8)
        self._recent, self._fresh = _table(slots, 4, np.uint64), _table(slots, 4, np.uint64)
        self._long = _table(self.max_terms, 4, np.uint32)
        self._prints = np.zeros((4, POSTS), np.uint64)
        self._stamps = np.full((4, POSTS), -(10**9), np.int64)
        self._loads = np.zeros(POSTS, np.uint8)
        self._exposure = np.zeros((4, LANGUAGES))
        self._touched, self._queued = np.zeros(slots + 1, np.int32), np.zeros(slots, np.bool_)
        self._lost = np.zeros((2**12, 4), np.uint64)
        self._evicted = np.zeros(2)
        self._added = 0.0
        self._salt = [secrets.randbits(64), secrets.randbits(64) | 1]
        self._languages: dict[str, int] = {}
        self._ring = Ring(self._loops)
        self._born: int | None = None
        self._bucket: int | None = None
        self._last = -math.inf
        self._tests = 0
        self._topics = Topics(self.alerts_per_day)

    @property
    def threshold(self) -> float:
        """The score an alert needs now; infinite in the first two days and for a budget of 0."""
        return self._topics.bar

    def feed(
        self,
        times: Sequence[float] | Sequence[datetime] | np.ndarray,
        texts: Sequence[str],
        sources: Sequence[Any] | np.ndarray,
        groups: Sequence[Any] | np.ndarray | None = None,
        languages: Sequence[str] | None = None,
    ) -> list[Alert]:
        """Take posts in order of time, and give the alerts of the buckets that ended before the last of them.

        times: Unix seconds or aware datetimes, not decreasing, none before what was fed or advanced to; texts:
        str; sources, groups: who posted, and in what community (str, or anything whose str tells it apart);
        languages: codes, each with its own volume (the first 63; the rest share one). All of shape (posts,);
        an empty batch does nothing. Raises OutOfOrder, BadBatch; nothing was taken then.
        """
        batch = checked_batch(times, texts, sources, groups, languages)
        at = batch.times
        if not len(at):
            return []
        if at[0] < self._last:
            raise OutOfOrder(
                f"The first post is before {_utc(self._last).isoformat()}, which was already taken."
            )
        alerts: list[Alert] = []
        for low in range(0, len(at), CHUNK):
            part = slice(low, low + CHUNK)
            alerts += self._take(
                at[part],
                texts[part],
                batch.sources[part],
                None if batch.groups is None else batch.groups[part],
                None if languages is None else languages[part],
            )
        self._last = float(at[-1])
        return alerts

    def advance(self, now: float | datetime) -> list[Alert]:
        """Close the buckets that end at or before now (Unix seconds or aware datetime), and give their alerts.

        Posts before now are refused from then on. Raises OutOfOrder when now is before what was taken.
        """
        moment = seconds(now)
        if moment < self._last:
            raise OutOfOrder(f"{_utc(moment).isoformat()} is before {_utc(self._last).isoformat()}.")
        self._last = moment
        return [] if self._bucket is None else self._go_to(int(moment // (60 * self.bucket_minutes)))

    def _take(self, at: np.ndarray, texts: Any, sources: Any, groups: Any, languages: Any) -> list[Alert]:
        points = words.points(texts)
        hashes = np.zeros(len(points) + len(texts) + 2 * words.MOST_TERMS, np.uint64)
        ends, prints = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.uint64)
        self._loops.tokenise(points, words.classes(), hashes, ends, prints)
        who = self._names(sources)
        community = who if groups is None else self._names(groups)
        spoken = self._spoken(languages, len(texts))
        posts = (prints, who, community >> np.uint64(20), spoken)
        buckets = (at // (60 * self.bucket_minutes)).astype(np.int64)
        serial = self._ring.posts
        edges = [0, *(np.flatnonzero(np.diff(buckets)) + 1).tolist(), len(at)]
        alerts: list[Alert] = []
        for low, high in zip(edges, edges[1:], strict=False):
            alerts += self._go_to(int(buckets[low]))
            self._ring.remember(texts[low:high], spoken[low:high], who[low:high])
            shared = (self._prints, self._stamps, self._loads, COPIES)
            queue = (self._touched, self._queued)
            self._loops.note(
                low, high, serial, self._block, hashes, ends, posts, self._recent, shared, self._exposure[0],
                queue, self._lost,
            )  # fmt: skip
            self._tests += int(ends[high - 1] - (ends[low - 1] if low else 0))
            self._keep_lost()
        return alerts

    def _names(self, given: Any) -> np.ndarray:
        hashes = np.zeros(len(given), np.uint64)
        joined = "\0".join(given) + "\0"
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._loops.names(points, np.uint64(self._salt[0]), np.uint64(self._salt[1]), hashes)
        return hashes

    def _spoken(self, languages: Any, size: int) -> np.ndarray:
        if languages is None:
            return np.zeros(size, np.int64)
        known = self._languages
        for code in languages:
            if code not in known and len(known) < LANGUAGES - 2:
                known[code] = len(known) + 1
        return np.array([known.get(code, LANGUAGES - 1) for code in languages], np.int64)

    @property
    def _block(self) -> int:
        return (self._bucket or 0) * self.bucket_minutes * 60 // BLOCK

    def _go_to(self, bucket: int) -> list[Alert]:
        """Close the open bucket when it is before this one, and turn the half-hours between."""
        if self._bucket is None:
            self._bucket = self._born = bucket
        if bucket <= self._bucket:
            return []
        alerts = self._close()
        block, ahead = self._block, bucket * self.bucket_minutes * 60 // BLOCK
        for step in range(block + 1, min(block + 2, ahead) + 1):
            self._turn(step)
        if ahead > block + 2:
            self._exposure[2:] *= 0.5 ** (np.array([[1.0], [1.0]]) * (ahead - block - 2) / HALF_LIFE)
            self._topics.settle(ahead * BLOCK, 0)
        self._bucket = bucket
        return alerts

    def _turn(self, block: int) -> None:
        """Start a half-hour: the one that leaves the window becomes past, and the bar is set anew."""
        self._evicted[:] = 0.0
        self._fold(self._recent, 2)
        now, before, exposure, squares = self._exposure
        weight = 0.5 ** (1 / HALF_LIFE)
        self._exposure[2] = exposure * weight + before
        self._exposure[3] = squares * weight + before**2
        self._exposure[1], self._exposure[0] = now.copy(), 0.0
        evicted = self._evicted[1] / self._evicted[0] if self._evicted[0] else 0.0
        self._added += (evicted - self._added) / 48
        self._fresh[:] = 0
        self._loops.turn(self._recent, self._fresh, self._lost)
        self._recent, self._fresh = self._fresh, self._recent
        self._loads[:] = 0
        self._ring.window = [self._ring.window[1], self._ring.posts]
        self._keep_lost()
        born = (self._born or 0) * self.bucket_minutes * 60
        if self._topics.began is None and block * BLOCK - born >= WARM:
            self._topics.began = block * BLOCK
        self._topics.settle(block * BLOCK, self._tests)
        self._tests = 0

    def _fold(self, rows: np.ndarray, column: int) -> None:
        sums = self._long.view(np.float32)
        self._loops.fold(rows, column, self._block, self._long, sums, _DECAY, _CURVE, self._evicted)

    def _keep_lost(self) -> None:
        """Terms that found no room in the recent table are past at once."""
        gone = int(self._lost[0, 0])
        if gone:
            self._fold(self._lost[1 : gone + 1], 1)
            self._fold(self._lost[1 : gone + 1], 2)
            self._lost[0, 0] = 0

    def _close(self) -> list[Alert]:
        """Weigh the terms that gained a source in the open bucket."""
        queued = int(self._touched[0])
        if not queued:
            return []
        out = np.zeros((queued, 5))
        sums = self._long.view(np.float32)
        filled = self._loops.weigh(
            self._touched, self._recent, self._block, self._long, sums, _DECAY, _CURVE, out
        )
        self._queued[self._touched[1 : queued + 1]] = False
        self._touched[0] = 0
        if self._topics.began is None or not filled or not self.alerts_per_day:
            return []
        return self._alerts(self._candidates(out[:filled]))

    def _candidates(self, out: np.ndarray) -> list[_Candidate]:
        """The terms whose score reaches the floor, the rarest first."""
        serials = self._ring.posts - ((self._ring.posts - out[:, 4].astype(np.int64)) & 0xFFFFFFFF)
        spoken = self._ring.spoken[serials % POSTS]
        window = (self._exposure[0] + self._exposure[1])[spoken]
        past = np.stack(
            [window, self._exposure[2][spoken], self._exposure[3][spoken], np.full(len(out), self._added)],
            axis=1,
        )
        least = max(self._topics.floor - SHARE, LEAST_SCORE)
        scores, expected = surprise(out[:, 1], out[:, 2], out[:, 3], past, least)
        there = self._ring.posts - serials <= POSTS
        good = np.flatnonzero((scores >= least) & there & (out[:, 1] > expected))
        good = good[np.argsort(-scores[good], kind="stable")][:MOST_CANDIDATES]
        found = []
        for i in good.tolist():
            key = int(self._recent[int(out[i, 0]), 0])
            term = self._ring.terms(int(serials[i])).get(key)
            if term is None:
                continue
            posts, sources = self._ring.holding(key, term, out[i, 1], int(serials[i]))
            if sources < LEAST_SOURCES:
                continue
            one = slice(i, i + 1)
            score = surprise(np.array([sources]), out[one, 2], out[one, 3], past[one])[0][0]
            score += self._shared(term, posts, past[i, 0] + past[i, 1])
            if score >= self._topics.floor:
                found.append(_Candidate(key, term, float(score), sources, float(expected[i]), posts))
        return sorted(found, key=lambda candidate: -candidate.score)

    def _shared(self, term: str, posts: list[int], exposure: float) -> float:
        """How surprising it is that three posts or more share other words: -log10 of the two rarest, or 0."""
        own, posts_of, held = (
            set(term.split(" ")),
            Counter[int](),
            [self._ring.terms(serial) for serial in posts],
        )
        for terms in held:
            posts_of.update(key for key, word in terms.items() if " " not in word and word not in own)
        tested = math.log10(max(len(posts_of), 1))
        found = []
        for key, count in posts_of.items():
            if count >= 3:
                rate = min((self._past(key) + SHAPE) / exposure, 1.0)
                ways = math.log10(math.comb(len(posts), count))
                found.append(-count * math.log10(rate) - ways - tested)
        return sum(max(one, 0.0) for one in sorted(found)[-2:])

    def _past(self, key: int) -> float:
        """The decayed sum of a term in the long table, 0 when it is not there."""
        base = (key >> 32 & self.max_terms // 4 - 1) * 4
        for row in self._long[base : base + 4]:
            if int(row[0]) == key & 0xFFFFFFFF:
                age = min(self._block - int(row[3]), len(_DECAY) - 1)
                return float(row.view(np.float32)[1] * _DECAY[age])
        return 0.0

    def _alerts(self, candidates: list[_Candidate]) -> list[Alert]:
        now = float(((self._bucket or 0) + 1) * self.bucket_minutes * 60)
        together: dict[int, tuple[Any, list[_Candidate]]] = {}
        for candidate in candidates:
            held = [frozenset(self._ring.terms(serial)) for serial in candidate.posts]
            topic = self._topics.place(now, candidate.key, candidate.score, held)
            together.setdefault(id(topic), (topic, []))[1].append(candidate)
        alerts = []
        for topic, those in together.values():
            if topic.alerted or those[0].score < self._topics.bar:
                continue
            topic.alerted = True
            best = _label(those)
            texts = tuple(self._ring.texts[serial % POSTS] for serial in best.posts[:EXEMPLARS])
            alerts.append(Alert(_utc(now), best.term, *_plain(best), texts))
        return alerts

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole state to a file, at once or not at all. It holds the texts of the last posts."""
        write(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Bursts:
        """What `save` wrote, to go on from. Raises BadState."""
        return read(cls, Path(path))


def _label(those: list[_Candidate]) -> _Candidate:
    """The rarest term, or the longest of those nearly as rare and as wide."""
    best = those[0]
    close = [c for c in those if c.score >= 0.8 * best.score and c.sources >= 0.7 * best.sources]
    return max(close, key=lambda c: (c.term.count(" "), c.score))


def _utc(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)


def _reference() -> ModuleType:
    from quarterdeck.engines import _bursts_reference

    return _bursts_reference


def _table(rows: int, columns: int, kind: type) -> np.ndarray:
    """A table of zeros whose rows do not straddle cache lines."""
    size = rows * columns * np.dtype(kind).itemsize
    raw = np.zeros(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size].view(kind).reshape(rows, columns)


def _plain(best: Any) -> tuple[float, float, float]:
    """Score, sources and expected as Python's own numbers: an alert goes into JSON and pages."""
    return float(best.score), float(best.sources), float(best.expected)
