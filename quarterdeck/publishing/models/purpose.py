"""What a post is for: the campaign, the objective and the pillar it names."""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids
from quarterdeck.crew.models import Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models.posts import Post
from quarterdeck.strategy.models import Campaign, Objective, Pillar


class Purpose(Protected):
    """What one post names. Each of the three was named before anything of the post went out, or `…_after`: when it was
    out already. A row that names nothing any more stays, as what was named once stays in the ledger."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="purposes")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="purpose")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="purposes")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, related_name="purposes")
    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT, null=True, related_name="purposes")
    campaign_after = models.BooleanField(default=False)
    objective_after = models.BooleanField(default=False)
    pillar_after = models.BooleanField(default=False)
    named_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "campaign"], name="purpose_of_campaign"),
            models.Index(fields=["workspace", "objective"], name="purpose_of_objective"),
        ]

    @property
    def names_something(self) -> bool:
        return bool(self.campaign_id or self.objective_id or self.pillar_id)
