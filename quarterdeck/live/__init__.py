"""Live pages: what was sequenced in the ledger reaches open pages as (topic, id), never as content.

`announce` is what other rooms call; the rest runs in the web process.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID


def announce(workspace_id: UUID, events: Iterable[tuple[str, str]]) -> None:
    """Tell open pages that things changed: (topic, id) pairs, in the caller's transaction (sent on commit).

    A topic is a ledger name ("publishing.post"). Many pairs become as few notices below 8000 bytes as fit.
    """
    from quarterdeck.live import announcing  # at call time: Django's apps need not be ready on import

    announcing.announce(workspace_id, events)


__all__ = ["announce"]
