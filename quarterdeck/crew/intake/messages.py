"""Where a message stands on its way out."""

from __future__ import annotations

from datetime import datetime

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Destination, Message


@intake
def message_starts(message: Message) -> None:
    """It is being sent, once more."""
    message.state, message.attempts = Message.SENDING, message.attempts + 1
    message.save(update_fields=["state", "attempts"])


@intake
def message_ended(message: Message, state: str, problem: str) -> str:
    """It was taken, or nobody tries any more; the state it is in now."""
    now = clock.now()
    message.state, message.problem = state, problem[:300]
    message.sent_at = now if state == Message.SENT else None
    message.save(update_fields=["state", "problem", "sent_at"])
    if message.destination_id:
        changed = {"problem": problem[:300]} | ({"last_ok_at": now} if state == Message.SENT else {})
        Destination.objects.filter(pk=message.destination_id).update(**changed)
    return state


@intake
def message_waits(message: Message, due: datetime, problem: str = "") -> None:
    """It is put off until `due`; the caller defers its job in the same transaction."""
    message.state, message.due_at, message.problem = Message.WAITING, due, problem[:300]
    message.save(update_fields=["state", "due_at", "problem"])
