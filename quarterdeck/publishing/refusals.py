"""What a network's refusal means for a delivery: over, or later; and for its channel: only a person can mend it."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.channels import intake as channels
from quarterdeck.channels.contract import Refused
from quarterdeck.core import clock
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.verbs.sending import Outcome

LONGEST_PAUSE = 240.0  # seconds between two tries; a delivery has a quarter of an hour


def outcome(claimed: Claimed, row: Delivery, refused: Refused) -> Outcome:
    note(row, refused)
    if not refused.transient:
        return Outcome(claimed, "rejected", refused.words)
    return Outcome(claimed, "deferred", refused.words, try_at=later(claimed, refused))


def note(row: Delivery, refused: Refused) -> None:
    """A connection that only a person can mend is shown as such at once."""
    if refused.reconnect:
        channels.went_wrong(row.channel, refused)


def later(claimed: Claimed, refused: Refused | None = None) -> datetime:
    """When it is tried again: when the network asks for it, else after pauses that double from ten seconds."""
    if refused is not None and refused.retry_after is not None:
        return clock.now() + timedelta(seconds=refused.retry_after)
    return clock.now() + timedelta(seconds=min(LONGEST_PAUSE, 5.0 * 2 ** min(claimed.attempt, 6)))
