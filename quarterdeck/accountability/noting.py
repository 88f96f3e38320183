"""A note of correction in four parts: what was wrong, why, the fix, how it is prevented. Pure, no database.

Drafts are made of what was typed. `missing` looks for each part by plain rules and says what it cannot find; it knows
words, not meaning, so it never decides anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PARTS = ("wrong", "why", "fix", "prevention")
ASKED = {
    "wrong": "what was wrong",
    "why": "why it happened",
    "fix": "what is right",
    "prevention": "how it is kept from happening again",
}
# Words by which a part is recognised where it is not what was typed for it. English, and German beside it.
_CUES = {
    "wrong": r"wrong|incorrect|mistake|error|misstated|said|wrote|gave|showed|not correct|falsch|fehler|irrtümlich",
    "why": r"because|since we|due to|mixed up|mistook|misread|overlooked|did not check|typo|weil|wegen|verwechselt",
    "fix": r"correct(ed|ion)? (is|price|name|date|figure|link)|in fact|should (be|read|say)|the right|instead|"
    r"now (says|reads|costs)|richtig|korrekt|stattdessen",
    "prevention": r"from now on|in future|so that it|will not happen|no longer|second (person|pair)|"
    r"we (now |will )?(check|ask|read|compare)|künftig|ab sofort|in zukunft",
}
_WORD = re.compile(r"\w{3,}")
ENOUGH = 0.5  # of the words typed for a part that must stand in the note


@dataclass(frozen=True, slots=True)
class Parts:
    """What was typed for each part; empty where nothing was."""

    wrong: str = ""
    why: str = ""
    fix: str = ""
    prevention: str = ""


def missing(note: str, parts: Parts) -> list[str]:
    """Those of the parts ("wrong", "why", …) that the note does not seem to have."""
    return [name for name in PARTS if not _has(note, name, getattr(parts, name))]


def _has(note: str, name: str, typed: str) -> bool:
    words = set(_WORD.findall(typed.lower()))
    if words and len(words & set(_WORD.findall(note.lower()))) >= ENOUGH * len(words):
        return True
    return re.search(_CUES[name], note, re.IGNORECASE) is not None


def draft(parts: Parts) -> str:
    """A note for the public from what was typed, to be rewritten by whoever knows how the brand speaks."""
    said = [_sentence(getattr(parts, name)) for name in PARTS]
    body = " ".join(one for one in said if one)
    return f"Correction: {body}" if body else ""


def under(parts: Parts) -> str:
    """The line below an edited text, at most 200 characters."""
    words = f"Corrected: {_sentence(parts.fix or parts.wrong)}"
    return words if len(words) <= 200 else words[:199].rstrip() + "…"


def inside(title: str, parts: Parts, where: str) -> str:
    """Three lines for those inside: what is wrong in which post, why, and what is done about it."""
    why = _sentence(parts.why) or "Why it happened is not known yet."
    fix = " ".join(
        one
        for one in (_sentence(parts.fix), f"It is corrected on {where}.", _sentence(parts.prevention))
        if one
    )
    return "\n".join([f"In “{title}”: {_sentence(parts.wrong)}", why, fix])


def line(before: str, after: str) -> str:
    """What a small fix changed, in a line: the words around the difference."""
    old, new = before.split(), after.split()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    was, now = " ".join(old[start : len(old) - end]), " ".join(new[start : len(new) - end])
    if was and now:
        return f"“{_short(was)}” should read “{_short(now)}”."
    return (
        f"“{_short(was)}” should not stand there." if was else f"“{_short(now)}” was missing." if now else ""
    )


def _short(words: str) -> str:
    return words if len(words) <= 80 else words[:79].rstrip() + "…"


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    if not words:
        return ""
    words = words[0].upper() + words[1:]
    return words if words[-1] in ".!?…”’" else words + "."
