"""Messages that contradict each other, by two labels that a rule sets against each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from quarterdeck.consent.conflicts.shapes import MOST, Contradiction, Finding, Planned, about_posts

KIND = "message"


def contradicting(
    planned: Sequence[Planned], rules: Sequence[Contradiction], after: datetime | None = None
) -> list[Finding]:
    """Two posts of one brand, one with each label, at most the rule's days apart and not both out `after` then; or one
    post with both. Each pair once, by the first rule that is about it, and of each rule at most the soonest `MOST` and
    one more. `planned` in order of time."""
    found: dict[frozenset[UUID], Finding] = {}
    for rule in rules:
        for rows in islice(_pairs(planned, rule, after), MOST + 1):
            pair = frozenset(one.post for one in rows)
            if pair not in found:
                found[pair] = about_posts(KIND, rows, {"rule": rule.rule.hex})
    return list(found.values())


def _pairs(
    planned: Sequence[Planned], rule: Contradiction, after: datetime | None
) -> Iterator[list[Planned]]:
    """The pairs by the first of the two labels, in order of its posts; a post with both alone."""
    others: dict[UUID, list[Planned]] = {}
    for one in planned:
        if rule.other in one.labels:
            others.setdefault(one.brand, []).append(one)
    times = {brand: [one.at for one in rows] for brand, rows in others.items()}
    days = timedelta(days=rule.days)
    for one in planned:
        if rule.one not in one.labels or one.brand not in others:
            continue
        begin = bisect_left(times[one.brand], one.at - days)
        end = bisect_right(times[one.brand], one.at + days)
        for other in others[one.brand][begin:end]:
            if after is None or max(one.at, other.at) > after:
                yield [one] if one.post == other.post else sorted((one, other), key=lambda it: it.at)
