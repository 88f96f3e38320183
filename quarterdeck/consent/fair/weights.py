"""How much each department counts: what the lead set in the open, times what past quarters left it short of.

The rule, as the page says it: of all that departments asked for and that went out in the two quarters before, each had
a share; a department whose share was smaller than its weight's counts more, one whose share was larger counts less, in
that ratio, and never less than half or more than twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q

from quarterdeck.consent.models import DepartmentWeight
from quarterdeck.consent.models.plans import FairPlan, first_of
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.grid import midnight
from quarterdeck.stakeholders.models import Department, Request
from quarterdeck.stakeholders.models.requests import State

LEAST, MOST = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Weight:
    """`set_` and the product as numbers, `out` of `total` requests that went out in the past; `due` the share, from 0
    to 1, that its weight stood for among those that had asked."""

    set_: float
    factor: float = 1.0
    out: int = 0
    total: int = 0
    due: float = 0.0

    @property
    def counts(self) -> float:
        return round(self.set_ * self.factor, 2)

    @property
    def words(self) -> str:
        begins = f"The lead set {number(self.set_)}." if self.set_ != 1 else "Everybody begins at 1."
        if not self.total:
            return f"{begins} Its weight here is {number(self.counts)}: nothing in the past changes that."
        had = f"Of {self.total} requests that went out in the two quarters before it had {self.out}"
        return (
            f"{begins} {had}, where its share would have been {number(self.due * self.total)}: "
            f"times {number(self.factor)}, its weight here is {number(self.counts)}."
        )


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def set_weights(workspace: Workspace) -> dict[UUID, DepartmentWeight]:
    """The newest of each department that has one."""
    found = DepartmentWeight.objects.filter(department__workspace=workspace)
    return {one.department_id: one for one in found.order_by("set_at", "pk")}


def weights(workspace: Workspace, departments: Sequence[Department], begins: date) -> dict[UUID, Weight]:
    """The weight of each of these departments in a plan that begins on a day."""
    known = set_weights(workspace)
    own = {one.pk: known[one.pk].hundredths / 100 if one.pk in known else 1.0 for one in departments}
    out, asked = _past(workspace, begins)
    here = [one.pk for one in departments if asked.get(one.pk)]
    total, all_ = sum(out.get(pk, 0) for pk in here), sum(own[pk] for pk in here)
    found = {}
    for one in departments:
        if one.pk not in here or not total:
            found[one.pk] = Weight(own[one.pk])
            continue
        due, mine = own[one.pk] / all_, out.get(one.pk, 0)
        factor = MOST if not mine else min(MOST, max(LEAST, due * total / mine))
        found[one.pk] = Weight(own[one.pk], round(factor, 2), mine, total, due)
    return found


def _past(workspace: Workspace, begins: date) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Per department what went out, and what was asked for, in the two quarters before the one that day lies in."""
    until, _ = first_of(begins, FairPlan.Span.QUARTER)
    middle, _ = first_of(until - timedelta(days=1), FairPlan.Span.QUARTER)
    since, _ = first_of(middle - timedelta(days=1), FairPlan.Span.QUARTER)
    span = midnight(since, workspace.zone), midnight(until, workspace.zone)
    out = Q(state=State.OUT, state_at__gte=span[0], state_at__lt=span[1])
    asked = Q(asked_at__gte=span[0], asked_at__lt=span[1])
    rows = (
        Request.objects.filter(out | asked, workspace=workspace)
        .order_by()
        .values_list("department")
        .annotate(out=Count("pk", filter=out), asked=Count("pk"))
    )
    found = list(rows)
    return {pk: n for pk, n, _ in found}, {pk: n for pk, _, n in found}
