"""Posts that come too close: on one channel within the minutes that count as one slot, or to one audience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from quarterdeck.consent.conflicts.shapes import Finding, Planned, about_posts, crowds, posts_of

SLOT, AUDIENCE = "slot", "audience"


def same_slot(planned: Sequence[Planned], near: timedelta) -> list[Finding]:
    """Different posts that come less than `near` apart on one channel. `planned` in order of time."""
    by_channel: dict[UUID, list[Planned]] = {}
    for one in planned:
        for channel in one.channels:
            by_channel.setdefault(channel, []).append(one)
    return _merged(SLOT, ((channel.hex, rows) for channel, rows in by_channel.items()), near, "channels")


def same_audience(planned: Sequence[Planned], hours: int) -> list[Finding]:
    """Different posts of one brand for one audience less than `hours` apart, on whatever channels. Versions of one
    post in several languages are one voice. `planned` in order of time."""
    by_audience: dict[tuple[UUID, str], list[Planned]] = {}
    for one in planned:
        for audience in one.audiences:
            by_audience.setdefault((one.brand, audience), []).append(one)
    named = ((audience, rows) for (_, audience), rows in by_audience.items())
    return _merged(AUDIENCE, named, timedelta(hours=hours), "audiences")


def _merged(
    kind: str, groups: Iterable[tuple[str, Sequence[Planned]]], within: timedelta, word: str
) -> list[Finding]:
    """One finding for each set of posts, however many channels or audiences they share; `facts[word]` names those."""
    found: dict[frozenset[UUID], tuple[list[Planned], list[str]]] = {}
    for name, rows in groups:
        for crowd in crowds(rows, lambda one: one.at, within):
            here = _one_voice_each(crowd)
            if len(here) > 1:
                kept = found.setdefault(frozenset(posts_of(here)), (here, []))
                kept[1].append(name)
    return [
        about_posts(kind, rows, {word: sorted(set(names))})
        for rows, names in found.values()
        if not any(frozenset(posts_of(rows)) < other for other in found)
    ]


def _one_voice_each(rows: Sequence[Planned]) -> list[Planned]:
    """Each post once, and of posts that say the same in several languages the first."""
    kept: dict[object, Planned] = {}
    for one in rows:
        kept.setdefault(one.family or one.post, one)
    return list(kept.values())
