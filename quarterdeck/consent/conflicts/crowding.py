"""Posts that come too close: on one channel within the minutes that count as one slot, or to one audience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from quarterdeck.consent.conflicts.shapes import MOST, Finding, Planned, about_posts, crowds, posts_of

SLOT, AUDIENCE = "slot", "audience"


def same_slot(planned: Sequence[Planned], near: timedelta, after: datetime | None = None) -> list[Finding]:
    """Different posts that come less than `near` apart on one channel, where not all of them are out `after` then.
    `planned` in order of time."""
    by_channel: dict[UUID, list[Planned]] = {}
    for one in planned:
        for channel in one.channels:
            by_channel.setdefault(channel, []).append(one)
    groups = ((channel.hex, rows) for channel, rows in by_channel.items())
    return _merged(SLOT, groups, near, "channels", after)


def same_audience(planned: Sequence[Planned], hours: int, after: datetime | None = None) -> list[Finding]:
    """Different posts of one brand for one audience less than `hours` apart, on whatever channels. Versions of one
    post in several languages are one voice. `planned` in order of time."""
    by_audience: dict[tuple[UUID, str], list[Planned]] = {}
    for one in planned:
        for audience in one.audiences:
            by_audience.setdefault((one.brand, audience), []).append(one)
    groups = ((audience, rows) for (_, audience), rows in by_audience.items())
    return _merged(AUDIENCE, groups, timedelta(hours=hours), "audiences", after)


def _merged(
    kind: str,
    groups: Iterable[tuple[str, Sequence[Planned]]],
    within: timedelta,
    word: str,
    after: datetime | None,
) -> list[Finding]:
    """One finding for each set of posts, however many channels or audiences they share; `facts[word]` names those. Of
    each group at most the soonest `MOST`, and one more by which it is known that there were more."""
    found: dict[frozenset[UUID], tuple[list[Planned], list[str]]] = {}
    for name, rows in groups:
        here = (_one_voice_each(crowd) for crowd in crowds(rows, lambda one: one.at, within))
        ahead = (crowd for crowd in here if len(crowd) > 1 and (after is None or crowd[-1].at > after))
        for crowd in islice(ahead, MOST + 1):
            kept = found.setdefault(frozenset(posts_of(crowd)), (crowd, []))
            kept[1].append(name)
    told = Sets(found)
    return [
        about_posts(kind, rows, {word: sorted(set(names))})
        for posts, (rows, names) in found.items()
        if not told.hold_more_than(posts)
    ]


class Sets:
    """Sets of posts, asked whether one of them holds another: by a post they share, since most share none."""

    def __init__(self, sets: Iterable[frozenset[UUID]]) -> None:
        self._by_post: dict[UUID, list[frozenset[UUID]]] = {}
        for one in sets:
            for post in one:
                self._by_post.setdefault(post, []).append(one)

    def hold(self, posts: frozenset[UUID]) -> bool:
        """Whether one of the sets has all of these."""
        return any(posts <= one for one in self._by_post.get(next(iter(posts)), ()))

    def hold_more_than(self, posts: frozenset[UUID]) -> bool:
        """Whether one of the sets has all of these and others."""
        return any(posts < one for one in self._by_post.get(next(iter(posts)), ()))


def _one_voice_each(rows: Sequence[Planned]) -> list[Planned]:
    """Each post once, and of posts that say the same in several languages the first."""
    kept: dict[object, Planned] = {}
    for one in rows:
        kept.setdefault(one.family or one.post, one)
    return list(kept.values())
