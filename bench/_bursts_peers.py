"""Mastodon's rule for trending tags on words and pairs of words, and how alerts are held against dated events.

The rule is written anew from its published formula (mastodon/mastodon, app/models/trends/tags.rb):
(observed - expected)^2 / expected of today's distinct accounts against yesterday's (1 when none), nothing
below `threshold` accounts, a term's best score halved every four hours. It was made for hashtags and accounts;
here terms are those of `bursts` and the counted unit is the same. A term alerts when its score reaches the cut
and it did not alert in the last seven days.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from bench._bursts_events import EVENTS
from quarterdeck.engines._bursts_text import spell

WORDS = r"\w+(?:'\w+)*"
DAY, WITHIN, EARLY = 86400.0, 86400.0, 3600.0


class Told(NamedTuple):
    time: float
    term: str
    texts: tuple[str, ...]


class Rise(NamedTuple):
    """A moment at which a term's score and count were at their highest of the day so far."""

    time: float
    term: str
    observed: int
    score: float
    posts: tuple[int, ...]


def mastodon(times: np.ndarray, texts: list[str], sources: list[str], least: int = 3) -> list[Rise]:
    """Every rise of every term to at least `least` sources in a UTC day, over the whole stream."""
    today, yesterday, day = defaultdict(set), {}, None
    holding: dict[str, list[int]] = defaultdict(list)
    rises = []
    for i, at in enumerate(times.tolist()):
        if at // DAY != day:
            follows = day is not None and at // DAY == day + 1
            yesterday = {term: len(held) for term, held in today.items()} if follows else {}
            today, holding, day = defaultdict(set), defaultdict(list), at // DAY
        for term in {term for term, _, _ in spell(texts[i])}:
            held = today[term]
            if sources[i] in held:
                continue
            held.add(sources[i])
            holding[term].append(i)
            observed, expected = len(held), yesterday.get(term, 0) or 1
            if observed >= least and observed > expected:
                score = (observed - expected) ** 2 / expected
                rises.append(Rise(at, term, observed, score, tuple(holding[term][-3:])))
    return rises


def alerts(rises: list[Rise], texts: list[str], threshold: int, cut: float) -> list[Told]:
    """The alerts at these cut-offs."""
    last: dict[str, float] = {}
    told = []
    for rise in rises:
        if (
            rise.observed >= threshold
            and rise.score >= cut
            and rise.time - last.get(rise.term, -1e18) >= 7 * DAY
        ):
            last[rise.term] = rise.time
            told.append(Told(rise.time, rise.term, tuple(texts[i] for i in rise.posts)))
    return told


@functools.lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """The words of a text in lower case, a space around each."""
    return f" {' '.join(re.findall(WORDS, text.lower().replace(chr(0x2019), chr(39))))} "


def reached(told: list[Told], events=EVENTS, shift: float = 0.0) -> tuple[list[bool], list[float]]:
    """Which events some alert tells of, from an hour before to a day after; the delays in hours of those."""
    at = np.array([one.time for one in told])
    hits, delays = [], []
    for event in events:
        onset = event.time + shift
        wanted = [f" {words} " for words in event.words]
        low, high = np.searchsorted(at, [onset - EARLY, onset + WITHIN])
        first = next(
            (
                one.time
                for one in told[low:high]
                if any(w in plain(x) for x in (one.term, *one.texts) for w in wanted)
            ),
            None,
        )
        hits.append(first is not None)
        if first is not None:
            delays.append((first - onset) / 3600)
    return hits, delays
