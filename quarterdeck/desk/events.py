"""The events that the Desk records. Which item of somebody's Desk, and what was said with it, is the person's own:
personal. The week is the team's: what its plan holds is plain."""

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
    ledger.Event(
        "desk.capacity.set",
        {"points": ledger.plain(), "was": ledger.plain()},
        title="What the team’s week holds was set",
    ),
    ledger.Event(
        "desk.week.planned",
        {
            "monday": ledger.plain(),
            "items": ledger.plain(),
            "points": ledger.plain(),
            "holds": ledger.plain(),
            "digest": ledger.plain(),
            "again": ledger.plain(),
        },
        title="Week planned",
    ),
    ledger.Event(
        "desk.reason.said",
        {"monday": ledger.plain(), "item": ledger.plain(), "reason": ledger.personal()},
        title="Why something planned came otherwise",
    ),
    ledger.Event("desk.item.withdrawn", {"key": ledger.personal()}, title="Hand-over taken back"),
    ledger.Event("desk.item.settled", {}, title="What was handed over is settled"),
)
