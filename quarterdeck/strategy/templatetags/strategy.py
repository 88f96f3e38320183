"""How strategy writes numbers."""

from __future__ import annotations

from decimal import Decimal

from django import template

from quarterdeck.strategy import pace

register = template.Library()


@register.filter
def amount(value: Decimal | int | None, unit: str = "") -> str:
    """1,300 bookings; nothing for no number."""
    return "" if value is None else pace.amount(Decimal(value), unit)
