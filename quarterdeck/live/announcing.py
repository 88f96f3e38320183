"""The wire between who announces and who listens: one NOTIFY channel, short JSON, ids only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from uuid import UUID

from quarterdeck.core import notify

CHANNEL = "qd_live"
_ROOM_FOR_IDS = 7800  # bytes; the rest of a notice's 7999 is the workspace and the brackets
Pairs = list[tuple[str, str]]


def announce(workspace_id: UUID, events: Iterable[tuple[str, str]]) -> None:
    """See `live.announce`. ValueError for a pair too long for any notice."""
    for payload in payloads(workspace_id, events):
        notify.wake(CHANNEL, payload)


def payloads(workspace_id: UUID, events: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The notices for these pairs: each pair once, in order, each notice below 8000 bytes."""
    head = f'{{"w":"{workspace_id}","e":['
    parts: list[str] = []
    size = 0
    for pair in dict.fromkeys((str(topic), str(id)) for topic, id in events):
        part = json.dumps(pair, separators=(",", ":"))  # ASCII only: characters are bytes
        if len(part) > _ROOM_FOR_IDS:
            raise ValueError("A topic and id this long cannot be announced.")
        if parts and size + len(part) + 1 > _ROOM_FOR_IDS:
            yield f"{head}{','.join(parts)}]}}"
            parts, size = [], 0
        parts.append(part)
        size += len(part) + 1
    if parts:
        yield f"{head}{','.join(parts)}]}}"


def parse(payload: str) -> tuple[UUID, Pairs] | None:
    """What a notice says, or None when it is not one of ours (anybody with the database can NOTIFY)."""
    try:
        found = json.loads(payload)
        return UUID(found["w"]), [(str(topic), str(id)) for topic, id in found["e"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
