"""Looking for what was sent when its answer was lost: found, proved absent, or not known and looked for again, with
growing pauses, until a person is asked.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from quarterdeck.channels.contract import Adapter, Capabilities, Finding, Refused
from quarterdeck.core import clock
from quarterdeck.publishing import refusals
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.known import Known
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.verbs.sending import Outcome, Prepared

_log = logging.getLogger(__name__)
# Seconds until it is looked for again, one after the other; then a person is asked.
LOOKS = (2, 5, 15, 30, 60, 120, 240, 480)
STILL_WORKING = timedelta(seconds=90)  # a server may go on with a call this long after the line broke


def look(claimed: Claimed, row: Delivery, known: Known) -> Outcome | Prepared:
    """Somebody sent it and died, or the answer was lost: what does the network hold?

    Prepared: it cannot say, but makes one post of two calls with this key, so the same body is sent again.
    """
    finding, able = _finding(row, known)
    if finding.what == "found":
        return _out(claimed, finding)
    words = row.failure or f"Sending was interrupted before {row.channel.title} answered."
    if finding.what == "absent" and not _may_still_arrive(row, able):
        return Outcome(claimed, "absent", words, finding.evidence)
    if able is not None and row.payload is not None and _key_lives(row, able):
        return Prepared(claimed, row, row.text, row.post.text_hash, row.payload, again=True)
    if row.looks >= len(LOOKS) or (able is not None and not able.can_find):
        return Outcome(claimed, "asked", words, finding.evidence)
    return later(claimed, row, words, finding.evidence)


def _finding(row: Delivery, known: Known) -> tuple[Finding, Capabilities | None]:
    """What looking for it showed, and what the account's server can do (None when nobody could sign in)."""
    able = None
    try:
        adapter = known.adapter(row)
        able = adapter.capabilities
        if not able.can_find:
            return Finding("unknown", f"{adapter.title} cannot be asked what became of a call."), able
        try:
            return _reconciled(row, adapter), able
        except Refused as refused:
            if not refused.expired:
                raise
            return _reconciled(row, known.adapter(row, expired=adapter)), able
    except Refused as refused:
        refusals.note(row, refused)
        return Finding("unknown", refused.words), able
    except Exception:  # our own fault: it must not turn into a second post
        _log.exception("Looking for delivery %s failed.", row.pk)
        return Finding("unknown", "Looking for it failed for a reason of our own; the log says more."), able


def _reconciled(row: Delivery, adapter: Adapter) -> Finding:
    return adapter.reconcile(row.client_key, row.payload or {}, began_at=row.began_at or row.due_at)


def _out(claimed: Claimed, finding: Finding) -> Outcome:
    return Outcome(claimed, "accepted", evidence=finding.evidence, published=finding.published, found=True)


def later(claimed: Claimed, row: Delivery, words: str, evidence: str = "") -> Outcome:
    pause = LOOKS[min(row.looks, len(LOOKS) - 1)]
    return Outcome(claimed, "unclear", words, evidence, try_at=clock.now() + timedelta(seconds=pause))


def _key_lives(row: Delivery, able: Capabilities) -> bool:
    """The network makes one post of two calls with this key, and still remembers it by the time it may be sent.

    One that forgets keys may also write them late: a call it still works on must be over first.
    """
    if not able.same_key_once or clock.now() > row.latest_at:
        return False
    since = clock.now() - (row.began_at or row.due_at)
    return able.key_life is None or STILL_WORKING < since < able.key_life


def _may_still_arrive(row: Delivery, able: Capabilities | None) -> bool:
    """It was sent again with its key, so lately that the server may still be at that call: the adapter, which is told
    when the first one began, cannot know. None begins after the latest time."""
    calls = row.looks + (row.state == DeliveryState.SENDING)
    if calls < 2 or able is None or not able.same_key_once:
        return False
    if row.state == DeliveryState.SENDING or row.ended_at is None:
        return True
    return clock.now() - min(row.ended_at, row.latest_at) < STILL_WORKING


def too_late(claimed: Claimed, row: Delivery, known: Known) -> Outcome:
    """Its latest time has passed. What was ever sent is looked for once more before it is called missed."""
    if row.payload is None or row.channel.by_hand:
        return Outcome(claimed, "missed")
    finding, _ = _finding(row, known)
    if finding.what == "found":
        return _out(claimed, finding)
    return Outcome(claimed, "missed", evidence=finding.evidence)
