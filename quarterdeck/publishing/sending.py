"""The sending loop: claims deliveries that are due, a batch at a time, and sees each one through to an answer.

1. What a worker that died left in "sending", and what nobody knows, is looked up before anything else.
2. Files are brought to the network, the body is rendered; both may be repeated, nothing shows yet.
3. "Sending" is committed under the holds' shared lock; only then may a call begin, outside any transaction.
4. What the network said is written, fenced by the attempt. No answer is "not known": it is looked for, never sent
   again blindly, unless the network itself makes one post of two calls with one key.

After its latest time nothing is sent; it becomes missed, which a person sees on the Desk.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from uuid import UUID

from quarterdeck.channels.contract import (
    Published,
    Refused,
    Stopped,
    Unclear,
)
from quarterdeck.core import clock
from quarterdeck.core.claims import ClaimLoop, return_connections
from quarterdeck.publishing import holding, intake, looking, preparing, reads, refusals
from quarterdeck.publishing.gate import OPEN_FOR, Gate
from quarterdeck.publishing.intake import Batch, Claimed
from quarterdeck.publishing.known import Known
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.rows import WAKE
from quarterdeck.publishing.verbs import by_hand, sending
from quarterdeck.publishing.verbs.sending import Begun, NoneBegan, Outcome, Prepared

_log = logging.getLogger(__name__)
CALLS = 32  # calls at once, in all batches of this worker
_pool = ThreadPoolExecutor(CALLS, thread_name_prefix="publishing.call")


def loop() -> ClaimLoop[Batch]:
    """The loop that the worker runs."""
    return ClaimLoop(
        "publishing.sending", claim=intake.claim, work=work, next_due=reads.next_due, channel=WAKE, slots=6
    )


def work(batch: Batch) -> None:
    """See a claimed batch through. Whatever kills it in between is mended when the lease ends."""
    attempts = {claimed.pk: claimed for claimed in batch}
    rows = Delivery.objects.filter(pk__in=list(attempts)).prefetch_related(
        "channel__credential", "post__workspace", "after"
    )
    mine = [(attempts[row.pk], row) for row in rows if row.attempt == attempts[row.pk].attempt]
    known, again = Known(), list[Prepared]()
    lost = [pair for pair in mine if pair[1].state in {DeliveryState.SENDING, DeliveryState.AMBIGUOUS}]
    _in_calls([_job(looking.look, *pair, known) for pair in lost], _kept_in(again))
    for claimed, row in mine:
        if row.state == DeliveryState.HANDED:
            with contextlib.suppress(by_hand.NotHanded):  # somebody answered meanwhile
                by_hand.remind(claimed)
    intents = [pair for pair in mine if pair[1].state == DeliveryState.INTENT]
    late = [pair for pair in intents if clock.now() > pair[1].latest_at]
    _in_calls([_job(looking.too_late, *pair, known) for pair in late], _finish)
    _send([pair for pair in intents if pair not in late], known, again)


def _job(function: Callable, *args) -> Callable[[], object]:
    return lambda: function(*args)


def _in_calls(jobs: Sequence[Callable[[], object]], write: Callable[[list], None]) -> None:
    """Do the jobs in the pool of calls and write their results in sets, as they come, without waiting for the slow."""
    if len(jobs) <= 1:
        write([job() for job in jobs])
        return
    _as_they_come([_submitted(job) for job in jobs], write)


def _as_they_come(running: Iterable[Future], write: Callable[[list], None]) -> None:
    left = set(running)
    while left:
        done, left = wait(left, return_when=FIRST_COMPLETED)
        if left:  # a moment more: a set is written at the cost of one
            more, left = wait(left, timeout=0.02)
            done |= more
        write([future.result() for future in done])


def _submitted(job: Callable[[], object]) -> Future:
    return _pool.submit(contextvars.copy_context().run, _returning, job)


def _returning(job: Callable[[], object]) -> object:
    try:
        return job()
    finally:
        return_connections()


def _finish(outcomes: Iterable[Outcome | None]) -> None:
    """Write outcomes; what is not ours any more is left alone, and said in the log."""
    known = [one for one in outcomes if one is not None]
    if not known:
        return
    try:
        done = sending.finish(known)
    except NoneBegan:
        done = []
    if len(done) < len(known):
        _log.info("%d deliveries were taken over or taken off the plan; left alone.", len(known) - len(done))


def _kept_in(prepared: list[Prepared]) -> Callable[[list], None]:
    """Takes results of calls: what is prepared is kept, what has ended is written."""

    def take(results: list) -> None:
        prepared.extend(one for one in results if isinstance(one, Prepared))
        _finish(one for one in results if isinstance(one, Outcome))

    return take


def _send(pairs: Sequence[tuple[Claimed, Delivery]], known: Known, again: list[Prepared]) -> None:
    """Prepare what is planned, then send it together with what is sent again."""
    prepared = list(again)
    keep = _kept_in(prepared)
    files = [pair for pair in pairs if preparing.has_files(pair[1], known)]
    keep([preparing.prepare(*pair, known) for pair in pairs if pair not in files])
    _in_calls([_job(preparing.prepare, *pair, known) for pair in files], keep)
    if prepared:
        _begin_and_call({one.claimed.pk: one for one in prepared}, known)


def _begin_and_call(prepared: dict[UUID, Prepared], known: Known) -> None:
    with holding.shared({one.row.workspace_id for one in prepared.values()}):
        try:
            begun = sending.begin(list(prepared.values()))
        except NoneBegan as none:
            begun = none.begun
        gate = Gate(begun.started)
        calls = [_job(_call, prepared[row.pk], gate, known) for row in begun.started]
        running = [_submitted(call) for call in calls] if len(calls) > 1 else []
        gate.shut(after=OPEN_FOR if running else 0)  # one alone asks for itself, and is made right here
    _not_begun(begun, prepared)
    if running:
        _as_they_come(running, _finish)
    else:
        _finish([call() for call in calls])


def _not_begun(begun: Begun, prepared: dict[UUID, Prepared]) -> None:
    """What may not be sent now: given back, missed, or (sent before, its answer lost) looked for again later."""
    again = [one for c in (*begun.late, *begun.left) if (one := prepared[c.pk]).again]
    _finish([looking.later(one.claimed, one.row, one.row.failure, one.row.evidence) for one in again])
    intake.let_go([claimed for claimed in begun.left if not prepared[claimed.pk].again])
    _finish([Outcome(claimed, "missed") for claimed in begun.late if not prepared[claimed.pk].again])


def _call(one: Prepared, gate: Gate, known: Known) -> Outcome:
    claimed, row = one.claimed, one.row
    try:
        return Outcome(claimed, "accepted", published=_published(row, gate, known), row=row)
    except Stopped as stopped:
        words = f"It was stopped before its first byte left: {stopped}."
        return (
            looking.later(claimed, row, words) if one.again else Outcome(claimed, "withheld", evidence=words)
        )
    except Refused as refused:
        if one.again:  # this call is refused; what became of the first one is as unknown as before
            refusals.note(row, refused)
            return looking.later(claimed, row, refused.words)
        return refusals.outcome(claimed, row, refused)
    except Unclear as unclear:
        return looking.later(claimed, row, unclear.words)
    except Exception:
        _log.exception("Sending delivery %s failed in the middle.", row.pk)
        words = "Sending broke off for a reason of our own; it may be out. The log says more."
        return looking.later(claimed, row, words)
    finally:
        gate.gone(row)


def _published(row: Delivery, gate: Gate, known: Known) -> Published:
    """The one call; a second one when the first was refused because our sign-in had run out, and was renewed."""
    adapter = known.adapter(row)

    def passing() -> AbstractContextManager[None]:
        return gate.passing(row)

    try:
        return adapter.publish(row.client_key, row.payload, gate=passing)
    except Refused as refused:
        if not refused.expired:
            raise
    return known.adapter(row, expired=adapter).publish(row.client_key, row.payload, gate=passing)
