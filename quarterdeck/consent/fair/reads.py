"""What pages ask of fair plans, each inside one workspace: by department, and none of it by person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from quarterdeck.consent.fair import points, words
from quarterdeck.consent.fair.weights import set_weights
from quarterdeck.consent.models import DepartmentWeight, FairPlan, Held
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import Department, Request
from quarterdeck.stakeholders.models.requests import Need
from quarterdeck.stakeholders.reads import active_departments

State = FairPlan.State
SHOWN = (State.PROPOSED, State.ADOPTED)


def plan(workspace: Workspace, pk: UUID) -> FairPlan:
    """One plan of this workspace; NotFound for any other."""
    found = FairPlan.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "table").first()
    if found is None:
        raise NotFound("There is no such fair plan in this workspace.")
    return found


def plans(workspace: Workspace) -> QuerySet[FairPlan]:
    """All of them, the newest first."""
    return FairPlan.objects.filter(workspace=workspace).order_by("-asked_at", "pk")


def weights(workspace: Workspace) -> list[tuple[Department, DepartmentWeight | None]]:
    """Each department that takes part, with the weight that was set for it."""
    known = set_weights(workspace)
    return [(one, known.get(one.pk)) for one in active_departments(workspace)]


def waiting(workspace_id: UUID) -> list[FairPlan]:
    """Proposals that nobody has decided on, in one question."""
    found = FairPlan.objects.filter(workspace=workspace_id, state=State.PROPOSED).select_related("workspace")
    return list(found.order_by("asked_at")[:10])


def held_for(request: Request) -> Held | None:
    """The slot that an adopted plan holds for a request."""
    found = Held.objects.filter(request=request, freed_at__isnull=True)
    return found.select_related("plan__workspace").first()


def musts_beyond(request: Request) -> int:
    """How many musts its department has in a quarter, where this one is beyond them and counts as good; else 0."""
    if request.need != Need.MUST or not request.is_open:
        return 0
    table = points.table_of(request.workspace)
    return table.musts if points.counted(table, [request])[request.pk] != Need.MUST else 0


@dataclass(frozen=True, slots=True)
class OwnShare:
    """A plan as one department sees it by its link: its own requests, of the others only totals."""

    plan: FairPlan
    own: words.Share
    others: list[words.Share]
    proof: str


def share_of(department: Department) -> OwnShare | None:
    """The newest plan, proposed or adopted, that this department is part of; None where there is none."""
    found = FairPlan.objects.filter(workspace=department.workspace_id, state__in=SHOWN)
    for one in found.select_related("workspace").order_by("-state_at")[:4]:
        if not any(row["id"] == department.pk.hex for row in one.found.get("departments", ())):
            continue
        told = words.tell(one)
        own = next(share for share in told.shares if share.department.pk == department.pk)
        return OwnShare(one, own, [share for share in told.shares if share is not own], told.proof)
    return None
