"""The Sandbox's limits. It is ours, so the source is this file; other networks name the page they were read on."""

from __future__ import annotations

from datetime import date

from quarterdeck.channels.contract import Limit

TEXT = Limit(
    name="text",
    value=500,
    unit="characters (Unicode code points)",
    source="decided by this product",
    checked=date(2026, 11, 23),
)
PER_PAGE = 30
