"""Parts of `bursts` that are not loops: topics, the score an alert needs, and the negative binomial tail.

A topic is what terms that burst together are about: a term joins one when half of its posts hold one of the
topic's terms. The score needed is the one that the stream's own topics, alerted or not, exceeded `per_day`
times a day over the last four weeks, shrunk while young to what the tail alone would say: log10 of the tests
made in a day over the alerts allowed.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.special import betainc, betaln

DAY = 86400.0
HOLD, LIVE, RECORD, PRIOR = 7 * DAY, DAY, 28 * DAY, 7.0
LEAST_SCORE, SHADOW = 2.0, 1.5
MOST_TOPICS = 20_000
SHAPE, SPREAD, SPREAD_WEIGHT, MOST_SPREAD = 0.5, 0.1, 50.0, 20.0


def surprise(
    count: np.ndarray, sums: np.ndarray, squares: np.ndarray, past: np.ndarray, least: float = -math.inf
) -> tuple:
    """-log10 P(X >= count) and the expected count, X negative binomial; all of shape (terms,).

    sums, squares: decayed sums of y and y (y - 1) over past half-hours. past: of shape (terms, 4), exposure of
    the window, decayed exposure, its decayed square, and the prior's added shape. The rate is Gamma
    (sums + shape, exposure); its spread from half-hour to half-hour is the moment estimate of 1/r, shrunk.
    A score that is below `least` for certain is not worked out, and given as -inf.
    """
    window, exposure, exposure_squared, added = past.T
    shape = sums + SHAPE + added
    expected = shape / (exposure + window) * window
    blocks = exposure**2 / np.maximum(exposure_squared, 1e-9)
    spread = (squares * blocks + SPREAD_WEIGHT * (1 + SPREAD)) / (sums**2 + SPREAD_WEIGHT) - 1
    shape = 1.0 / (1.0 / shape + np.clip(spread, SPREAD, MOST_SPREAD))
    odds = expected / (expected + shape)
    scores = np.full(len(count), -math.inf)
    able = slice(None) if least == -math.inf else _most(count, shape, odds) >= least
    tail = betainc(count[able], shape[able], odds[able])
    scores[able] = -np.log10(np.maximum(tail, 1e-300))
    return scores, expected


def _most(count: np.ndarray, shape: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """No score is above this: -log10 P(X = count), a part of P(X >= count), at a tenth of the price of the whole.

    For any real count, I_p(k, r) - I_p(k + 1, r) is p^k q^r / (k B(k, r)) (DLMF 8.17.20).
    """
    log = count * np.log(odds) + shape * np.log1p(-odds) - np.log(count) - betaln(count, shape)
    return 1e-9 - log / math.log(10)


class Topic:
    """Terms that burst together. peak: the best score. alerted: whether an alert was given."""

    __slots__ = ("alerted", "born", "keys", "peak", "seen")

    def __init__(self, born: float, peak: float, keys: Iterable[int] = (), alerted: bool = False) -> None:
        self.born = self.seen = born
        self.peak = peak
        self.keys = set(keys)
        self.alerted = alerted


class Topics:
    """The topics of the last four weeks, and the score an alert needs (`bar`)."""

    def __init__(self, per_day: float) -> None:
        self.per_day = per_day
        self.recent: deque[Topic] = deque(maxlen=MOST_TOPICS)
        self.of: dict[int, Topic] = {}
        self.began: float | None = None
        self.tests = 0.0
        self.bar = math.inf
        self.floor = LEAST_SCORE if per_day else math.inf

    def place(self, now: float, key: int, score: float, posts: list[frozenset[int]]) -> Topic:
        """The topic of a term whose posts hold these terms: its own, one it joins, or a new one."""
        topic = self.of.get(key)
        if topic is None or now - topic.seen > HOLD:
            topic = self._near(now, posts)
        new = topic is None
        if topic is None:
            topic = Topic(now, score)
            self.recent.append(topic)
        topic.peak = max(topic.peak, score)
        if score >= self.bar:
            topic.seen = now
        if new or score >= self.bar:
            # Weaker terms do not bind: else a topic would grow until every news joined it.
            topic.keys.add(key)
            self.of[key] = topic
        return topic

    def _near(self, now: float, posts: list[frozenset[int]]) -> Topic | None:
        best, most = None, (len(posts) + 1) // 2
        for topic in reversed(self.recent):
            if now - topic.born > HOLD:
                break
            if now - topic.seen > LIVE:
                continue
            shared = sum(not topic.keys.isdisjoint(held) for held in posts)
            if shared >= most and shared:
                best, most = topic, shared + 1
        return best

    def settle(self, now: float, tests: int) -> None:
        """Once a half-hour, with the tests made in it: forget the old, and set the bar."""
        if self.began is None or not self.per_day:
            return
        days = min((now - self.began) / DAY, RECORD / DAY)
        self.tests += (tests * 48 - self.tests) / min(48 * max(days, 1 / 48), 48 * 7)
        while self.recent and now - self.recent[0].born > RECORD:
            self.recent.popleft()
        if len(self.of) > 2 * MOST_TOPICS:
            self.of = {key: topic for key, topic in self.of.items() if now - topic.seen <= HOLD}
        peaks = sorted(t.peak for t in self.recent if t.born >= self.began)
        start = math.log10(max(self.tests, 1.0) / self.per_day)
        self.bar = max(self._solve(peaks, days, start), LEAST_SCORE)
        self.floor = max(LEAST_SCORE, self.bar - SHADOW)

    def _solve(self, peaks: list[float], days: float, start: float) -> float:
        """The score exceeded per_day times a day by these peaks and by a prior week of Gutenberg's law."""
        low, high = 0.0, 320.0
        allowed = self.per_day * (days + PRIOR)
        for _ in range(40):
            middle = (low + high) / 2
            above = len(peaks) - bisect_left(peaks, middle)
            above += self.per_day * PRIOR * 10.0 ** min(start - middle, 12.0)
            low, high = (middle, high) if above > allowed else (low, middle)
        return high

    def plain(self) -> dict[str, Any]:
        index = {id(topic): i for i, topic in enumerate(self.recent)}
        of = {str(key): index[id(t)] for key, t in self.of.items() if id(t) in index}
        rows = [[t.born, t.seen, t.peak, t.alerted, sorted(t.keys)] for t in self.recent]
        known = {name: getattr(self, name) for name in ("per_day", "began", "tests", "floor")}
        return {**known, "bar": min(self.bar, 1e9), "floor": min(self.floor, 1e9), "topics": rows, "of": of}

    @classmethod
    def restore(cls, plain: dict[str, Any]) -> Topics:
        self = cls(float(plain["per_day"]))
        self.began = plain["began"]
        self.tests = float(plain["tests"])
        self.bar, self.floor = (math.inf if plain[n] >= 1e9 else float(plain[n]) for n in ("bar", "floor"))
        for born, seen, peak, alerted, keys in plain["topics"]:
            topic = Topic(born, peak, keys, bool(alerted))
            topic.seen = seen
            self.recent.append(topic)
        self.of = {int(key): self.recent[i] for key, i in plain["of"].items()}
        return self
