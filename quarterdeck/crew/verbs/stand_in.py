"""Who stands in for a member when they do not answer."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import STANDS_IN
from quarterdeck.crew.rules import inside


@verb
def choose_stand_in(by: Member, *, to: Member | None) -> Member:
    """Name the colleague who is told next when `by` does not answer, or (None) leave it to the leads.

    It is the person's own choice. Raises Invalid for oneself, somebody who may not act or is not here, Conflict when
    nothing would change.
    """
    member = inside(Member, by.pk, by.workspace)
    if to is not None and (to.workspace_id != member.workspace_id or to.left_at is not None):
        raise Invalid(
            "That person is not in this workspace.", fields={"stand_in": "Please choose a colleague."}
        )
    if to is not None and to.role not in STANDS_IN:
        raise Invalid(
            f"{to} cannot act here, so cannot stand in.",
            fields={"stand_in": "Please choose another colleague."},
        )
    if to is not None and to.pk == member.pk:
        raise Invalid("That is you.", fields={"stand_in": "Please choose a colleague."})
    if member.stand_in_id == (to.pk if to else None):
        raise Conflict("That is as it was already.")
    member.stand_in = to
    member.save(update_fields=["stand_in"])
    ledger.record("crew.member.stand_in_chosen", actor=by, about=member, fields={"named": to is not None})
    return member
