"""The loop that makes changes: claims those that are due, one at a time, and sees each through to an answer.

1. What a person makes is handed to them. For other words the body is made once and frozen.
2. "Sending" is committed; only then may a call begin, outside any transaction. Other words leave through the gate.
3. What the network said is written, fenced by the attempt. No answer is "not known": the same call is made again after
   growing pauses, since a second one changes nothing more, until a person is asked.

A change waits, unclaimed, while its words are not cleared or a hold stands. Taking something down waits for neither.
"""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

from quarterdeck.changes import gate, intake, reads, ways
from quarterdeck.changes.intake import Claimed
from quarterdeck.changes.models import Change
from quarterdeck.changes.rows import WAKE
from quarterdeck.changes.verbs import working
from quarterdeck.changes.verbs.working import NotOurs, Outcome
from quarterdeck.channels import asking
from quarterdeck.channels import intake as channels
from quarterdeck.channels.contract import Adapter, Content, Published, Refused, Stopped, Unclear
from quarterdeck.core import clock
from quarterdeck.core.claims import ClaimLoop

_log = logging.getLogger(__name__)
LOOKED_AT_AGAIN = timedelta(seconds=2)  # after something came between the claim and the beginning


def loop() -> ClaimLoop[Claimed]:
    """The loop that the worker runs."""
    return ClaimLoop(
        "changes.making", claim=intake.claim, work=work, next_due=reads.next_due, channel=WAKE, slots=3
    )


def work(claimed: Claimed) -> None:
    """See a claimed change through. Whatever kills it in between is mended when the lease ends."""
    row = _loaded(claimed)
    if row is None:
        return
    try:
        change = working.begin(claimed, _body(row))
    except NotOurs:
        intake.let_go(claimed, clock.now() + LOOKED_AT_AGAIN)
        return
    if change.state != Change.State.SENDING:
        return  # it is in a person's hands
    change.delivery.channel = row.delivery.channel
    with contextlib.suppress(NotOurs):  # taken over meanwhile: whoever has it now writes what became of it
        working.finish(_called(claimed, change))


def _loaded(claimed: Claimed) -> Change | None:
    found = Change.objects.filter(pk=claimed.pk, attempt=claimed.attempt)
    return found.select_related("delivery__channel__credential", "delivery__post").first()


def _body(row: Change) -> dict | None:
    """What is sent; None where a person makes it. What began before keeps its body."""
    can = ways.by_nature(row.delivery, "edit" if row.is_edit else "remove")
    if can.by_hand:
        return None
    if row.payload is not None:
        return row.payload
    return {"text": row.text, "language": row.delivery.post.language} if row.is_edit else {}


def _called(claimed: Claimed, change: Change) -> Outcome:
    try:
        return Outcome(
            claimed,
            "made",
            published=asking.ask(change.delivery.channel, lambda a: _call(a, claimed, change)),
        )
    except Stopped as stopped:
        return Outcome(claimed, "withheld", f"It was stopped before its first byte left: {stopped}.")
    except Refused as refused:
        if refused.reconnect:
            channels.went_wrong(change.delivery.channel, refused)
        return Outcome(
            claimed, "deferred" if refused.transient else "refused", refused.words, wait=refused.retry_after
        )
    except Unclear as unclear:
        return Outcome(claimed, "unclear", unclear.words)
    except Exception:
        _log.exception("Change %s failed in the middle.", change.pk)
        words = "It broke off for a reason of our own; it may have been made. The log says more."
        return Outcome(claimed, "unclear", words)


def _call(adapter: Adapter, claimed: Claimed, change: Change) -> Published | None:
    row = change.delivery
    if not change.is_edit:
        adapter.delete(row.published)
        return None
    said = Content(change.payload["text"], language=change.payload["language"])
    looked_up = adapter.prepare(said)
    uploads = [] if looked_up is None else [looked_up]
    body = adapter.render(said, key=row.client_key, due_at=row.due_at, uploads=uploads)
    return adapter.edit(row.published, body, gate=lambda: gate.passing(claimed, change.workspace_id))
