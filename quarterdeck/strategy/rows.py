"""What the verbs of strategy share: what a person wrote made fit to be kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Model

from quarterdeck.core.lines import NOT_KEPT
from quarterdeck.core.problems import Conflict, Invalid

LONGEST = timedelta(days=1830)  # of an objective or a campaign
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
GREATEST = Decimal(10) ** 14


class Stale(Conflict):
    """It was saved somewhere else in between; the second keeps what they wrote in their page."""

    code = "stale-plan"


def span(begins: date, ends: date, *, least: int = 0) -> tuple[date, date]:
    """A first and a last day, at least `least` days apart. Invalid for one that ends first or lasts five years."""
    if not EARLIEST <= begins <= LATEST:
        raise Invalid(
            "That first day cannot be used.",
            not_done=NOT_KEPT,
            fields={"begins": "Please choose a day between 2000 and 2100."},
        )
    if (ends - begins).days < least:
        raise Invalid(
            "The last day lies before the first.",
            not_done=NOT_KEPT,
            fields={"ends": "Please choose a last day that comes after the first."},
        )
    if ends - begins > LONGEST:
        raise Invalid(
            "That lasts longer than five years.",
            not_done=NOT_KEPT,
            fields={"ends": "Please choose an earlier last day; what comes later can be set then."},
        )
    return begins, ends


def number(given: Decimal, name: str) -> Decimal:
    """A number as a key result keeps it: four places behind the point. Invalid for one it cannot hold."""
    if not given.is_finite() or abs(given) >= GREATEST:
        raise Invalid(
            "That number cannot be kept.",
            not_done=NOT_KEPT,
            fields={name: "Please give a number below a hundred million million."},
        )
    return given.quantize(Decimal("0.0001"))


def save_named(row: Model, words: str) -> None:
    """Save a row whose name may stand once; Invalid with `words` where another has it."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(words, not_done=NOT_KEPT, fields={"name": "Please choose another name."}) from error
