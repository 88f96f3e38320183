"""Erasing what the record says of a person, with what this room itself still keeps of it."""

from __future__ import annotations

from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Absence, Member, Unmasking
from quarterdeck.ledger import Receipt, record
from quarterdeck.ledger import verbs as ledger


@verb
def erase_record(member: Member, *, by: Member, legal_basis: str) -> Receipt:
    """Erase what the ledger's events say of `member` in this workspace (ledger.verbs.erase), whom unmaskings named, and
    when the person was away.

    Raises NotFound where they left no events, Conflict where the list of erasures cannot be written.
    """
    for absence in Absence.objects.filter(
        member=member
    ):  # first, so that what is recorded of it is erased as well
        record("crew.absence.withdrawn", actor=by, about=absence)
        absence.delete()
    receipt = ledger.erase(member.workspace_id, member.pk, by=by, legal_basis=legal_basis)
    named = Unmasking.objects.filter(concerned=member)
    named.update(concerned=None, ledger_event_id=receipt.event_id)
    return receipt
