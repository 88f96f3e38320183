"""The secret mail address of a member: made, shown again to them, closed."""

from __future__ import annotations

import secrets as random

from quarterdeck import ledger
from quarterdeck.core import clock, ids, secrets
from quarterdeck.core.problems import NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.crew.models.links import token_hash
from quarterdeck.ideas.models import Address


@verb
def open_address(by: Member) -> Address:
    """Make the address by which `by` sends ideas; one that was open is closed, and no longer takes anything."""
    Member.objects.select_for_update().get(pk=by.pk)
    _close(by)
    # Mail servers and readers change the case of addresses at will: hexadecimal survives that. 80 random bits.
    token, address = (
        random.token_hex(10),
        Address(member=by, opened_at=clock.now(), ledger_event_id=ids.new()),
    )
    address.token_hash = token_hash(token)
    address.token_sealed = secrets.seal(token.encode(), context=f"ideas.address:{address.pk}")
    address.save(force_insert=True)
    ledger.record("ideas.address.opened", actor=by, about=address, event_id=address.ledger_event_id)
    return address


@verb
def close_address(by: Member) -> None:
    """Close the address: nothing that is sent to it is kept any more. NotFound when there is none."""
    Member.objects.select_for_update().get(pk=by.pk)
    if not _close(by):
        raise NotFound("You have no mail address for ideas.")


def _close(by: Member) -> bool:
    address = Address.objects.select_for_update().filter(member=by, closed_at__isnull=True).first()
    if address is None:
        return False
    address.closed_at, address.ledger_event_id = clock.now(), ids.new()
    address.save(update_fields=["closed_at", "ledger_event_id"])
    ledger.record("ideas.address.closed", actor=by, about=address, event_id=address.ledger_event_id)
    return True
