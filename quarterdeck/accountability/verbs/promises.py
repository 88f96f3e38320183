"""A brand's promise: within how many hours it corrects, and whether it shows its corrections to everybody."""

from __future__ import annotations

import secrets

from django.utils.text import slugify

from quarterdeck import ledger
from quarterdeck.accountability import rows
from quarterdeck.accountability.models import PROMISE_HOURS, Correction, Promise
from quarterdeck.core import ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member

ABOUT_LENGTH, LONGEST_PROMISE = 500, 24 * 14


@verb
def change_promise(
    brand: Brand,
    *,
    by: Member,
    hours: int = PROMISE_HOURS,
    public: bool = False,
    findable: bool = False,
    about: str = "",
) -> Promise:
    """Set a brand's promise and its public page; the page keeps the address it got first. Invalid with its fields."""
    about = rows.cleaned(about, "about", ABOUT_LENGTH)
    if not 1 <= hours <= LONGEST_PROMISE:
        raise Invalid(
            "That promise cannot be kept here.",
            fields={"hours": f"Please give 1 to {LONGEST_PROMISE} hours."},
        )
    brand = Brand.objects.select_for_update().get(pk=brand.pk, workspace=by.workspace_id)
    promise = Promise.objects.filter(brand=brand).first() or Promise(brand=brand, address=_address(brand))
    promise.promise_hours, promise.public, promise.findable, promise.about = hours, public, findable, about
    promise.ledger_event_id = ids.new()
    promise.save()
    ledger.record(
        "accountability.promise.changed",
        actor=by,
        about=promise,
        fields={"promise_hours": hours, "public": public, "findable": findable},
        event_id=promise.ledger_event_id,
    )
    return promise


def _address(brand: Brand) -> str:
    """Readable, and not to be guessed while it is off: a brand's name and 24 random bits."""
    return f"{slugify(brand.name)[:60] or 'corrections'}-{secrets.token_hex(3)}"


@verb
def enlist(correction: Correction, *, by: Member, listed: bool) -> Correction:
    """Show a correction on its brand's public page, or take it off. Conflict where it stands so already."""
    found = Correction.objects.select_for_update(of=("self",)).select_related("slip").get(pk=correction.pk)
    if found.listed == listed:
        raise Conflict("It stands there already." if listed else "It is not on the page.")
    found.listed, found.ledger_event_id = listed, ids.new()
    found.save(update_fields=["listed", "ledger_event_id"])
    ledger.record(
        "accountability.correction.listed",
        actor=by,
        about=found,
        fields={"listed": listed},
        event_id=found.ledger_event_id,
    )
    return found
