"""An objective from its setting to its read-out. What it was made for stays beside what it became."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.strategy import reads
from quarterdeck.strategy.models import Objective
from quarterdeck.strategy.models.objectives import (
    BECAUSE_LENGTH,
    TITLE_LENGTH,
    WHY_LENGTH,
    WORD_LENGTH,
    Verdict,
)
from quarterdeck.strategy.pace import plain
from quarterdeck.strategy.rows import Stale, span

MOST_RUNNING = 100  # of one workspace
DEEPEST = 20  # objectives above one another


@verb
def set_objective(
    by: Member,
    *,
    brand: Brand,
    title: str,
    begins: date,
    ends: date,
    why: str = "",
    parent: Objective | None = None,
) -> Objective:
    """Set what a brand wants to reach between two days. Raises Invalid with its fields, Conflict for a hundredth that
    runs at once."""
    if brand.workspace_id != by.workspace_id:
        raise Invalid("That brand is not in this workspace.", not_done=NOT_KEPT)
    if reads.running_objectives(by.workspace).count() >= MOST_RUNNING:
        raise Conflict(
            f"{MOST_RUNNING} objectives run already.", not_done=NOT_KEPT, next_step="Read one out first."
        )
    title = needed(title, "title", TITLE_LENGTH, "Please say in a line what is to be reached.")
    why = kept(why, "why", WHY_LENGTH)
    begins, ends = span(begins, ends, least=1)
    _check_parent(by.workspace_id, None, parent)
    now, event_id = clock.now(), ids.new()
    made = Objective.objects.create(
        workspace=by.workspace,
        brand=brand,
        parent=parent,
        title=title,
        why=why,
        begins=begins,
        first_ends=ends,
        ends=ends,
        made_at=now,
        changed_at=now,
        ledger_event_id=event_id,
    )
    said = {"title": title, "why": why, "brand": str(brand.pk), "parent": _id(parent)}
    fields = said | {"begins": begins.isoformat(), "ends": ends.isoformat()}
    ledger.record("strategy.objective.made", actor=by, about=made, fields=fields, event_id=event_id)
    return made


@verb
def change_objective(
    objective: Objective, *, by: Member, version: int, title: str, why: str = "", parent: Objective | None
) -> Objective:
    """Write its title and reason anew, or put it under another one. Its days are moved by `move_end`. Raises Invalid
    for a circle of objectives, Stale when it was saved over `version` in between, Conflict once it was read out."""
    if parent is not None:
        _keep_still(by.workspace_id)
    objective = _running(objective)
    if objective.version != version:
        raise Stale(
            "This objective was saved somewhere else while you were writing.",
            not_done="Yours was not saved over it; it is still in the page.",
            next_step="Compare with the objective as it is saved now; saving again replaces it.",
        )
    objective.title = needed(title, "title", TITLE_LENGTH, "Please say in a line what is to be reached.")
    objective.why = kept(why, "why", WHY_LENGTH)
    _check_parent(by.workspace_id, objective, parent)
    objective.parent = parent
    objective.version += 1
    objective.changed_at, objective.ledger_event_id = clock.now(), ids.new()
    objective.save()
    fields = {"title": objective.title, "why": objective.why, "parent": _id(parent)}
    event_id = objective.ledger_event_id
    ledger.record("strategy.objective.changed", actor=by, about=objective, fields=fields, event_id=event_id)
    return objective


@verb
def move_end(objective: Objective, *, by: Member, ends: date, reason: str) -> Objective:
    """Give it another last day and say why; the one it was made for stays beside it. Its key results keep their own
    days."""
    objective = _running(objective)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say why it moves.")
    if ends == objective.ends:
        raise Invalid(
            "It ends on that day already.", not_done=NOT_KEPT, fields={"ends": "Please choose another day."}
        )
    _, ends = span(objective.begins, ends, least=1)
    before, objective.ends = objective.ends, ends
    objective.changed_at, objective.ledger_event_id = clock.now(), ids.new()
    objective.save()
    fields = {"before": before.isoformat(), "after": ends.isoformat(), "reason": reason}
    event_id = objective.ledger_event_id
    ledger.record("strategy.objective.moved", actor=by, about=objective, fields=fields, event_id=event_id)
    return objective


@verb
def read_out(objective: Objective, *, by: Member, verdict: str, because: str) -> Objective:
    """Say what follows: continue, change or stop, and why. It stands for ever, with the values that were known then.
    It can be done before the last day, so that what goes nowhere can be stopped. Raises Conflict for a second time."""
    objective = _running(objective)
    if verdict not in Verdict.values:
        raise Invalid(
            "A read-out needs a verdict.",
            not_done=NOT_KEPT,
            fields={"verdict": "Please choose continue, change or stop."},
        )
    because = needed(
        because, "because", BECAUSE_LENGTH, "Please say why, in a sentence or two.", several=True
    )
    now = clock.now()
    after = (now.astimezone(by.workspace.zone).date() - objective.ends).days
    objective.verdict, objective.because, objective.read_out_at = verdict, because, now
    objective.ledger_event_id = event_id = ids.new()
    objective.save()
    fields = {"verdict": verdict, "reason": because, "values": _values(objective), "days_after": after}
    ledger.record("strategy.objective.read_out", actor=by, about=objective, fields=fields, event_id=event_id)
    return objective


def _values(objective: Objective) -> str:
    """What its key results stood at: "id value/target", or "id -/target" where nothing was noted."""
    said = []
    for one in reads.key_results(objective):
        value = plain(one.newest.value).replace(",", "") if one.newest else "-"
        said.append(f"{one.row.pk} {value}/{plain(one.row.target).replace(',', '')}")
    return "; ".join(said)


def _running(objective: Objective) -> Objective:
    """The row, locked; Conflict once it was read out."""
    objective = locked(Objective, objective.pk, "workspace", "brand")
    if not objective.runs:
        raise Conflict(
            "This objective was read out; it stays as it was.",
            not_done=NOT_KEPT,
            next_step="Set the next one instead; its page offers that.",
        )
    return objective


def _check_parent(workspace_id: UUID, objective: Objective | None, parent: Objective | None) -> None:
    """Invalid for one of elsewhere, and for a circle: an objective cannot serve what serves it."""
    if parent is None:
        return
    if parent.workspace_id != workspace_id:
        raise Invalid("That objective is not in this workspace.", not_done=NOT_KEPT)
    above, seen = parent, []
    while above is not None:
        seen.append(above)
        if objective is not None and above.pk == objective.pk:
            raise Invalid(_circle(objective, seen), not_done=NOT_KEPT, fields={"parent": _OTHER})
        if len(seen) > DEEPEST:
            raise Invalid(
                f"More than {DEEPEST} objectives would stand above one another.",
                not_done=NOT_KEPT,
                fields={"parent": _OTHER},
            )
        above = above.parent


_OTHER = "Please choose another one, or none."


def _keep_still(workspace_id: UUID) -> None:
    """Nobody else puts an objective under another one meanwhile: two moves, each right, could close a circle. Those
    that were read out move no more."""
    running = Objective.objects.filter(workspace=workspace_id, read_out_at__isnull=True)
    list(running.select_for_update().order_by("pk").values_list("pk", flat=True))


def _circle(objective: Objective, seen: list[Objective]) -> str:
    """`seen`: what was chosen, and what stands above it, up to the objective itself."""
    if len(seen) == 1:
        return "An objective cannot serve itself."
    if len(seen) == 2:
        return f"That would be a circle: “{seen[0].short}” serves this one already."
    between = ", which serves ".join(f"“{one.short}”" for one in seen[:-1][:3])
    return f"That would be a circle: {between}{' and so on' if len(seen) > 4 else ''}, which serves this one."


def _id(row: Objective | None) -> str:
    return str(row.pk) if row else ""
