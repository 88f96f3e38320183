"""What a plan does to the time of something that was accepted before: whoever asked for it reads that."""

from __future__ import annotations

from datetime import date

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.stakeholders import rows, telling
from quarterdeck.stakeholders.models import Request, RequestAnswer


@verb
def change_promise(request: Request, *, by: Member, reason: str, week: date | None) -> Request:
    """Answer once more to an accepted request: it has another time than before, on a day of `week`, or none any more.
    It stays accepted, and whoever asked is told as of any answer."""
    request = locked(Request, request.pk, "workspace", "department", "stakeholder__department")
    request.agreed_week = rows.monday(week) if week else request.agreed_week
    request.ledger_event_id = ids.new()
    request.save(update_fields=["agreed_week", "ledger_event_id"])
    RequestAnswer.objects.create(
        request=request,
        what=RequestAnswer.What.ACCEPTED,
        of_team=True,
        reason=reason,
        week=request.agreed_week if week else None,
        answered_by=by,
        answered_at=clock.now(),
        ledger_event_id=request.ledger_event_id,
    )
    fields = {"reason": reason, "week": request.agreed_week.isoformat() if week else ""}
    event_id = request.ledger_event_id
    ledger.record("consent.promise.changed", actor=by, about=request, fields=fields, event_id=event_id)
    rows.announce(request)
    telling.to_requester(request, "answer")
    return request
