"""What pages and other rooms ask of strategy, each inside one workspace and none of it by person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.strategy import pace
from quarterdeck.strategy.models import (
    Campaign,
    CheckIn,
    Checklist,
    ChecklistLine,
    ChecklistTemplate,
    KeyResult,
    Objective,
    Phase,
    Pillar,
)

MOST = 200  # of a list
MOST_NOTED = 30  # values of a key result on a page


def today(workspace: Workspace) -> date:
    """The day it is in the workspace's zone."""
    return clock.now().astimezone(workspace.zone).date()


def brand(workspace: Workspace, pk: UUID | None = None) -> Brand:
    """One brand of this workspace, the first without an id; NotFound where there is none."""
    found = workspace.brands.order_by("created_at")
    row = (found.filter(pk=pk) if pk else found).first()
    if row is None:
        raise NotFound("There is no such brand in this workspace.", next_step="Add one in the settings.")
    return row


# --- objectives ---------------------------------------------------------------------------------------


def objective(workspace: Workspace, pk: UUID) -> Objective:
    """One objective of this workspace; NotFound for any other."""
    found = Objective.objects.filter(workspace=workspace, pk=pk)
    row = found.select_related("workspace", "brand", "parent").first()
    if row is None:
        raise NotFound("There is no such objective in this workspace.")
    return row


def running_objectives(workspace: Workspace, brand: Brand | None = None) -> QuerySet[Objective]:
    """Those not read out yet, by the day they end."""
    found = Objective.objects.filter(workspace=workspace, read_out_at__isnull=True)
    return (found.filter(brand=brand) if brand else found).select_related("brand").order_by("ends", "made_at")


def read_out(workspace: Workspace) -> QuerySet[Objective]:
    """Those that were read out, the newest first."""
    found = Objective.objects.filter(workspace=workspace, read_out_at__isnull=False)
    return found.select_related("brand").order_by("-read_out_at")


def to_read_out(workspace: Workspace) -> list[Objective]:
    """Those whose last day has passed and that nobody has read out, the oldest first."""
    return list(running_objectives(workspace).filter(ends__lt=today(workspace))[:MOST])


@dataclass(frozen=True, slots=True)
class Measured:
    """A key result with the newest value that stands, and its pace."""

    row: KeyResult
    newest: CheckIn | None
    pace: pace.Pace


def key_results(objective: Objective) -> list[Measured]:
    """What an objective is measured by, in the order it was made; what was dropped last."""
    return measured([objective], today(objective.workspace)).get(objective.pk, [])


def measured(objectives: Iterable[Objective], day: date) -> dict[UUID, list[Measured]]:
    """The same for many at once, by the objective's id: two questions for all of them."""
    rows = list(
        KeyResult.objects.filter(objective__in=[one.pk for one in objectives]).order_by(
            "dropped_at", "made_at"
        )
    )
    rows.sort(key=lambda row: row.dropped_at is not None)
    stand = CheckIn.objects.filter(key_result__in=rows, withdrawn_at__isnull=True)
    newest = {
        one.key_result_id: one
        for one in stand.order_by("key_result", "-as_of", "-noted_at").distinct("key_result")
    }
    found: dict[UUID, list[Measured]] = {}
    for row in rows:
        one = newest.get(row.pk)
        found.setdefault(row.objective_id, []).append(Measured(row, one, _pace(row, one, day)))
    return found


def _pace(row: KeyResult, newest: CheckIn | None, day: date) -> pace.Pace:
    return pace.pace(
        start=row.start,
        target=row.target,
        begins=row.begins,
        ends=row.ends,
        today=day,
        value=newest.value if newest else None,
        as_of=newest.as_of if newest else None,
        unit=row.unit,
    )


def key_result(workspace: Workspace, pk: UUID) -> KeyResult:
    """One key result of this workspace; NotFound for any other."""
    found = KeyResult.objects.filter(objective__workspace=workspace, pk=pk)
    row = found.select_related("objective__workspace").first()
    if row is None:
        raise NotFound("There is no such key result in this workspace.")
    return row


def check_ins(row: KeyResult) -> list[CheckIn]:
    """Its newest values, those that were taken back too."""
    return list(row.check_ins.order_by("-as_of", "-noted_at")[:MOST_NOTED])


def check_in(workspace: Workspace, pk: UUID) -> CheckIn:
    """One noted value of this workspace; NotFound for any other."""
    found = CheckIn.objects.filter(key_result__objective__workspace=workspace, pk=pk)
    row = found.select_related("key_result__objective").first()
    if row is None:
        raise NotFound("There is no such value in this workspace.")
    return row


# --- campaigns ----------------------------------------------------------------------------------------


def campaign(workspace: Workspace, pk: UUID) -> Campaign:
    """One campaign of this workspace; NotFound for any other."""
    found = Campaign.objects.filter(workspace=workspace, pk=pk)
    row = found.select_related("workspace", "brand", "objective").first()
    if row is None:
        raise NotFound("There is no such campaign in this workspace.")
    return row


