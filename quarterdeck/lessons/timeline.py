"""The timeline of a review: filled from the ledger, then each line kept, dropped or given a word. Lines are dicts, as
they are kept on the row: {"event": id or "", "key", "when": ISO, "words", "kept": bool, "note"}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quarterdeck.core.lines import kept_line as one_line
from quarterdeck.lessons.models.reviews import LINE_LENGTH

MOST_LINES = 80
WORDS_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What who leads decided about one line."""

    kept: bool
    note: str = ""


def begun(happened: Iterable[Any]) -> list[dict]:
    """Lines of what a room says happened (items of the ledger, or (when, words, event id)), the first first, all kept.
    Of more than eighty the newest."""
    lines = {one["key"]: one for one in map(_line, happened)}
    return sorted(lines.values(), key=_order)[-MOST_LINES:]


def _order(one: dict) -> tuple[str, str]:
    return one["when"], one[
        "event"
    ]  # the ledger knows whole seconds, and its ids sort by when they were made


def _line(happened: Any) -> dict:
    if isinstance(happened, tuple | list):
        when, words, event = happened
    else:
        when, words, event = happened.when, happened.title, happened.event_id
    words, at = " ".join(str(words).split())[:WORDS_LENGTH], when.astimezone(UTC).isoformat()
    key = str(event) if event else hashlib.sha256(f"{at} {words}".encode()).hexdigest()[:32]
    return {
        "event": str(event or ""),
        "key": key,
        "when": at,
        "words": words,
        "kept": True,
        "note": "",
    }


def merged(stored: list[dict], happened: Iterable[Any]) -> list[dict]:
    """What was decided before, with what has happened since: kept until somebody drops it."""
    known = {one["key"]: one for one in stored}
    new = [one for one in begun(happened) if one["key"] not in known]
    every = sorted([*stored, *new], key=_order)
    return every if len(every) <= MOST_LINES else every[-MOST_LINES:]


def chosen(lines: list[dict], choices: Mapping[str, Choice]) -> list[dict]:
    """The lines as somebody chose; those that they did not see stay as they are. Invalid for a word too long."""
    return [_chosen(one, choices[one["key"]]) if one["key"] in choices else one for one in lines]


def _chosen(one: dict, choice: Choice) -> dict:
    return one | {"kept": choice.kept, "note": one_line(choice.note, "timeline", LINE_LENGTH)}


def shown(lines: list[dict]) -> list[dict]:
    """The lines for a page: `at` is the time."""
    return [one | {"at": datetime.fromisoformat(one["when"])} for one in lines]
