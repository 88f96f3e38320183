"""Messages that contradict each other, by two labels that a rule sets against each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from quarterdeck.consent.conflicts.shapes import Contradiction, Finding, Planned, about_posts

KIND = "message"


def contradicting(planned: Sequence[Planned], rules: Sequence[Contradiction]) -> list[Finding]:
    """Two posts of one brand, one with each label, at most the rule's days apart; or one post with both. Each pair
    once, by the first rule that is about it. `planned` in order of time."""
    found: dict[frozenset[UUID], Finding] = {}
    for rule in rules:
        others: dict[UUID, list[Planned]] = {}
        for one in planned:
            if rule.other in one.labels:
                others.setdefault(one.brand, []).append(one)
        for one in planned:
            if rule.one in one.labels:
                for other in _within(others.get(one.brand, []), one, timedelta(days=rule.days)):
                    rows = [one] if one.post == other.post else sorted((one, other), key=lambda it: it.at)
                    made = about_posts(KIND, rows, {"rule": rule.rule.hex})
                    found.setdefault(frozenset({one.post, other.post}), made)
    return list(found.values())


def _within(rows: Sequence[Planned], one: Planned, days: timedelta) -> Sequence[Planned]:
    """Those of `rows`, in order of time, at most `days` before or after."""
    times = [row.at for row in rows]
    return rows[bisect_left(times, one.at - days) : bisect_right(times, one.at + days)]
