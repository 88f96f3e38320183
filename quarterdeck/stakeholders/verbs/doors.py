"""The links by which a department asks."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member
from quarterdeck.stakeholders.models import Department, Door, sealing
from quarterdeck.stakeholders.rows import active

PURPOSE = "stakeholders.department"
LASTS = timedelta(days=365)
MOST_OPEN = 10  # of one department


@verb
def open_door(department: Department, *, by: Member) -> Door:
    """Make a link that opens the department's form for a year. It can be copied again on the department's page.

    Raises Conflict for an ended department, or too many links that work."""
    department = active(locked(Department, department.pk, "workspace"))
    now = clock.now()
    working = Door.objects.filter(
        department=department, link__revoked_at__isnull=True, link__expires_at__gt=now
    )
    if working.count() >= MOST_OPEN:
        raise Conflict(
            f"{department} has {MOST_OPEN} links that work, which is the most.",
            not_done="No link was made.",
            next_step="Revoke one that is not used any more.",
        )
    issued = crew.issue_link(
        by=by,
        purpose=PURPOSE,
        object_id=department.pk,
        label=f"Requests of {department}",
        expires_at=now + LASTS,
    )
    door = Door(id=ids.new(), department=department, link=issued.link, made_at=now, ledger_event_id=ids.new())
    door.token_sealed = sealing.seal({"token": issued.token}, context=f"stakeholders.door:{door.pk}")
    door.save(force_insert=True)
    fields = {"until": issued.link.expires_at}
    ledger.record(
        "stakeholders.door.made", actor=by, about=door, fields=fields, event_id=door.ledger_event_id
    )
    return door


@verb
def close_door(door: Door, *, by: Member) -> Door:
    """Revoke a department's link. The status pages of what was asked by it go on working."""
    door = locked(Door, door.pk, "department", "link")
    crew.revoke_link(door.link, by=by)
    door.link.refresh_from_db()
    door.ledger_event_id = ids.new()
    door.save(update_fields=["ledger_event_id"])
    ledger.record("stakeholders.door.revoked", actor=by, about=door, event_id=door.ledger_event_id)
    return door
