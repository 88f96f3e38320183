"""What pages and other rooms ask about channels."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Workspace


def connected(workspace: Workspace) -> QuerySet[Channel]:
    """The channels one can publish through now, oldest first."""
    return Channel.objects.filter(workspace=workspace, disconnected_at__isnull=True).order_by("connected_at")


def every(workspace: Workspace) -> QuerySet[Channel]:
    """All channels, the connected first."""
    return (
        Channel.objects.filter(workspace=workspace)
        .select_related("connected_by__user", "brand")
        .order_by("disconnected_at", "connected_at")
    )


def channel(workspace: Workspace, pk: UUID) -> Channel:
    """One channel of this workspace; NotFound for any other."""
    found = Channel.objects.filter(workspace=workspace, pk=pk).select_related("brand").first()
    if found is None:
        raise NotFound("There is no such channel in this workspace.")
    return found
