"""A campaign is a stretch of work with one brief of one page, and its phases lie over the days of the calendar."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from quarterdeck.channels.models import Channel
from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.strategy.models.objectives import Objective

NAME_LENGTH = 80
BRIEF_LENGTH = 1500  # of each answer: the whole stays one page
CURRENCY_LENGTH = 12
PHASE_LENGTH = 60
ENDED_LENGTH = 1000
MOST_BUDGET = 10**12
# What a brief answers, in the order in which it is thought.
BRIEF = {
    "audience": "Who is it for?",
    "message": "What should they take away?",
    "proof": "Why would they believe it?",
    "stop_if": "What would make us stop?",
}


class Campaign(Protected):
    """One campaign of a brand, and its brief. `version` counts the saves of the brief.

    `budget` is whole money in `currency`, which is a word as somebody typed it and not checked. It is over when
    somebody ended it and said how it went; its last day may have passed before.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="campaigns")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="campaigns")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, related_name="campaigns")
    name = models.CharField(max_length=NAME_LENGTH)
    audience = models.TextField(blank=True, max_length=BRIEF_LENGTH)
    message = models.TextField(blank=True, max_length=BRIEF_LENGTH)
    proof = models.TextField(blank=True, max_length=BRIEF_LENGTH)
    stop_if = models.TextField(blank=True, max_length=BRIEF_LENGTH)
    channels = models.ManyToManyField(Channel, related_name="+")
    begins = models.DateField()
    ends = models.DateField()
    budget = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=CURRENCY_LENGTH, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    ended_word = models.TextField(blank=True, max_length=ENDED_LENGTH)

    ledger_name = "strategy.campaign"

    class Meta:
        indexes = [models.Index(fields=["workspace", "begins"], name="campaign_begins")]
        constraints = [
            models.CheckConstraint(name="campaign_ends_after_begin", condition=Q(ends__gte=F("begins"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def runs(self) -> bool:
        """Nobody has ended it; its last day may have passed."""
        return self.ended_at is None


class Phase(Protected):
    """A stretch of a campaign with a name: teaser, launch, recap."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="phases")
    name = models.CharField(max_length=PHASE_LENGTH)
    begins = models.DateField()
    ends = models.DateField()
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    ledger_name = "strategy.phase"

    class Meta:
        indexes = [models.Index(fields=["campaign", "begins"], name="phase_of_campaign")]
        constraints = [
            models.CheckConstraint(name="phase_ends_after_begin", condition=Q(ends__gte=F("begins"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def workspace_id(self) -> UUID:
        return self.campaign.workspace_id
