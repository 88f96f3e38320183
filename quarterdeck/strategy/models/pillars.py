"""A pillar is one of the few things a brand speaks about. Its share is what the brand intends, of a hundred posts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.ledger.models import Protected

PILLAR_LENGTH = 40
ABOUT_LENGTH = 300


class Pillar(Protected):
    """`share` of a hundred posts; None where the brand intends no mix. The shares of a brand add up to a hundred when
    they are set; what was retired later leaves a gap that its page says."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="pillars")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="pillars")
    name = models.CharField(max_length=PILLAR_LENGTH)
    about = models.CharField(max_length=ABOUT_LENGTH, blank=True)
    share = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    ledger_name = "strategy.pillar"

    class Meta:
        constraints = [
            models.UniqueConstraint("brand", Lower("name"), name="pillar_named_once"),
            models.CheckConstraint(
                name="pillar_share_of_a_hundred", condition=Q(share__isnull=True) | Q(share__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name
