"""The events that exchange records. Each draft has its own event in publishing; these are about the whole."""

from __future__ import annotations

from quarterdeck import ledger

ledger.declare(
    ledger.Event(
        "exchange.import.received",
        {"name": ledger.personal(), "rows": ledger.plain(), "sha256": ledger.personal()},
        title="Spreadsheet brought in",
    ),
    ledger.Event("exchange.import.dropped", {}, title="Spreadsheet put aside"),
    ledger.Event(
        "exchange.import.begun", {"rows": ledger.plain(), "planned": ledger.plain()}, title="Import begun"
    ),
    ledger.Event(
        "exchange.import.ended", {"drafts": ledger.plain(), "to_fix": ledger.plain()}, title="Import ended"
    ),
    ledger.Event("exchange.import.undoing", {}, title="Undoing an import begun"),
    ledger.Event(
        "exchange.import.undone",
        {"taken_back": ledger.plain(), "left": ledger.plain()},
        title="Import undone",
    ),
    ledger.Event("exchange.export.asked", {}, title="Export asked for"),
    ledger.Event(
        "exchange.export.made",
        {"sha256": ledger.plain(), "bytes": ledger.plain()},
        title="Export made",
    ),
    ledger.Event("exchange.export.failed", {}, title="Export not made"),
)
