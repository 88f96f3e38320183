"""Fair plans of a month or a quarter, the table their points come from, and the weights of departments.

Tables and weights are versions: a row is never changed, the newest holds, and a plan keeps the one it was made by.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.stakeholders.models import Department, Request

REASON_LENGTH = 300
PROBLEM_LENGTH = 300


class PointsTable(Protected):
    """What a request counts in its preferred week by how much it is needed, how much it loses each week later (in
    hundredths of that), and how many musts a department has in a quarter."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    must = models.PositiveSmallIntegerField(default=100)
    good = models.PositiveSmallIntegerField(default=60)
    free = models.PositiveSmallIntegerField(default=20)
    weekly_loss = models.PositiveSmallIntegerField(default=25)
    musts = models.PositiveSmallIntegerField(default=3)
    reason = models.CharField(max_length=REASON_LENGTH)
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    ledger_name = "consent.points"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="points_version_once"),
            models.CheckConstraint(
                name="points_in_order",
                condition=Q(must__lte=100, free__gte=1, must__gte=F("good"), good__gte=F("free")),
            ),
        ]


class DepartmentWeight(Protected):
    """How much a department counts in fair plans, in hundredths (100: once), set in the open with a reason."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="weights")
    hundredths = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=REASON_LENGTH)
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    ledger_name = "consent.weight"

    class Meta:
        indexes = [models.Index(fields=["department", "-set_at"], name="weight_newest")]

    @property
    def workspace_id(self):
        return self.department.workspace_id

    @property
    def times(self) -> str:
        return f"{self.hundredths / 100:g}"


class FairPlan(Protected):
    """A plan that divides the free slots from `begins` up to but without `ends` among the departments that ask.

    `table` is null where the usual points hold. `found` is what was worked out (`fair/found.py` says its shape): ids
    and numbers only, no word that anybody wrote. `problem` says why there is none, `decision` is the record in strategy
    of its adoption.
    """

    class Span(models.TextChoices):
        MONTH = "month", "a month"
        QUARTER = "quarter", "a quarter"

    class State(models.TextChoices):
        WORKING = "working", "being worked out"
        PROPOSED = "proposed", "proposed"
        IMPOSSIBLE = "impossible", "not possible as asked"
        FAILED = "failed", "not worked out"
        ADOPTED = "adopted", "adopted"
        ASIDE = "aside", "put aside"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="fair_plans")
    span = models.CharField(max_length=7, choices=Span.choices)
    begins = models.DateField()
    ends = models.DateField()
    table = models.ForeignKey(PointsTable, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WORKING)
    state_at = models.DateTimeField()
    found = models.JSONField(default=dict, blank=True)
    log_welfare = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    problem = models.CharField(max_length=PROBLEM_LENGTH, blank=True)
    word = models.CharField(max_length=REASON_LENGTH, blank=True)
    decision = models.UUIDField(null=True)

    ledger_name = "consent.fair_plan"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-asked_at"], name="fair_plan_recent"),
            models.Index(fields=["workspace"], name="fair_plan_proposed", condition=Q(state="proposed")),
        ]
        constraints = [models.CheckConstraint(name="fair_plan_has_days", condition=Q(begins__lt=F("ends")))]

    def __str__(self) -> str:
        return f"The fair plan for {self.name}"

    @property
    def name(self) -> str:
        """ "March 2026", or "January to March 2026"."""
        last = self.ends - timedelta(days=1)
        if self.span == self.Span.MONTH:
            return f"{self.begins:%B %Y}"
        return f"{self.begins:%B} to {last:%B %Y}"

    @property
    def gap(self) -> float:
        """By how much, in natural logarithms, a better plan could be better; 0 when proven."""
        if self.bound is None or self.log_welfare is None:
            return 0.0
        return max(0.0, self.bound - self.log_welfare)

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED


class Held(Protected):
    """The slot that an adopted plan holds for a request, on a channel whose id it keeps. A later plan that is adopted
    frees it, and holds the same one again where it can be had."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    plan = models.ForeignKey(FairPlan, on_delete=models.CASCADE, related_name="held")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    channel = models.UUIDField()
    at = models.DateTimeField()
    freed_at = models.DateTimeField(null=True)

    ledger_name = "consent.held"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request"], name="held_once", condition=Q(freed_at__isnull=True))
        ]

    @property
    def workspace_id(self):
        return self.plan.workspace_id


def first_of(day: date, span: str) -> tuple[date, date]:
    """The month or quarter a day lies in: its first day, and the first day after it."""
    months = 1 if span == FairPlan.Span.MONTH else 3
    month = (day.month - 1) // months * months
    begins = date(day.year, month + 1, 1)
    after = month + months
    return begins, date(day.year + after // 12, after % 12 + 1, 1)