def running_campaigns(workspace: Workspace, brand: Brand | None = None) -> QuerySet[Campaign]:
    """Those that nobody has ended, by the day they begin."""
    found = Campaign.objects.filter(workspace=workspace, ended_at__isnull=True)
    found = found.filter(brand=brand) if brand else found
    return found.select_related("brand", "objective").order_by("begins", "made_at")


def ended_campaigns(workspace: Workspace) -> QuerySet[Campaign]:
    """Those that were ended, the newest first."""
    found = Campaign.objects.filter(workspace=workspace, ended_at__isnull=False)
    return found.select_related("brand", "objective").order_by("-ended_at")


def campaigns_of(row: Objective) -> list[Campaign]:
    """The campaigns that serve an objective, by the day they begin."""
    return list(row.campaigns.select_related("brand").order_by("begins", "made_at")[:MOST])


def phases(workspace: Workspace, first: date, end: date) -> list[Phase]:
    """The phases of campaigns that touch the days from `first` until before `end`, by their first day."""
    found = Phase.objects.filter(campaign__workspace=workspace, removed_at__isnull=True)
    found = found.filter(begins__lt=end, ends__gte=first).select_related("campaign")
    return list(found.order_by("begins", "name")[:MOST])


def phases_of(row: Campaign) -> list[Phase]:
    """The phases of one campaign, in their order."""
    return list(row.phases.filter(removed_at__isnull=True).order_by("begins", "made_at"))


def phase(workspace: Workspace, pk: UUID) -> Phase:
    """One phase of this workspace; NotFound for any other."""
    row = Phase.objects.filter(campaign__workspace=workspace, pk=pk).select_related("campaign").first()
    if row is None:
        raise NotFound("There is no such phase in this workspace.")
    return row


# --- checklists ---------------------------------------------------------------------------------------


def templates(workspace: Workspace, *, retired: bool = False) -> list[ChecklistTemplate]:
    """The templates offered, or those that are not any more, by name."""
    found = ChecklistTemplate.objects.filter(workspace=workspace, retired_at__isnull=not retired)
    return list(found.order_by("name")[:MOST])


def template(workspace: Workspace, pk: UUID) -> ChecklistTemplate:
    """One template of this workspace; NotFound for any other."""
    row = ChecklistTemplate.objects.filter(workspace=workspace, pk=pk).first()
    if row is None:
        raise NotFound("There is no such template in this workspace.")
    return row


def checklists(row: Campaign) -> list[Checklist]:
    """The checklists of a campaign with their lines, in the order they were added."""
    lines = Prefetch("lines", queryset=ChecklistLine.objects.order_by("position"))
    return list(row.checklists.filter(removed_at__isnull=True).order_by("made_at").prefetch_related(lines))


def checklist(workspace: Workspace, pk: UUID) -> Checklist:
    """One checklist of this workspace; NotFound for any other."""
    row = Checklist.objects.filter(campaign__workspace=workspace, pk=pk).select_related("campaign").first()
    if row is None:
        raise NotFound("There is no such checklist in this workspace.")
    return row


def checklist_line(workspace: Workspace, pk: UUID) -> ChecklistLine:
    """One line of a checklist of this workspace; NotFound for any other."""
    found = ChecklistLine.objects.filter(checklist__campaign__workspace=workspace, pk=pk)
    row = found.select_related("checklist__campaign").first()
    if row is None:
        raise NotFound("There is no such line in this workspace.")
    return row


# --- pillars ------------------------------------------------------------------------------------------


def pillars(workspace: Workspace, brand: Brand | None = None, *, retired: bool = False) -> QuerySet[Pillar]:
    """Those in use, or those that are not any more, by brand and name."""
    found = Pillar.objects.filter(workspace=workspace, retired_at__isnull=not retired)
    found = found.filter(brand=brand) if brand else found
    return found.select_related("brand").order_by("brand__name", "name")


def pillar(workspace: Workspace, pk: UUID) -> Pillar:
    """One pillar of this workspace; NotFound for any other."""
    row = Pillar.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "brand").first()
    if row is None:
        raise NotFound("There is no such pillar in this workspace.")
    return row


# --- search -------------------------------------------------------------------------------------------


def find(workspace: Workspace, words: str, limit: int) -> tuple[list[Objective], list[Campaign]]:
    """Objectives and campaigns that hold all the words, the newest first."""
    objectives = Objective.objects.filter(workspace=workspace)
    campaigns = Campaign.objects.filter(workspace=workspace)
    for word in words.split()[:8]:
        objectives = objectives.filter(_holds(word, ("title", "why", "because", "key_results__measure")))
        campaigns = campaigns.filter(_holds(word, ("name", "audience", "message", "proof", "ended_word")))
    newest = list(dict.fromkeys(objectives.order_by("-made_at")[: 4 * limit]))
    return newest[:limit], list(campaigns.order_by("-made_at")[:limit])


def _holds(word: str, names: Sequence[str]) -> Q:
    said = Q()
    for name in names:
        said |= Q(**{f"{name}__icontains": word})
    return said
