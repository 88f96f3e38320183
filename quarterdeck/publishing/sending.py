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
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from quarterdeck.publishing import ahead, holding, intake, looking, preparing, reads, refusals
from quarterdeck.publishing.gate import OPEN_FOR, Gate
from quarterdeck.publishing.intake import Batch, Claimed
from quarterdeck.publishing.known import Known, loaded
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.rows import WAKE
from quarterdeck.publishing.verbs import by_hand, sending
from quarterdeck.publishing.verbs.sending import Begun, NoneBegan, Outcome, Prepared

_log = logging.getLogger(__name__)
CALLS = 32  # calls at once, in all batches of this worker
GATHER = 0.05  # seconds that a result waits for others, to be written with them
_pool = ThreadPoolExecutor(CALLS, thread_name_prefix="publishing.call")


def loop() -> ClaimLoop[Batch]:
    """The loop that the worker runs."""
    return ClaimLoop(
        "publishing.sending", claim=intake.claim, work=work, next_due=reads.next_due, channel=WAKE, slots=6
    )


def work(batch: Batch) -> None:
    """See a claimed batch through. Whatever kills it in between is mended when the lease ends."""
    attempts = {claimed.pk: claimed for claimed in batch}
    ready = ahead.ready.taken(batch)
    rows = loaded(attempts.keys() - {one.claimed.pk for one in ready})
    mine = [(attempts[row.pk], row) for row in rows if row.attempt == attempts[row.pk].attempt]
    known, again = Known(), list[Prepared]()
    lost = [pair for pair in mine if pair[1].state in {DeliveryState.SENDING, DeliveryState.AMBIGUOUS}]
    _in_calls([_job(looking.look, *pair, known) for pair in lost], _kept_in(again))
    for claimed, row in mine:
        if row.state == DeliveryState.HANDED:
            with contextlib.suppress(by_hand.NotHanded):  # somebody answered meanwhile
                by_hand.remind(claimed)
    now, late, intents = clock.now(), [], []
    for pair in mine:
        if pair[1].state == DeliveryState.INTENT:
            (late if now > pair[1].latest_at else intents).append(pair)
    _in_calls([_job(looking.too_late, *pair, known) for pair in late], _finish)
    _send(intents, known, ready + again)


def _job(function: Callable, *args) -> Callable[[], object]:
    return lambda: function(*args)


def _in_calls(jobs: Sequence[Callable[[], object]], write: Callable[[list], None]) -> None:
    """Do the jobs in the pool of calls and write their results in sets, as they come, without waiting for the slow."""
    if len(jobs) <= 1:
        write([job() for job in jobs])
        return
    Running(jobs).as_they_come(write)


class Running:
    """Jobs of one set in the pool of calls: begun in order, each by whichever thread is free.

    A thread takes one after the other without being handed each: what a hand-over costs is more than a short call.
    """

    def __init__(self, jobs: Sequence[Callable[[], object]]) -> None:
        self._waiting, self._done = deque(jobs), list[object]()
        self._left = len(jobs)
        self._failed: BaseException | None = None
        self._changed = threading.Condition()
        for _ in range(min(CALLS, len(jobs))):
            _pool.submit(contextvars.copy_context().run, self._run)

    def as_they_come(self, write: Callable[[list], None]) -> None:
        """Write the results in sets, a moment after one has come, without waiting for the slow."""
        while self._left:
            with self._changed:
                self._changed.wait_for(lambda: self._done or self._failed)
                if self._left > len(self._done):  # a moment more: a set is written at the cost of one
                    self._changed.wait_for(lambda: self._failed or len(self._done) == self._left, GATHER)
                done, self._done = self._done, []
                self._left -= len(done)
            if done:
                write(done)
            if self._failed is not None:
                raise self._failed

    def _run(self) -> None:
        while True:
            try:
                job = self._waiting.popleft()
            except IndexError:
                return
            try:
                result = job()
            except BaseException as error:
                with self._changed:
                    self._failed = error
                    self._changed.notify()
                return
            finally:
                return_connections()
            with self._changed:
                self._done.append(result)
                if len(self._done) in (1, self._left):
                    self._changed.notify()


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


def _send(pairs: Sequence[tuple[Claimed, Delivery]], known: Known, ready: list[Prepared]) -> None:
    """Prepare what is planned, then send it together with what was ready and what is sent again."""
    prepared = list(ready)
    keep = _kept_in(prepared)
    files, plain = [], []
    for pair in pairs:
        (files if preparing.has_files(pair[1], known) else plain).append(pair)
    keep([preparing.prepare(*pair, known) for pair in plain])
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
        running = Running(calls) if len(calls) > 1 else None
        gate.shut(after=OPEN_FOR if running else 0)  # one alone asks for itself, and is made right here
    _not_begun(begun, prepared)
    if running:
        running.as_they_come(_finish)
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
