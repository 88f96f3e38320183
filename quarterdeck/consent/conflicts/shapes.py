"""What the detectors are given, and what they find."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

POST, REQUEST, SPAN, CHANNEL = (
    "publishing.post",
    "stakeholders.request",
    "planning.span",
    "channels.channel",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A post at one instant (aware), planned or just out, on the channels it goes to then. `brands` are its own and its
    channels'. `audiences` are words or ids that name whom it is for; posts of one `family` say the same in several
    languages and never compete."""

    post: UUID
    at: datetime
    brand: UUID
    channels: frozenset[UUID] = frozenset()
    brands: frozenset[UUID] = frozenset()
    labels: frozenset[UUID] = frozenset()
    audiences: frozenset[str] = frozenset()
    family: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was accepted and has no planned post yet: it can be done from `opens` up to `closes`."""

    request: UUID
    opens: datetime
    closes: datetime
    brand: UUID | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A blackout, or with no beginning an embargo, for `scope` ("workspace", "brand", "channel", "label", "post")."""

    span: UUID
    ends: datetime
    begins: datetime | None = None
    scope: str = "workspace"
    target: UUID | None = None

    def holds_at(self, instant: datetime) -> bool:
        return (self.begins is None or self.begins <= instant) and instant < self.ends


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two labels whose posts contradict each other within so many days on one brand."""

    rule: UUID
    one: UUID
    other: UUID
    days: int


@dataclass(frozen=True, slots=True)
class Use:
    """One post on a channel on a local day. `planned`: it is still to go out, so it could move."""

    channel: UUID
    post: UUID
    day: date
    at: datetime
    planned: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """How full a week is, in points; `ends` is the first instant after it."""

    monday: date
    ends: datetime
    capacity: int
    used: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One conflict. `sides` are pairs of a ledger name and an id, those that could give way first. `stands` changes
    when anything about it does: a decision to keep it is a decision about that. `at`: when it has happened unless
    somebody changes the plan before."""

    kind: str
    key: str
    sides: tuple[tuple[str, UUID], ...]
    at: datetime
    stands: str
    facts: dict = field(default_factory=dict)


T = TypeVar("T")


def digest(*parts: object) -> str:
    """Twenty hexadecimal characters of SHA-256: enough that no two matters of a workspace share a key."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:20]


def crowds(rows: Sequence[T], at: Callable[[T], datetime], within) -> Iterable[Sequence[T]]:
    """The largest sets of rows that all come within less than `within` of each other, in order of time; every pair
    that close is in at least one. These are the maximal cliques of a unit interval graph (Roberts 1969), of which
    there are at most as many as rows. `rows` are in order of `at`."""
    last, end = -1, 0
    for begin in range(len(rows)):
        end = max(end, begin + 1)
        while end < len(rows) and at(rows[end]) - at(rows[begin]) < within:
            end += 1
        if end - begin > 1 and end > last:
            yield rows[begin:end]
        last = max(last, end)


def posts_of(rows: Iterable[Planned]) -> list[UUID]:
    """The posts of these rows, each once, in their order."""
    return list(dict.fromkeys(one.post for one in rows))


def about_posts(kind: str, rows: Sequence[Planned], facts: dict, *more: object) -> Finding:
    """A finding about these posts at these times; its key is of the posts, and of `more`."""
    posts = posts_of(rows)
    times = sorted(f"{one.post.hex}@{one.at.isoformat()}" for one in rows)
    return Finding(
        kind=kind,
        key=f"{kind}:{digest(*sorted(one.hex for one in posts), *more)}",
        sides=tuple((POST, one) for one in posts),
        at=max(one.at for one in rows),  # until then the last of them can still move
        stands=digest(*times),
        facts=facts,
    )
