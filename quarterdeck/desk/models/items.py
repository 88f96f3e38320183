"""What a person did with an item of their Desk. Items themselves are not stored: each room derives them from its
own rows, and these rows attach to an item's key. They are the person's own; no page shows them to anybody else.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected

KEY_LENGTH = 200
STANDING = ("", "accepted")  # the answers of hand-overs that have not ended


class Handled(Protected):
    """An item put off until a time, or (without one) done for good. One row per person and item, the newest act."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    until = models.DateTimeField(null=True)
    act = models.UUIDField()  # what `undo` takes: several items are handled in one act
    reopened_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField()

    ledger_name = "desk.item"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="handled_once")]


class HandOver(Protected):
    """An item offered to a colleague. Until they accept, it stays on the Desk it came from; when its matter is over,
    the hand-over ends too, so that the item is the giver's own if it ever returns."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "handed back"
        WITHDRAWN = "withdrawn", "taken back"
        SETTLED = "settled", "settled"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    giver = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    act = models.UUIDField()
    offered_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    ledger_name = "desk.item"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "key"],
                name="handed_over_once",
                condition=Q(answer__in=STANDING),
            )
        ]
        indexes = [models.Index(fields=["taker", "answer"], name="handed_to")]
