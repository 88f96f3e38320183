"""Templates of checklists, their copies in campaigns, and each tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck import ledger, live
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.strategy.models import Campaign, Checklist, ChecklistLine, ChecklistTemplate
from quarterdeck.strategy.models.checklists import LINE_LENGTH, LIST_LENGTH, MOST_LINES
from quarterdeck.strategy.rows import save_named

MOST_TEMPLATES = 50  # in use at once
MOST_LISTS = 10  # of one campaign
_TAKEN = "There is a template of that name already."


@verb
def make_template(by: Member, *, name: str, lines: Sequence[str]) -> ChecklistTemplate:
    """Keep a list of lines to copy. Raises Invalid for a name that is taken, and for none or too many lines."""
    _must_have_room(by, NOT_KEPT)
    event_id = ids.new()
    made = ChecklistTemplate(workspace=by.workspace, made_at=clock.now(), ledger_event_id=event_id)
    fields = _put(made, name, lines)
    save_named(made, _TAKEN)
    ledger.record("strategy.template.made", actor=by, about=made, fields=fields, event_id=event_id)
    return made


@verb
def change_template(
    template: ChecklistTemplate, *, by: Member, name: str, lines: Sequence[str]
) -> ChecklistTemplate:
    """Write it anew. Checklists that were copied from it stay as they are."""
    template = locked(ChecklistTemplate, template.pk)
    fields, template.ledger_event_id = _put(template, name, lines), ids.new()
    save_named(template, _TAKEN)
    event_id = template.ledger_event_id
    ledger.record("strategy.template.changed", actor=by, about=template, fields=fields, event_id=event_id)
    return template


@verb
def retire_template(template: ChecklistTemplate, *, by: Member) -> None:
    """Offer it no more. Nothing is deleted."""
    template = locked(ChecklistTemplate, template.pk)
    if template.retired_at is not None:
        raise Conflict("It is retired already.")
    _switch(template, by, "strategy.template.retired", clock.now())


@verb
def restore_template(template: ChecklistTemplate, *, by: Member) -> None:
    """Offer it again. Raises Conflict where too many are in use by now."""
    template = locked(ChecklistTemplate, template.pk)
    if template.retired_at is None:
        raise Conflict("It is in use.")
    _must_have_room(by)
    _switch(template, by, "strategy.template.restored", None)


@verb
def add_checklist(campaign: Campaign, *, by: Member, template: ChecklistTemplate) -> Checklist:
    """Copy a template into a campaign, every line open."""
    campaign = locked(Campaign, campaign.pk)
    if not campaign.runs:
        raise Conflict("This campaign has ended.", not_done=NOT_KEPT)
    template = locked(ChecklistTemplate, template.pk)
    if template.workspace_id != by.workspace_id or template.retired_at is not None:
        raise Invalid("That template is not offered here.", not_done=NOT_KEPT)
    if campaign.checklists.filter(removed_at__isnull=True).count() >= MOST_LISTS:
        raise Conflict(f"A campaign has at most {MOST_LISTS} checklists.", not_done=NOT_KEPT)
    event_id = ids.new()
    made = Checklist.objects.create(
        campaign=campaign,
        template=template,
        name=template.name,
        made_at=clock.now(),
        ledger_event_id=event_id,
    )
    ChecklistLine.objects.bulk_create(
        ChecklistLine(checklist=made, position=position, words=words, ledger_event_id=event_id)
        for position, words in enumerate(template.lines)
    )
    fields = {"label": made.name, "lines": len(template.lines), "campaign": str(campaign.pk)}
    ledger.record("strategy.checklist.added", actor=by, about=made, fields=fields, event_id=event_id)
    return made


@verb
def remove_checklist(checklist: Checklist, *, by: Member) -> None:
    """Take a checklist out of its campaign. Its ticks stay in the ledger."""
    checklist = locked(Checklist, checklist.pk, "campaign")
    if checklist.removed_at is not None:
        raise Conflict("It was taken out already.")
    checklist.removed_at, checklist.ledger_event_id = clock.now(), ids.new()
    checklist.save(update_fields=["removed_at", "ledger_event_id"])
    event_id = checklist.ledger_event_id
    ledger.record("strategy.checklist.removed", actor=by, about=checklist, event_id=event_id)


@verb
def tick(one: ChecklistLine, *, by: Member, done: bool) -> ChecklistLine:
    """Say that a line is done, or not yet after all. Raises Conflict where it is said already."""
    one = locked(ChecklistLine, one.pk, "checklist__campaign")
    if one.checklist.removed_at is not None:
        raise Conflict("This checklist was taken out of its campaign.")
    if (one.done_at is not None) == done:
        raise Conflict("Somebody ticked it already." if done else "It is open already.")
    one.done_at, one.ledger_event_id = clock.now() if done else None, ids.new()
    one.save(update_fields=["done_at", "ledger_event_id"])
    kind = "strategy.checklist.ticked" if done else "strategy.checklist.unticked"
    fields = {"line": one.position + 1}
    ledger.record(kind, actor=by, about=one.checklist, fields=fields, event_id=one.ledger_event_id)
    campaign = one.checklist.campaign
    live.announce(by.workspace_id, [(campaign.ledger_name, str(campaign.pk))])
    return one


def _must_have_room(by: Member, not_done: str = "It stays retired.") -> None:
    in_use = ChecklistTemplate.objects.filter(workspace=by.workspace_id, retired_at__isnull=True)
    if in_use.count() >= MOST_TEMPLATES:
        raise Conflict(
            f"{MOST_TEMPLATES} templates are in use already.",
            not_done=not_done,
            next_step="Retire one that is not used any more.",
        )


def _put(template: ChecklistTemplate, name: str, lines: Sequence[str]) -> dict:
    template.name = needed(name, "name", LIST_LENGTH, "Please give the list a name.")
    clean = [words for given in lines[: MOST_LINES + 1] if (words := kept_line(given, "lines", LINE_LENGTH))]
    if not clean or len(clean) > MOST_LINES:
        raise Invalid(
            "A checklist needs lines." if not clean else f"A checklist has at most {MOST_LINES} lines.",
            not_done=NOT_KEPT,
            fields={"lines": f"Please write 1 to {MOST_LINES} lines, one below the other."},
        )
    template.lines = clean
    return {"label": template.name, "lines": len(clean)}


def _switch(template: ChecklistTemplate, by: Member, kind: str, retired_at: datetime | None) -> None:
    template.retired_at, template.ledger_event_id = retired_at, ids.new()
    template.save(update_fields=["retired_at", "ledger_event_id"])
    ledger.record(kind, actor=by, about=template, event_id=template.ledger_event_id)
