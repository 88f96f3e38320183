"""The events that the Desk records. Which item, and what was said with it, is the person's own: personal."""

from quarterdeck import ledger

ledger.declare(
    ledger.Event(
        "desk.item.snoozed", {"key": ledger.personal(), "until": ledger.personal()}, title="Item put off"
    ),
    ledger.Event("desk.item.done", {"key": ledger.personal()}, title="Item done"),
    ledger.Event("desk.item.reopened", {"key": ledger.personal()}, title="Item back on the Desk"),
    ledger.Event(
        "desk.item.offered", {"key": ledger.personal(), "note": ledger.personal()}, title="Item handed over"
    ),
    ledger.Event("desk.item.accepted", {"key": ledger.personal()}, title="Hand-over accepted"),
    ledger.Event("desk.item.declined", {"key": ledger.personal()}, title="Hand-over handed back"),
    ledger.Event("desk.item.withdrawn", {"key": ledger.personal()}, title="Hand-over taken back"),
)
