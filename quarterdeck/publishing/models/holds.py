"""A hold stops publishing within its scope; what it caught in flight, what it cannot stop, and how it was lifted."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models.deliveries import Delivery


class Hold(Protected):
    """While it stands (`lifted_at` is empty) no publish call starts within its scope.

    `target` is the id of the brand, channel, label or post; of the workspace itself for all of it.
    """

    class Scope(models.TextChoices):
        WORKSPACE = "workspace", "everything"
        BRAND = "brand", "a brand"
        CHANNEL = "channel", "a channel"
        LABEL = "label", "a label"
        POST = "post", "one post"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="holds")
    scope = models.CharField(max_length=10, choices=Scope.choices)
    target = models.UUIDField()
    reason = models.CharField(max_length=500, blank=True)
    placed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    ledger_name = "publishing.hold"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "scope", "target"],
                name="hold_stands_once",
                condition=Q(lifted_at__isnull=True),
            )
        ]


class Caught(models.Model):
    """A delivery that was already on its way (or in somebody's hands) when the hold was placed."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="caught")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")
    handed_out = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "delivery"], name="caught_once")]


class Outside(Protected):
    """Something a hold cannot stop, kept by the team: a native schedule, a boost, a newsletter; and how to stop it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    how = models.CharField(max_length=500, blank=True)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    ledger_name = "publishing.outside"


class Tick(Protected):
    """Somebody saw to one thing that the hold could not stop: either `outside` or a `delivery` handed out before."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="ticks")
    outside = models.ForeignKey(Outside, on_delete=models.CASCADE, null=True, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, null=True, related_name="+")
    ticked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField()

    ledger_name = "publishing.tick"

    @property
    def workspace_id(self) -> UUID:
        return self.hold.workspace_id
