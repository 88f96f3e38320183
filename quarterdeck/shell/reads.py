"""What the shell asks the rooms: search."""

from __future__ import annotations

import logging

from quarterdeck.core import registries
from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member

log = logging.getLogger(__name__)

LONGEST_QUERY = 200
SHORTEST_QUERY = 2


def search(member: Member, query: str, limit: int) -> tuple[list[SearchHit], list[str]]:
    """At most `limit` hits of each room for `query` (2 to 200 characters), and the names of rooms that failed.

    Rooms answer in the order they were registered; each has already left out what the member may not see.
    """
    words = query.strip()[:LONGEST_QUERY]
    hits: list[SearchHit] = []
    failed: list[str] = []
    if len(words) < SHORTEST_QUERY:
        return hits, failed
    for name, provider in registries.search:
        try:
            hits += list(provider(member, words, limit))[:limit]
        except Exception:
            log.exception("Search could not ask %s.", name)
            failed.append(name)
    return hits, failed
