"""The events that leadership records. None is of a private week: the ledger does not tell that somebody keeps one."""

from quarterdeck import ledger

ledger.declare(
    ledger.Event(
        "leadership.agreement.made", {}, title="Private weeks switched off for everybody, by works agreement"
    ),
    ledger.Event(
        "leadership.agreement.ended", {}, title="Private weeks may be switched on again: the agreement ended"
    ),
)
