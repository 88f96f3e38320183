"""What a request counts in which week, by the published table, and the ration of musts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from quarterdeck.consent.models import PointsTable
from quarterdeck.consent.models.plans import FairPlan, first_of
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.models.requests import Need, State
from quarterdeck.stakeholders.rows import monday

WEEKS_SHOWN = 4


def table_of(workspace: Workspace) -> PointsTable:
    """The newest table; the usual one (not saved) where nobody has set any."""
    newest = PointsTable.objects.filter(workspace=workspace).order_by("-number").first()
    return newest or PointsTable(workspace=workspace, number=0)


def tables(workspace: Workspace) -> list[PointsTable]:
    """All versions that were set, the newest first."""
    return list(PointsTable.objects.filter(workspace=workspace).order_by("-number")[:20])


def points(table: PointsTable, need: str, preferred: date | None, latest: date | None, day: date) -> int:
    """What a request counts on a day: full in its preferred week (a Monday) or without one, less each week later,
    nothing before that week or after its latest day."""
    full = {Need.MUST: table.must, Need.GOOD: table.good, Need.FREE: table.free}[Need(need)]
    if latest is not None and day > latest:
        return 0
    if preferred is None:
        return full
    late = (monday(day) - preferred).days // 7
    return 0 if late < 0 else full * max(0, 100 - late * table.weekly_loss) // 100


def shown(table: PointsTable) -> list[tuple[str, list[int]]]:
    """The table as it is published: per need its words, and the points in the preferred week and the weeks after."""
    week = date(2024, 1, 1)
    days = [week + timedelta(weeks=n) for n in range(WEEKS_SHOWN)]
    return [(need.label, [points(table, need, week, None, day) for day in days]) for need in Need]


def counted(table: PointsTable, requests: Iterable[Request]) -> dict[UUID, str]:
    """How much each request counts as needed: a must beyond a department's ration in a quarter counts as good.

    Those asked for first are in the ration, whatever became of them unless they were declined or withdrawn."""
    requests = list(requests)
    wanted = Request.objects.filter(
        department__in={one.department_id for one in requests}, need=Need.MUST
    ).exclude(state__in=[State.DECLINED, State.WITHDRAWN])
    used: Counter = Counter()
    inside = set()
    for one in wanted.order_by("asked_at", "pk").select_related("workspace"):
        key = one.department_id, quarter_of(one)
        used[key] += 1
        if used[key] <= table.musts:
            inside.add(one.pk)
    return {
        one.pk: Need.GOOD.value if one.need == Need.MUST and one.pk not in inside else str(one.need)
        for one in requests
    }


def quarter_of(request: Request) -> date:
    """The first day of the quarter a must counts in: that of its preferred week, else of the day it was asked on."""
    day = request.preferred_week or request.asked_at.astimezone(request.workspace.zone).date()
    return first_of(day, FairPlan.Span.QUARTER)[0]
