"""What pages and other rooms ask of strategy, each inside one workspace and none of it by person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.strategy.models import Campaign, KeyResult, Objective, Phase, Pillar

MOST = 200  # of a list


def today(workspace: Workspace) -> date:
    """The day it is in the workspace's zone."""
    return clock.now().astimezone(workspace.zone).date()


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


def key_result(workspace: Workspace, pk: UUID) -> KeyResult:
    """One key result of this workspace; NotFound for any other."""
    found = KeyResult.objects.filter(objective__workspace=workspace, pk=pk)
    row = found.select_related("objective__workspace").first()
    if row is None:
        raise NotFound("There is no such key result in this workspace.")
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


def phases(workspace: Workspace, first: date, end: date) -> list[Phase]:
    """The phases of campaigns that touch the days from `first` until before `end`, by their first day."""
    found = Phase.objects.filter(campaign__workspace=workspace, removed_at__isnull=True)
    found = found.filter(begins__lt=end, ends__gte=first).select_related("campaign")
    return list(found.order_by("begins", "name")[:MOST])


# --- pillars ------------------------------------------------------------------------------------------


def pillars(workspace: Workspace, brand: Brand | None = None) -> QuerySet[Pillar]:
    """Those in use, by brand and name."""
    found = Pillar.objects.filter(workspace=workspace, retired_at__isnull=True)
    found = found.filter(brand=brand) if brand else found
    return found.select_related("brand").order_by("brand__name", "name")


def pillar(workspace: Workspace, pk: UUID) -> Pillar:
    """One pillar of this workspace; NotFound for any other."""
    row = Pillar.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "brand").first()
    if row is None:
        raise NotFound("There is no such pillar in this workspace.")
    return row
