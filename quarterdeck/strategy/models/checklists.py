"""What has to be thought of each time: a template is a list of lines, a checklist is one copy of it in a campaign."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models.functions import Lower

from quarterdeck.core import ids
from quarterdeck.crew.models import Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.strategy.models.campaigns import Campaign

LIST_LENGTH = 60
LINE_LENGTH = 160
MOST_LINES = 40


class ChecklistTemplate(Protected):
    """A list to copy. `lines` are texts; changing them leaves the copies as they are."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="checklist_templates")
    name = models.CharField(max_length=LIST_LENGTH)
    lines = models.JSONField(default=list)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    ledger_name = "strategy.template"

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="template_named_once")]

    def __str__(self) -> str:
        return self.name


class Checklist(Protected):
    """A copy of a template that belongs to one campaign."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="checklists")
    template = models.ForeignKey(ChecklistTemplate, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LIST_LENGTH)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    ledger_name = "strategy.checklist"

    def __str__(self) -> str:
        return self.name

    @property
    def workspace_id(self) -> UUID:
        return self.campaign.workspace_id


class ChecklistLine(Protected):
    """One line of a checklist: open, or ticked at a time. Who ticked it stands in the ledger, by role."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=LINE_LENGTH)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "position"], name="checklist_line_once"),
        ]

    def __str__(self) -> str:
        return self.words
