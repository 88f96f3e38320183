"""Conflicts the system found in a plan, what became of each, and the rules they are found by."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Label

REASON_LENGTH = 1000
WHY_LENGTH = 200


class ConflictRules(Protected):
    """What counts as a conflict here. `audiences` are the ids, in hexadecimal, of the labels that name an audience;
    `per_day` and `per_week` what a channel carries at most: with none, a week twice as full as usual is too full."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    audience_hours = models.PositiveSmallIntegerField(default=24)
    audiences = models.JSONField(default=list, blank=True)
    per_day = models.PositiveSmallIntegerField(null=True)
    per_week = models.PositiveSmallIntegerField(null=True)
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    ledger_name = "consent.conflict_rules"


class Against(Protected):
    """Two labels whose posts contradict each other within so many days on one brand."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=WHY_LENGTH, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "consent.against"

    class Meta:
        constraints = [
            models.CheckConstraint(name="against_another", condition=~Q(one=F("other"))),
            models.UniqueConstraint(
                fields=["workspace", "one", "other"], name="against_once", condition=Q(ended_at__isnull=True)
            ),
        ]


class Conflict(Protected):
    """One matter that was found, once by its `key`. It is open until somebody settles it, a lead decides to keep it as
    it is, or it is found no more: gone, or passed when its time came before anybody had settled it.
    Found again, or changed since it was kept (`stands`), it is open again.

    `sides` are [{"about": ledger name, "id": hexadecimal}], those that could give way first; `facts` what the detector
    found out. `decision` is the record in strategy of why it was kept, or what a round came to.
    """

    class Kind(models.TextChoices):
        SLOT = "slot", "Same slot"
        AUDIENCE = "audience", "Same audience"
        CLOSED = "closed", "Closed date"
        MESSAGE = "message", "Contradicting messages"
        OVERUSE = "overuse", "Too much on a channel"
        ROOM = "room", "No room in the week"

    class State(models.TextChoices):
        OPEN = "open", "open"
        SETTLED = "settled", "settled"
        KEPT = "kept", "kept as it is, with a reason"
        GONE = "gone", "gone by itself"
        PASSED = "passed", "happened unsettled"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=40)
    sides = models.JSONField()
    at = models.DateTimeField()
    stands = models.CharField(max_length=20)
    facts = models.JSONField(default=dict, blank=True)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField()
    word = models.CharField(max_length=REASON_LENGTH, blank=True)
    decision = models.UUIDField(null=True)

    ledger_name = "consent.conflict"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "at"], name="conflict_open", condition=Q(state="open")),
            models.Index(fields=["workspace", "-found_at"], name="conflict_found"),
        ]
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="conflict_found_once")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def ids_of(self, about: str) -> list[UUID]:
        """The sides of one kind, in their order."""
        return [UUID(side["id"]) for side in self.sides if side["about"] == about]
