"""A gentle word where a review looks for somebody to blame. It never stops anything: whoever leads decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_BLAMES = re.compile(
    r"\b(?:(?:my|his|her|their|your|\w+[’']s) (?:own )?fault|(?:is|was|are|were|am) to blame|blames?|blamed"
    r"|careless(?:ly|ness)?|negligen(?:t|ce)|incompeten(?:t|ce)|stupid(?:ly|ity)?|idiot(?:ic)?|laz(?:y|iness)|sloppy"
    r"|should(?:n[’']t| not)? have known|(?:he|she|they) (?:forgot|failed)|(?:human|operator|user) error)\b",
    re.I,
)
FEWEST_LETTERS = 3  # of a first name alone: “Al” stands in too many words
MOST = 4  # hints at one time


def hints(answers: Mapping[str, str], people: Iterable[str]) -> list[str]:
    """Sentences about words of blame in any of the answers, and about names of `people` in “what happened”."""
    found = []
    for words in answers.values():
        for match in _BLAMES.finditer(words):
            found.append(
                f"“{match[0]}” looks for somebody to blame. What made it the likely thing to do at that moment?"
            )
    for name in _named(answers.get("happened", ""), people):
        found.append(
            f"“{name}” is named in what happened. Their role says as much, and lets others tell what they saw."
        )
    return list(dict.fromkeys(found))[:MOST]


def _named(words: str, people: Iterable[str]) -> list[str]:
    """The names that stand in the words: whole, or the first alone."""
    found = []
    for person in people:
        whole = person.strip()
        first = whole.split()[0] if whole else ""
        for name in (whole, first):
            if len(name) >= FEWEST_LETTERS and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words):
                found.append(name)
                break
    return found
