"""An objective says what a brand wants to reach and by when; its key results say how one would see it. The target and
the end that were set first stay for ever: triggers in the database refuse to change them.
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.ledger.models import Protected

TITLE_LENGTH = 160
WHY_LENGTH = 2000
BECAUSE_LENGTH = 2000
MEASURE_LENGTH = 160
UNIT_LENGTH = 20
WORD_LENGTH = 300


class Verdict(models.TextChoices):
    """What follows from an objective that was read out."""

    CONTINUE = "continue", "Continue"
    CHANGE = "change", "Change"
    STOP = "stop", "Stop"


class Objective(Protected):
    """What a brand wants to reach between two days. It runs until it is read out with a verdict and why.

    `ends` is the last day, `first_ends` the one it was made for. `parent` is the objective that it serves.
    """

    Verdict = Verdict

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="objectives")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="objectives")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    title = models.CharField(max_length=TITLE_LENGTH)
    why = models.TextField(blank=True, max_length=WHY_LENGTH)
    begins = models.DateField()
    first_ends = models.DateField()
    ends = models.DateField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    because = models.TextField(blank=True, max_length=BECAUSE_LENGTH)
    read_out_at = models.DateTimeField(null=True)

    ledger_name = "strategy.objective"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "ends"], name="objective_runs", condition=Q(read_out_at=None)),
            models.Index(fields=["workspace", "-made_at"], name="objective_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="objective_ends_after_begin", condition=Q(ends__gte=F("begins"))),
            models.CheckConstraint(
                name="objective_not_under_itself", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="objective_read_out_whole",
                condition=Q(read_out_at__isnull=True, verdict="", because="")
                | Q(read_out_at__isnull=False) & ~Q(verdict="") & ~Q(because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def short(self) -> str:
        """Its title in at most 60 characters, for a place inside a sentence."""
        return self.title if len(self.title) <= 60 else self.title[:59].rstrip() + "…"

    @property
    def runs(self) -> bool:
        """It was not read out yet; its end may have passed."""
        return self.read_out_at is None


class KeyResult(Protected):
    """A number that shows whether an objective is reached: from `start` to `target`, in `unit`.

    `metric` is empty while it is entered by hand, later the name of the metric that it is bound to. `first_target` is
    what it was made for. The newest check-in that stands is its present value. `dropped_because` ends it early.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="key_results")
    measure = models.CharField(max_length=MEASURE_LENGTH)
    unit = models.CharField(max_length=UNIT_LENGTH, blank=True)
    metric = models.CharField(max_length=80, blank=True)
    start = models.DecimalField(max_digits=18, decimal_places=4)
    first_target = models.DecimalField(max_digits=18, decimal_places=4)
    target = models.DecimalField(max_digits=18, decimal_places=4)
    begins = models.DateField()
    ends = models.DateField()
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
    dropped_because = models.CharField(max_length=WORD_LENGTH, blank=True)

    ledger_name = "strategy.key_result"

    class Meta:
        constraints = [
            models.CheckConstraint(name="key_result_goes_somewhere", condition=~Q(target=F("start"))),
            models.CheckConstraint(name="key_result_ends_after_begin", condition=Q(ends__gt=F("begins"))),
        ]

    def __str__(self) -> str:
        return self.measure

    @property
    def workspace_id(self) -> UUID:
        return self.objective.workspace_id


class CheckIn(Protected):
    """What a key result stood at on a day. A mistyped one is taken back and stays readable as such."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="check_ins")
    value = models.DecimalField(max_digits=18, decimal_places=4)
    as_of = models.DateField()
    word = models.CharField(max_length=WORD_LENGTH, blank=True)
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["key_result", "-as_of", "-noted_at"], name="check_in_newest")]
