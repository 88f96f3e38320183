"""What became of a correction on its channels: seen to be done, gone another way, over."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.accountability import rows, ways
from quarterdeck.accountability.models import Correction, Ended, Slip
from quarterdeck.accountability.rows import locked, record
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb


@verb
def settle(slip: Slip) -> Slip:
    """Note which channels are done by now; when all are, the slip is over. By the system, after each event of them.

    Raises Conflict when nothing more is done than was known.
    """
    slip, actor = locked(slip), ledger.system(slip.workspace_id)
    correction = Correction.objects.select_for_update().filter(slip=slip).first()
    if correction is None:
        raise Conflict("It is not corrected yet.")
    every = ways.stands(slip)
    new = [one for one in every if one.done and one.coverage.done_at is None]
    over = all(one.done for one in every)
    if not new and not over:
        raise Conflict(
            "Nothing more is done than before.", next_step="Its page shows what each channel waits for."
        )
    event_id = ids.new()
    for one in new:
        one.coverage.done_at, one.coverage.ledger_event_id = one.at or clock.now(), event_id
        one.coverage.save(update_fields=["done_at", "ledger_event_id"])
    fields = {"done": sum(one.done for one in every), "channels": len(every)}
    correction.slip = slip
    ledger.record(
        "accountability.correction.covered", actor=actor, about=correction, fields=fields, event_id=event_id
    )
    if over:
        ended = rows.end(slip, Ended.CORRECTED)
        fields = {
            "level": int(slip.level),
            "trace_at": slip.trace_at,
            "trace_basis": str(slip.trace_basis),
        }
        record(slip, "accountability.slip.closed", actor, fields, ended)
    else:
        rows.announce(slip)
    return slip
