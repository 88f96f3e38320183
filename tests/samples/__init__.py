"""Samples for the walk over every address: what a route with arguments needs, made in a given workspace.

One module a room, with lines `"url-name": lambda workspace: {"argument": row.pk}`. The walk opens each in its own
workspace and again from another, where it has to be a 404.
"""

from __future__ import annotations

from collections.abc import Callable

from quarterdeck.crew.models import Workspace
from tests.samples import (
    accountability,
    changes,
    channels,
    consent,
    consults,
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

SAMPLES: dict[str, Callable[[Workspace], dict[str, object]]] = {}

# For each purpose of signed links a room registers: the id of an object it opens, made in the given workspace, or what
# carries the token of the one link that opens it.
SIGNED_LINKS: dict[str, Callable[[Workspace], object]] = {}

for _room in (
    crew,
    channels,
    publishing,
    desk,
    planning,
    studio,
    ideas,
    ledger,
    review,
    exchange,
    changes,
    accountability,
    lessons,
    leadership,
    strategy,
    stakeholders,
    consults,
    consent,
):
    SAMPLES |= _room.SAMPLES
    SIGNED_LINKS |= getattr(_room, "SIGNED_LINKS", {})
