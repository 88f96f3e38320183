"""The week of a team: how much it holds, what was planned on its first day, and why something planned came otherwise.

Nothing here belongs to a person: no row says who did an item, and no one is asked how long it took.
"""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected

REASON_LENGTH = 300
MOST_POINTS = 500


class Capacity(Protected):
    """How many points a usual week of the team holds (S is 1, M is 2, L is 4), set by a lead in the open."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    ledger_name = "desk.capacity"


class WeekPlan(Protected):
    """What was planned for the week that begins on `monday`, as it was kept then; the look-back compares with it.

    `items` are {"key", "title", "size", "points", "day"}: the key names the thing ("post:<id>", "idea:<id>",
    "commitment:<id>"), the day is ISO. `holds` is what the week held then in points, null where nobody had set it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    monday = models.DateField()
    items = models.JSONField(default=list)
    points = models.PositiveSmallIntegerField()
    holds = models.PositiveSmallIntegerField(null=True)
    planned_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    ledger_name = "desk.week"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "monday"], name="week_planned_once"),
            models.CheckConstraint(name="week_begins_on_monday", condition=models.Q(monday__iso_week_day=1)),
        ]


class Reason(Protected):
    """Why something planned for a week was moved, taken off or left, said afterwards. The newest of a thing counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    monday = models.DateField()
    key = models.CharField(max_length=60)
    words = models.CharField(max_length=REASON_LENGTH)
    said_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    ledger_name = "desk.reason"

    class Meta:
        indexes = [models.Index(fields=["workspace", "monday"], name="reason_of_week")]
