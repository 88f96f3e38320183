"""What counts as a conflict in a workspace: set by the leads."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck import ledger
from quarterdeck.consent import world
from quarterdeck.consent.models import Against, ConflictRules
from quarterdeck.consent.models.conflicts import WHY_LENGTH
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.crew.rules import locked_workspace
from quarterdeck.publishing.models import Label

LONGEST_HOURS, MOST_POSTS, LONGEST_DAYS = 336, 500, 60
MOST_PAIRS = 50


@verb
def change_rules(
    by: Member,
    *,
    audience_hours: int,
    per_day: int | None,
    per_week: int | None,
    audiences: Sequence[Label] = (),
) -> ConflictRules:
    """Set how many hours lie between two posts for one audience, what a channel carries at most (None: by its rhythm),
    and which labels name an audience. Invalid with its fields."""
    wrong = {}
    if not 1 <= audience_hours <= LONGEST_HOURS:
        wrong["audience_hours"] = f"From 1 hour to {LONGEST_HOURS}, which is two weeks."
    for name, given in (("per_day", per_day), ("per_week", per_week)):
        if given is not None and not 1 <= given <= MOST_POSTS:
            wrong[name] = f"From 1 to {MOST_POSTS}, or leave it empty."
    if any(one.workspace_id != by.workspace_id for one in audiences):
        wrong["audiences"] = "Please choose labels of this workspace."
    if wrong:
        raise Invalid("These rules cannot be used like this.", not_done=NOT_KEPT, fields=wrong)
    locked_workspace(by)
    own = world.rules_of(by.workspace)
    own.audience_hours, own.per_day, own.per_week = audience_hours, per_day, per_week
    own.audiences = sorted({one.pk.hex for one in audiences})
    own.changed_by, own.changed_at, own.ledger_event_id = by, clock.now(), ids.new()
    own.save()
    fields = {
        "audience_hours": audience_hours,
        "per_day": per_day or 0,
        "per_week": per_week or 0,
        "audiences": " ".join(own.audiences),
    }
    ledger.record("consent.rules.changed", actor=by, about=own, fields=fields, event_id=own.ledger_event_id)
    return own


@verb
def set_against(by: Member, *, one: Label, other: Label, days: int, why: str = "") -> Against:
    """Declare that posts with these two labels contradict each other within `days` on one brand. Invalid with its
    fields, Conflict when that is declared already."""
    if by.workspace_id not in {one.workspace_id} & {other.workspace_id} or one.pk == other.pk:
        raise Invalid(
            "Two different labels are needed.",
            not_done=NOT_KEPT,
            fields={"other": "Please choose another label than the first."},
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(
            "That is no useful distance.",
            not_done=NOT_KEPT,
            fields={"days": f"From 1 day to {LONGEST_DAYS}."},
        )
    why = " ".join(kept(why, "why", WHY_LENGTH).split())
    locked_workspace(by)
    there = Against.objects.filter(workspace=by.workspace, ended_at__isnull=True)
    if there.filter(one__in=(one, other), other__in=(one, other)).exists():
        raise Conflict(
            "These two are set against each other already.", not_done="The rule that stands was kept."
        )
    if there.count() >= MOST_PAIRS:
        raise Conflict(f"At most {MOST_PAIRS} pairs can be set against each other.", not_done=NOT_KEPT)
    made = Against.objects.create(
        workspace=by.workspace,
        one=one,
        other=other,
        days=days,
        why=why,
        made_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {"one": str(one.pk), "other": str(other.pk), "days": days, "why": why}
    ledger.record("consent.against.made", actor=by, about=made, fields=fields, event_id=made.ledger_event_id)
    return made


@verb
def end_against(against: Against, *, by: Member) -> None:
    """Set them against each other no more; what was found by it goes."""
    against = locked(Against, against.pk)
    if against.ended_at:
        raise Conflict("They are not set against each other any more.")
    against.ended_at, against.ledger_event_id = clock.now(), ids.new()
    against.save()
    ledger.record("consent.against.ended", actor=by, about=against, event_id=against.ledger_event_id)
