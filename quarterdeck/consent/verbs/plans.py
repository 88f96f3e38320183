"""The table of points, the weights of departments, and fair plans from the question to the answer and its adoption."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from quarterdeck import ledger, live
from quarterdeck.consent import deciding
from quarterdeck.consent.fair import adoption, holding, points, words
from quarterdeck.consent.fair.adoption import Place
from quarterdeck.consent.fair.found import Found
from quarterdeck.consent.models import DepartmentWeight, FairPlan, Held, PointsTable
from quarterdeck.consent.models.plans import PROBLEM_LENGTH, REASON_LENGTH, first_of
from quarterdeck.consent.rows import locked_plan
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, needed
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.crew.rules import locked_workspace
from quarterdeck.stakeholders import verbs as stakeholders
from quarterdeck.stakeholders.models import Department
from quarterdeck.stakeholders.models.requests import State as Asked
from quarterdeck.stakeholders.rows import today

WHY = "Please say why; every department reads it."
MOST_MUSTS = 20
LIGHTEST, HEAVIEST = 0.1, 10.0
MOST_WORKING = 3
GIVEN_UP = timedelta(minutes=15)  # after that long nobody waits for a plan any more
AHEAD = 400  # days
State = FairPlan.State


@verb
def set_points(
    by: Member, *, must: int, good: int, free: int, weekly_loss: int, musts: int, reason: str
) -> PointsTable:
    """Publish a new table of points, for plans asked for from now on. Invalid with its fields."""
    why = needed(reason, "reason", REASON_LENGTH, WHY)
    wrong = {}
    if not 1 <= free <= good <= must <= 100:
        wrong["must"] = "From 1 to 100, a must at least as much as good, and good as much as only if free."
    if not 0 <= weekly_loss <= 100:
        wrong["weekly_loss"] = "From 0 to 100 hundredths."
    if not 0 <= musts <= MOST_MUSTS:
        wrong["musts"] = f"From 0 to {MOST_MUSTS}."
    if wrong:
        raise Invalid("This table cannot be used like this.", not_done=NOT_KEPT, fields=wrong)
    locked_workspace(by)
    made = PointsTable.objects.create(
        workspace=by.workspace,
        number=points.table_of(by.workspace).number + 1,
        must=must,
        good=good,
        free=free,
        weekly_loss=weekly_loss,
        musts=musts,
        reason=why,
        set_by=by,
        set_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {
        name: getattr(made, name) for name in ("number", "must", "good", "free", "weekly_loss", "musts")
    }
    _record("consent.points.set", by, made, fields | {"reason": why})
    return made


@verb
def set_weight(department: Department, *, by: Member, weight: float, reason: str) -> DepartmentWeight:
    """Set how much a department counts in fair plans (1: as everybody begins), with a reason that all read."""
    why = needed(reason, "reason", REASON_LENGTH, WHY)
    if department.workspace_id != by.workspace_id:
        raise NotFound("There is no such department in this workspace.")
    if not LIGHTEST <= weight <= HEAVIEST:
        raise Invalid(
            "That weight cannot be used.",
            not_done=NOT_KEPT,
            fields={"weight": f"From {LIGHTEST:g} to {HEAVIEST:g}; 1 is what everybody begins with."},
        )
    made = DepartmentWeight.objects.create(
        department=department,
        hundredths=round(weight * 100),
        reason=why,
        set_by=by,
        set_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {"department": str(department.pk), "hundredths": made.hundredths, "reason": why}
    _record("consent.weight.set", by, made, fields)
    return made


# --- a plan ---------------------------------------------------------------------------------------------


@verb
def ask_plan(by: Member, *, span: str, day: date) -> FairPlan:
    """Have the fair plan of the month or quarter a day lies in worked out. Invalid for one that is over or too far off,
    Conflict while several are being worked out."""
    if span not in FairPlan.Span.values:
        raise Invalid("The form was not complete.", not_done=NOT_KEPT)
    begins, ends = first_of(day, span)
    here = today(by.workspace)
    if ends <= here or (begins - here).days > AHEAD:
        raise Invalid(
            "That time cannot be planned.",
            not_done=NOT_KEPT,
            fields={"day": "Please choose a day from today on, within the next year."},
        )
    locked_workspace(by)
    working = FairPlan.objects.filter(workspace=by.workspace, state=State.WORKING)
    if working.filter(asked_at__gt=clock.now() - GIVEN_UP).count() >= MOST_WORKING:
        raise Conflict(
            "Several plans are being worked out already.",
            not_done="No other was begun.",
            next_step="They take less than a minute each. Then ask again.",
        )
    table, now = points.table_of(by.workspace), clock.now()
    made = FairPlan.objects.create(
        workspace=by.workspace,
        span=span,
        begins=begins,
        ends=ends,
        table=table if table.number else None,
        asked_by=by,
        asked_at=now,
        state_at=now,
        ledger_event_id=ids.new(),
    )
    fields = {"span": str(span), "begins": begins.isoformat(), "table": table.number}
    _record("consent.plan.asked", by, made, fields)
    from quarterdeck.consent.jobs import work_plan_out

    work_plan_out.defer(plan_id=str(made.pk))
    return made


@verb
def answer_plan(plan: FairPlan, *, found: Found | None, problem: str = "") -> FairPlan:
    """Keep what the worker found out: a proposal, the clash of what was asked, or why there is no plan."""
    plan = locked(FairPlan, plan.pk, "workspace")
    if plan.state != State.WORKING:
        raise Conflict("This plan was answered already.")
    if found is not None and found.clash:
        _moved(plan, State.IMPOSSIBLE)
        plan.found = {"clash": found.clash}
    elif found is not None and not found.late:
        _moved(plan, State.PROPOSED)
        plan.found, plan.log_welfare, plan.bound = found.found, found.log_welfare, found.bound
    else:
        _moved(plan, State.FAILED)
        plan.problem = (problem or "Time ended before any plan was found.")[:PROBLEM_LENGTH]
    plan.save()
    placed = sum(one["slot"] >= 0 for one in plan.found.get("requests", ()))
    fields = {"state": str(plan.state), "placed": placed, "gap": f"{plan.gap:.4f}"}
    _record("consent.plan.answered", ledger.system(plan.workspace_id), plan, fields)
    return plan


@verb
def adopt_plan(plan: FairPlan, *, by: Member) -> FairPlan:
    """Adopt a proposal: what waited for an answer and has a place is accepted for its week, and every placed request
    has its slot held. Whoever asked reads it, and reads when a time that was promised before is another, or gone.

    Conflict when a request it places was withdrawn or declined meanwhile, when one of its times cannot be had any more,
    and when another plan was adopted meanwhile."""
    locked_plan(by.workspace_id)  # two that are adopted at once must see each other
    plan = locked(FairPlan, plan.pk, "workspace")
    if not plan.is_proposed:
        raise Conflict(f"This plan is {plan.get_state_display()}, so it cannot be adopted.")
    places = adoption.places(plan)
    if why := adoption.refusal(plan, places):
        raise Conflict(why, not_done="Nothing was adopted.", next_step="Ask for the plan again.")
    before = {one.request_id: one for one in adoption.held_before(plan, places)}
    _moved(plan, State.ADOPTED)
    plan.decision = deciding.adopted(words.tell(plan), by)
    plan.save()
    event_id = plan.ledger_event_id
    Held.objects.filter(pk__in=[one.pk for one in before.values()]).update(
        freed_at=clock.now(), ledger_event_id=event_id
    )
    for one in places:
        Held.objects.create(
            plan=plan, request=one.request, channel=one.channel, at=one.at, ledger_event_id=event_id
        )
    _answer(plan, places, before, by)
    _record("consent.plan.adopted", by, plan, {"placed": len(places), "decision": str(plan.decision)})
    return plan


def _answer(plan: FairPlan, places: list[Place], before: dict[UUID, Held], by: Member) -> None:
    """Whoever asked for it reads of a time that is new to them, and of one that is gone."""
    requests = {one.request.pk: one.request for one in places}
    requests |= {pk: held.request for pk, held in before.items() if pk not in requests}
    now, zone = {one.request.pk: one for one in places}, plan.workspace.zone
    _, served = holding.posts_of(list(requests))
    for pk, request in requests.items():
        one, held = now.get(pk), before.get(pk)
        week = one.at.astimezone(zone).date() if one else None
        if one and request.state in {Asked.ASKED, Asked.PROPOSED}:
            stakeholders.accept(request, by=by, reason=words.promise(plan, one.at), week=week)
        elif request.state == Asked.ACCEPTED and pk not in served and not _is_same(one, held):
            reason = words.promised_again(plan, one and one.at, held and held.at)
            stakeholders.answer_again(request, by=by, reason=reason, week=week)


def _is_same(one: Place | None, held: Held | None) -> bool:
    return one is not None and held is not None and (one.at, one.channel) == (held.at, held.channel)


@verb
def put_plan_aside(plan: FairPlan, *, by: Member, reason: str) -> FairPlan:
    """Do nothing of a proposal, with a reason that everybody who sees it reads."""
    plan = locked(FairPlan, plan.pk, "workspace")
    if plan.state in {State.ADOPTED, State.ASIDE}:
        raise Conflict(f"This plan is {plan.get_state_display()}, so it cannot be put aside.")
    plan.word = needed(reason, "reason", REASON_LENGTH, "Please say why.")
    _moved(plan, State.ASIDE)
    plan.save()
    _record("consent.plan.put_aside", by, plan, {"reason": plan.word})
    return plan


def _moved(plan: FairPlan, state: str) -> None:
    plan.state, plan.state_at, plan.ledger_event_id = state, clock.now(), ids.new()


def _record(kind: str, actor: Any, about: Any, fields: dict) -> None:
    ledger.record(kind, actor=actor, about=about, fields=fields, event_id=about.ledger_event_id)
    if isinstance(about, FairPlan):
        live.announce(about.workspace_id, [(about.ledger_name, str(about.pk))])
