"""The kinds the shell records."""

from __future__ import annotations

from quarterdeck import ledger

ledger.declare(
    ledger.Event("shell.address.changed", {"url": ledger.plain()}, "The public address was changed"),
)
