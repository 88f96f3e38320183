"""The texts of the last posts of `bursts`: where terms are spelled from, and copies are told apart.

The tables hold hashes only. A term is written as the last post that holds it writes it, and before it may
alert, its newest posts are compared: those that share half of all their terms with another count once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from quarterdeck.engines import _bursts_text as words

POSTS = 2**16
KEPT_LETTERS = 1000
MOST_POSTS = 10
SCANNED = 2**12


class Ring:
    """The last 65,536 posts by serial number. window: the first serials of the last two half-hours."""

    def __init__(self, loops: ModuleType) -> None:
        self.loops = loops
        self.texts: list[str] = [""] * POSTS
        self._forms: list[str | None] = [None] * POSTS
        self.who = np.zeros(POSTS, np.uint64)
        self.spoken = np.zeros(POSTS, np.int64)
        self.posts = 0
        self.window = [0, 0]
        self._spelled: dict[int, dict[int, str]] = {}

    def remember(self, texts: Sequence[str], spoken: np.ndarray, who: np.ndarray) -> None:
        """Put posts into the ring of texts, from which terms and exemplars are read."""
        start = self.posts % POSTS
        for i, text in enumerate(texts, start):
            self.texts[i % POSTS], self._forms[i % POSTS] = text[:KEPT_LETTERS], None
        places = np.arange(start, start + len(texts)) % POSTS
        self.spoken[places], self.who[places] = spoken, who
        self.posts += len(texts)

    def terms(self, serial: int) -> dict[int, str]:
        """The keys of the terms of a post in the ring, and how they are written."""
        serial %= 2**32
        held = self._spelled.get(serial)
        if held is None:
            if len(self._spelled) > 4096:
                self._spelled.clear()
            text = self.texts[serial % POSTS]
            salt = int(self.spoken[serial % POSTS]) * words.PAIR_SEED & words.MASK
            points = words.points([text])
            hashes = np.zeros(len(points) + 1 + 2 * words.MOST_TERMS, np.uint64)
            ends = np.zeros(1, np.int64)
            used = self.loops.tokenise(points, words.classes(), hashes, ends, np.zeros(1, np.uint64))
            terms = (term for term, _, _ in words.spell(text, hashed=False))
            held = {words.mix(v ^ salt) | 1: t for v, t in zip(hashes[:used].tolist(), terms, strict=True)}
            self._spelled[serial] = held
        return held

    def _form(self, serial: int) -> str:
        form = self._forms[serial % POSTS]
        if form is None:
            text = self.texts[serial % POSTS]
            form = self._forms[serial % POSTS] = text.lower() if text.isascii() else words.normal(text)
        return form

    def holding(self, key: int, term: str, sources: float, last: int) -> tuple[list[int], float]:
        """The newest posts of the window that hold a term, and its sources, those of near copies left out."""
        piece = max(term.split("?")[0].split(" "), key=len)
        inner = "?" not in term and term[:1] not in "#@" and not words.is_ideogram(term)
        spelt = r"\W+".join(re.escape(word) for word in term.split(" ")) if inner else re.escape(piece)
        pattern = re.compile(rf"(?<!\w){spelt}(?!\w)" if inner else spelt)
        found: list[int] = []
        start = max(self.window[0], last - SCANNED, self.posts - POSTS)
        for serial in range(last, start - 1, -1):
            form = self._form(serial)
            if piece in form and pattern.search(form) and key in self.terms(serial):
                found.append(serial)
                if len(found) == MOST_POSTS:
                    break
        kept = _unlike(found, [self.terms(serial).keys() for serial in found])
        # One post a source: what a source repeats of itself is no agreement.
        first = list({int(self.who[serial % POSTS]): serial for serial in reversed(kept)}.values())[::-1]
        own = len(first)
        whole = len(found) < MOST_POSTS and start == self.window[0]
        if whole or 2 * len(kept) < len(found):
            return first, min(sources, float(own))
        return first, sources * own / len({int(self.who[serial % POSTS]) for serial in found})


def _unlike(posts: list[int], terms: list[Any]) -> list[int]:
    """The posts that do not share half of all their terms with one kept before."""
    kept: list[int] = []
    for i, own in enumerate(terms):
        if all(2 * len(own & terms[j]) < len(own | terms[j]) for j in kept):
            kept.append(i)
    return [posts[i] for i in kept]
