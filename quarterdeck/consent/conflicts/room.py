"""Weeks that hold more than the team has room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from quarterdeck.consent.conflicts.shapes import POST, REQUEST, Finding, Room, digest

KIND = "room"


def too_full(
    rooms: Sequence[Room], posts: Mapping[date, Sequence[UUID]], requests: Mapping[date, Sequence[UUID]]
) -> list[Finding]:
    """The weeks in which more points are used than there are; `posts` and `requests` are what stands in each week, by
    its Monday. The last posts of a week come first: they give way first."""
    return [
        Finding(
            KIND,
            f"{KIND}:{digest(one.monday)}",
            tuple((POST, pk) for pk in reversed(posts.get(one.monday, ())))
            + tuple((REQUEST, pk) for pk in requests.get(one.monday, ())),
            one.ends,
            digest(one.monday, one.capacity, one.used),
            {"monday": one.monday.isoformat(), "capacity": one.capacity, "used": one.used},
        )
        for one in rooms
        if one.used > one.capacity
    ]
