"""Fills the registries. With `reactions.py` this is the only place that knows every room.

One module a room, each with a `fill`, one line an entry. Rooms are imported inside the functions, because models are
there only when Django is ready.
"""

from __future__ import annotations

from quarterdeck.config.wiring import (
    accountability,
    changes,
    channels,
    consent,
    crew,
    desk,
    exchange,
    ideas,
    leadership,
    ledger,
    lessons,
    planning,
    publishing,
    review,
    stakeholders,
    strategy,
    studio,
)

# The order people see: of the rail's links within a group, of the settings, of panels on a post's page, of the facts
# in the strip, of the parts of the full export. Nothing else depends on it.
ROOMS = (
    desk,
    crew,
    channels,
    strategy,
    publishing,
    planning,
    ideas,
    review,
    exchange,
    studio,
    changes,
    accountability,
    lessons,
    stakeholders,
    consent,
    ledger,
    leadership,
)


def fill() -> None:
    """Called once, from ConfigApp.ready()."""
    for room in ROOMS:
        room.fill()
