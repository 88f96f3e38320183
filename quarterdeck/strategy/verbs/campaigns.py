"""A campaign, its brief and its phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.strategy.models import Campaign, Objective, Phase
from quarterdeck.strategy.models.campaigns import (
    BRIEF,
    BRIEF_LENGTH,
    CURRENCY_LENGTH,
    ENDED_LENGTH,
    MOST_BUDGET,
    NAME_LENGTH,
    PHASE_LENGTH,
)
from quarterdeck.strategy.rows import Stale, span

MOST_PHASES = 12


@dataclass(frozen=True, slots=True)
class Brief:
    """The one page. `budget` is whole money in `currency`, a word as typed."""

    name: str
    begins: date
    ends: date
    objective: Objective | None = None
    audience: str = ""
    message: str = ""
    proof: str = ""
    stop_if: str = ""
    channels: Sequence[Channel] = ()
    budget: int | None = None
    currency: str = ""


@verb
def begin_campaign(by: Member, *, brand: Brand, brief: Brief) -> Campaign:
    """Begin a campaign with what is known of its brief. Raises Invalid with its fields."""
    if brand.workspace_id != by.workspace_id:
        raise Invalid("That brand is not in this workspace.", not_done=NOT_KEPT)
    now = clock.now()
    made = Campaign(
        workspace=by.workspace, brand=brand, made_at=now, changed_at=now, ledger_event_id=ids.new()
    )
    fields = _put(made, by, brief) | {"brand": str(brand.pk)}
    made.save()
    made.channels.set(brief.channels)
    event_id = made.ledger_event_id
    ledger.record("strategy.campaign.made", actor=by, about=made, fields=fields, event_id=event_id)
    return made


@verb
def change_brief(campaign: Campaign, *, by: Member, version: int, brief: Brief) -> Campaign:
    """Save the brief over `version`. Raises Stale when it was saved in between, Conflict for a campaign that ended."""
    campaign = _running(campaign)
    if campaign.version != version:
        raise Stale(
            "This brief was saved somewhere else while you were writing.",
            not_done="Yours was not saved over it; it is still in the page.",
            next_step="Compare with the brief as it is saved now; saving again replaces it.",
        )
    fields = _put(campaign, by, brief)
    campaign.version += 1
    campaign.changed_at, campaign.ledger_event_id = clock.now(), ids.new()
    campaign.save()
    campaign.channels.set(brief.channels)
    event_id = campaign.ledger_event_id
    ledger.record("strategy.campaign.changed", actor=by, about=campaign, fields=fields, event_id=event_id)
    return campaign


@verb
def end_campaign(campaign: Campaign, *, by: Member, word: str) -> Campaign:
    """Say that it is over, and how it went. Posts name it no more; those that did keep it."""
    campaign = _running(campaign)
    word = needed(word, "word", ENDED_LENGTH, "Please say in a sentence how it went.", several=True)
    campaign.ended_word, campaign.ended_at, campaign.ledger_event_id = word, clock.now(), ids.new()
    campaign.save()
    event_id = campaign.ledger_event_id
    ledger.record(
        "strategy.campaign.ended", actor=by, about=campaign, fields={"note": word}, event_id=event_id
    )
    return campaign


@verb
def reopen_campaign(campaign: Campaign, *, by: Member) -> Campaign:
    """Go on with one that was ended."""
    campaign = locked(Campaign, campaign.pk, "workspace", "brand")
    if campaign.runs:
        raise Conflict("It has not ended.")
    campaign.ended_at, campaign.ended_word, campaign.ledger_event_id = None, "", ids.new()
    campaign.save()
    event_id = campaign.ledger_event_id
    ledger.record("strategy.campaign.reopened", actor=by, about=campaign, event_id=event_id)
    return campaign


@verb
def add_phase(campaign: Campaign, *, by: Member, name: str, begins: date, ends: date) -> Phase:
    """Give a stretch of the campaign a name; it lies over those days of the calendar. Invalid outside the campaign."""
    campaign = _running(campaign)
    name = needed(name, "name", PHASE_LENGTH, "Please give the phase a name.")
    begins, ends = span(begins, ends)
    if begins < campaign.begins or ends > campaign.ends:
        raise Invalid(
            "The phase lies outside the campaign.",
            not_done=NOT_KEPT,
            fields={"ends": f"Please stay within {campaign.begins} and {campaign.ends}."},
        )
    if campaign.phases.filter(removed_at__isnull=True).count() >= MOST_PHASES:
        raise Conflict(f"A campaign has at most {MOST_PHASES} phases.", not_done=NOT_KEPT)
    event_id = ids.new()
    made = Phase.objects.create(
        campaign=campaign,
        name=name,
        begins=begins,
        ends=ends,
        made_at=clock.now(),
        ledger_event_id=event_id,
    )
    days = {"begins": begins.isoformat(), "ends": ends.isoformat()}
    fields = {"label": name, "campaign": str(campaign.pk), **days}
    ledger.record("strategy.phase.added", actor=by, about=made, fields=fields, event_id=event_id)
    return made


@verb
def remove_phase(phase: Phase, *, by: Member) -> None:
    """Take a phase out of the campaign and off the calendar."""
    phase = locked(Phase, phase.pk, "campaign")
    if phase.removed_at is not None:
        raise Conflict("It was taken out already.")
    phase.removed_at, phase.ledger_event_id = clock.now(), ids.new()
    phase.save(update_fields=["removed_at", "ledger_event_id"])
    ledger.record("strategy.phase.removed", actor=by, about=phase, event_id=phase.ledger_event_id)


def _running(campaign: Campaign) -> Campaign:
    campaign = locked(Campaign, campaign.pk, "workspace", "brand")
    if not campaign.runs:
        raise Conflict(
            "This campaign has ended.",
            not_done=NOT_KEPT,
            next_step="Open it again first; its page offers that.",
        )
    return campaign


def _put(campaign: Campaign, by: Member, brief: Brief) -> dict:
    """Write the brief into the row. Returns the fields of the event."""
    campaign.name = needed(brief.name, "name", NAME_LENGTH, "Please give the campaign a name.")
    campaign.begins, campaign.ends = span(brief.begins, brief.ends)
    for name in BRIEF:
        setattr(campaign, name, kept(getattr(brief, name), name, BRIEF_LENGTH))
    campaign.objective = _objective(campaign, by, brief.objective)
    campaign.budget, campaign.currency = _money(brief)
    for channel in brief.channels:
        if channel.workspace_id != by.workspace_id:
            raise Invalid("One of the channels is not in this workspace.", not_done=NOT_KEPT)
    budget = "" if campaign.budget is None else f"{campaign.budget} {campaign.currency}".strip()
    return {
        "label": campaign.name,
        **{name: getattr(campaign, name) for name in BRIEF},
        "budget": budget,
        "objective": str(campaign.objective_id or ""),
        "channels": len(brief.channels),
        "begins": campaign.begins.isoformat(),
        "ends": campaign.ends.isoformat(),
    }


def _objective(campaign: Campaign, by: Member, wish: Objective | None) -> Objective | None:
    """One of this workspace that runs, or the one it has had."""
    if wish is None or wish.pk == campaign.objective_id:
        return wish
    if wish.workspace_id != by.workspace_id:
        raise Invalid("That objective is not in this workspace.", not_done=NOT_KEPT)
    if not wish.runs:
        raise Invalid(
            "That objective was read out already.",
            not_done=NOT_KEPT,
            fields={"objective": "Please choose one that still runs."},
        )
    return wish


def _money(brief: Brief) -> tuple[int | None, str]:
    currency = kept_line(brief.currency, "currency", CURRENCY_LENGTH)
    if brief.budget is None:
        return None, currency
    if not 0 <= brief.budget <= MOST_BUDGET:
        raise Invalid(
            "That budget cannot be kept.",
            not_done=NOT_KEPT,
            fields={"budget": "Please give whole money, at most a million million."},
        )
    if not currency:
        raise Invalid(
            "The budget has no currency.",
            not_done=NOT_KEPT,
            fields={"currency": "Please say in which money, like EUR."},
        )
    return brief.budget, currency
