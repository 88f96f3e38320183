"""Leaving the names of others out of what a person takes along: a page about one's own work is no page about theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

INSTEAD = "a colleague"
# First names that are words of every week: only the whole name of such a person is looked for.
_MONTHS = {"april", "may", "june", "july", "august", "january"}
_SHORTEST = 3


def words_for(names: Iterable[str]) -> list[str]:
    """Whole names and first names, the longest first, so that “Bea Lang” does not become “a colleague Lang”."""
    found = set()
    for name in names:
        whole = " ".join(name.split())
        first = whole.partition(" ")[0]
        if len(whole) >= _SHORTEST and whole.casefold() not in _MONTHS:
            found.add(whole)
        if len(first) >= _SHORTEST and first.casefold() not in _MONTHS:
            found.add(first)
    return sorted(found, key=lambda word: (-len(word), word))


def _pattern(words: list[str]) -> re.Pattern[str] | None:
    # As a word of its own and as it is written: “Will” is a name, “will” is not.
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None


def found_in(text: str, words: list[str]) -> set[str]:
    pattern = _pattern(words)
    return set(pattern.findall(text)) if pattern else set()


def left_out(text: str, words: list[str]) -> str:
    """The text with “a colleague” in place of each name."""
    pattern = _pattern(words)
    if pattern is None:
        return text
    said = pattern.sub(INSTEAD, text)
    return f"A{said[1:]}" if pattern.match(text) else said
