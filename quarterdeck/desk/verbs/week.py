"""What the team does with its week: says what one holds, keeps the plan, and says why something came otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import rfc8785

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import kept
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.desk import week as weeks
from quarterdeck.desk import week_room
from quarterdeck.desk.models import Capacity, Reason, WeekPlan
from quarterdeck.desk.models.week import MOST_POINTS, REASON_LENGTH
from quarterdeck.publishing.weeks import monday_of

MOST_ITEMS = 200
AHEAD = timedelta(weeks=8)  # how far ahead a plan may be kept


@verb
def set_capacity(by: Member, *, points: int) -> Capacity:
    """Say how many points a usual week of the team holds: S is 1, M is 2, L is 4. Invalid outside 1 to 500, Conflict
    when it is that already."""
    if not 1 <= points <= MOST_POINTS:
        raise Invalid(
            "That is no size of a week.",
            not_done="The week holds what it held.",
            fields={"points": f"Please give 1 to {MOST_POINTS} points."},
        )
    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    found = Capacity.objects.filter(workspace=by.workspace_id).first()
    was = found.points if found else 0
    if was == points:
        raise Conflict("A week holds that already.")
    found = found or Capacity(workspace=by.workspace)
    found.points, found.set_by, found.set_at, found.ledger_event_id = points, by, clock.now(), ids.new()
    found.save()
    fields = {"points": points, "was": was}
    ledger.record("desk.capacity.set", actor=by, about=found, fields=fields, event_id=found.ledger_event_id)
    return found


@verb
def plan_week(by: Member, *, monday: date) -> WeekPlan:
    """Keep what stands in the week as its plan, which the look-back compares with.

    It can be kept anew until its first day is over. Conflict after that, for a week that is over or empty, or lies more
    than eight weeks ahead.
    """
    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    now, former = clock.now(), WeekPlan.objects.filter(workspace=by.workspace_id, monday=monday).first()
    span = weeks.span(by.workspace, monday_of(monday), now)
    _can_be_planned(span, former)
    found = weeks.week(by.workspace, span.monday, now, former)
    standing = [item for item in found.items if item.counts]
    if not standing:
        raise Conflict(
            "Nothing is planned for this week yet.",
            not_done="No plan was kept.",
            next_step="Plan posts in the calendar, or give ideas a day; then keep the plan.",
        )
    plan = former or WeekPlan(workspace=by.workspace, monday=span.monday)
    plan.items = [
        {"key": i.key, "title": i.title, "size": str(i.size), "points": i.points, "day": i.day.isoformat()}
        for i in standing[:MOST_ITEMS]
    ]
    plan.points = sum(one["points"] for one in plan.items)
    plan.holds = week_room.holds(by.workspace, span.monday).now
    plan.planned_by, plan.planned_at, plan.ledger_event_id = by, now, ids.new()
    plan.save()
    _record_plan(plan, by, again=former is not None)
    return plan


def _can_be_planned(span: weeks.Span, former: WeekPlan | None) -> None:
    if span.over:
        raise Conflict(
            "This week is over.", not_done="No plan was kept.", next_step="Plan the week that comes."
        )
    if span.begins > span.now + AHEAD:
        raise Conflict("That week is too far ahead.", not_done="No plan was kept.")
    if former is not None and span.day(span.now) > span.monday:
        raise Conflict(
            "The plan of this week was kept, and its first day is over.",
            not_done="The plan stays as it is.",
            next_step="What is planned now counts as added later, which is no fault.",
        )


def _record_plan(plan: WeekPlan, by: Member, *, again: bool) -> None:
    """The event commits to the whole list by a digest of what is no word of anybody."""
    listed = [[one["key"], one["size"], one["day"]] for one in plan.items]
    fields = {
        "monday": plan.monday.isoformat(),
        "items": len(plan.items),
        "points": plan.points,
        "holds": plan.holds,
        "digest": sha256(rfc8785.dumps(listed)).hexdigest(),
        "again": again,
    }
    ledger.record("desk.week.planned", actor=by, about=plan, fields=fields, event_id=plan.ledger_event_id)


@verb
def say_why(by: Member, *, monday: date, key: str, words: str) -> Reason:
    """Say why an item of a week was moved, taken off, or not made. It can be said anew; the newest counts.

    Invalid without words, Conflict for an item that asks for no reason.
    """
    clean = " ".join(kept(words, "words", REASON_LENGTH, not_done="Nothing was noted.").split())
    if not clean:
        raise Invalid(
            "Why is missing.",
            not_done="Nothing was noted.",
            fields={"words": "Please say why, in a few words."},
        )
    found = weeks.week(by.workspace, monday_of(monday), clock.now())
    item = next((one for one in found.items if key in one.keys), None)
    if item is None or item.fate not in {weeks.Fate.MOVED, weeks.Fate.OFF, weeks.Fate.OPEN}:
        raise Conflict(
            "That item asks for no reason.",
            not_done="Nothing was noted.",
            next_step="Reload the page of the week; it shows how the item stands.",
        )
    said = Reason.objects.create(
        workspace=by.workspace,
        monday=found.span.monday,
        key=item.key,
        words=clean,
        said_by=by,
        said_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {"monday": said.monday.isoformat(), "item": said.key, "reason": said.words}
    ledger.record("desk.reason.said", actor=by, about=said, fields=fields, event_id=said.ledger_event_id)
    return said
