"""The team's answer to a request: accept, propose another way, decline. Each has a reason that whoever asked reads."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.stakeholders import hours, rows, telling
from quarterdeck.stakeholders.models import AnswerTime, Department, Request, RequestAnswer
from quarterdeck.stakeholders.models.requests import REASON_LENGTH, Kind, State
from quarterdeck.stakeholders.verbs import becoming

What = RequestAnswer.What
ANSWERABLE = (State.ASKED, State.PROPOSED)


def _answer(request: Request, by: Member, what: str, state: str, reason: str, week: date | None) -> Request:
    """Put the answer into a locked request and beside it."""
    now, event_id = clock.now(), ids.new()
    request.state, request.state_at, request.ledger_event_id = state, now, event_id
    request.answered_at = request.answered_at or now
    request.save()
    RequestAnswer.objects.create(
        request=request,
        what=what,
        of_team=True,
        reason=reason,
        week=week,
        answered_by=by,
        answered_at=now,
        ledger_event_id=event_id,
    )
    return request


def _begin(request: Request, states: tuple = ANSWERABLE) -> Request:
    request = locked(Request, request.pk, "workspace", "department", "stakeholder__department", "brand")
    if request.state not in states:
        raise Conflict(
            f"This request is not open for an answer: it is {request.get_state_display()}.",
            next_step="Open it again and read how it stands.",
        )
    return request


def _reason(given: str) -> str:
    words = "Please write a sentence; whoever asked reads it."
    return needed(given, "reason", REASON_LENGTH, words, several=True)


def _record(request: Request, kind: str, by: Member, fields: dict) -> None:
    ledger.record(kind, actor=by, about=request, fields=fields, event_id=request.ledger_event_id)
    rows.announce(request)
    telling.to_requester(request, "answer")


@verb
def accept(
    request: Request,
    *,
    by: Member,
    reason: str,
    week: date | None = None,
    into: str = "",
    brand: Brand | None = None,
) -> Request:
    """Say yes, for a week or without one, and make a "draft" or an "idea" of it at once, or neither yet.

    Raises Invalid without a reason."""
    request, reason = _begin(request), _reason(reason)
    if into not in {"", "draft", "idea"}:
        raise Invalid("The form was not complete.", not_done=NOT_KEPT)
    week = rows.week(week, "week", request.workspace)
    request.agreed_week = week
    _answer(request, by, What.ACCEPTED, State.ACCEPTED, reason, week)
    fields = {"reason": reason, "week": week.isoformat() if week else "", "into": into}
    _record(request, "stakeholders.request.accepted", by, fields)
    if into == "draft":
        becoming.make_draft(request, by=by, brand=brand)
    elif into == "idea":
        becoming.make_idea(request, by=by)
    return request


@verb
def answer_again(request: Request, *, by: Member, reason: str, week: date | None) -> Request:
    """Tell whoever asked that what was accepted has another time, on a day of `week`, or none any more. It stays
    accepted. Conflict when it is not; Invalid without a reason."""
    request, reason = _begin(request, (State.ACCEPTED,)), _reason(reason)
    week = rows.monday(week) if week else None
    request.agreed_week = week or request.agreed_week
    _answer(request, by, What.ACCEPTED, State.ACCEPTED, reason, week)
    fields = {"reason": reason, "week": week.isoformat() if week else ""}
    _record(request, "stakeholders.request.replanned", by, fields)
    return request


@verb
def propose(request: Request, *, by: Member, reason: str, week: date | None = None) -> Request:
    """Propose another week, or another way in the reason; whoever asked says yes, or another week, or withdraws."""
    request, reason = _begin(request), _reason(reason)
    week = rows.week(week, "week", request.workspace)
    _answer(request, by, What.PROPOSED, State.PROPOSED, reason, week)
    fields = {"reason": reason, "week": week.isoformat() if week else ""}
    _record(request, "stakeholders.request.proposed", by, fields)
    return request


@verb
def decline(request: Request, *, by: Member, reason: str) -> Request:
    """Say no, with the reason. Something accepted can be declined later, as long as nothing of it is out."""
    request, reason = _begin(request, (*ANSWERABLE, State.ACCEPTED)), _reason(reason)
    _answer(request, by, What.DECLINED, State.DECLINED, reason, None)
    _record(request, "stakeholders.request.declined", by, {"reason": reason})
    return request


@verb
def set_answer_time(by: Member, *, kind: str, hours_: int) -> AnswerTime:
    """In how many hours of workdays requests of a kind are answered at the latest; for those asked from now on."""
    if kind not in Kind.values:
        raise Invalid("There is no such kind of request.", not_done=NOT_KEPT)
    if not 1 <= hours_ <= hours.MOST_HOURS:
        words = f"Please give 1 to {hours.MOST_HOURS} hours; a workday has 24."
        raise Invalid("That time cannot be kept.", not_done=NOT_KEPT, fields={"hours": words})
    workspace: Workspace = by.workspace
    row = AnswerTime.objects.select_for_update().filter(workspace=workspace, kind=kind).first()
    row = row or AnswerTime(workspace=workspace, kind=kind)
    row.hours, row.set_at, row.ledger_event_id = hours_, clock.now(), ids.new()
    row.save()
    fields = {"request_kind": kind, "hours": hours_}
    ledger.record(
        "stakeholders.answer_time.set", actor=by, about=row, fields=fields, event_id=row.ledger_event_id
    )
    return row


@verb
def set_after(request: Request, *, by: Member, after: Request | None) -> Request:
    """Say that it comes after another of its department (teaser, launch, recap), or after none.

    Raises Conflict where that would go round in a circle."""
    locked(Department, request.department_id)  # two orders at once could close a circle
    request = locked(Request, request.pk, "workspace", "department")
    if after is not None and after.department_id != request.department_id:
        raise Invalid("Both have to be requests of one department.", not_done="The order is as it was.")
    if after is not None and request.pk in _chain(after):
        raise Conflict(
            "That would go round in a circle: each would come after the other.",
            not_done="The order is as it was.",
            next_step="Take the other one out of the order first.",
        )
    request.after, request.ledger_event_id = after, ids.new()
    request.save(update_fields=["after", "ledger_event_id"])
    fields = {"after": str(after.pk) if after else ""}
    ledger.record(
        "stakeholders.request.ordered",
        actor=by,
        about=request,
        fields=fields,
        event_id=request.ledger_event_id,
    )
    rows.announce(request)
    return request


def _chain(request: Request) -> list[UUID]:
    """The request itself and all that it comes after, as they stand now."""
    found, step = [], request.pk
    while step is not None and step not in found:
        found.append(step)
        step = Request.objects.filter(pk=step).values_list("after_id", flat=True).first()
    return found
