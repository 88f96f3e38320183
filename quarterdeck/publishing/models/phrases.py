"""Words a team keeps for its posts: names with their handle on each network, snippets, hashtags, what links carry."""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected


class Phrase(Protected):
    """One entry. `value` by kind:

    name      {network: handle}; written {name} in a text, and replaced by the channel's network's handle
    snippet   {"text": words}, put into a text as it is; hashtags likewise
    link      {"add": "utm_source={network}&...", "short": bool}; `name` is the host whose links carry it, and are
              shortened
    """

    class Kind(models.TextChoices):
        NAME = "name", "Name"
        SNIPPET = "snippet", "Snippet"
        HASHTAGS = "hashtags", "Hashtags"
        LINK = "link", "Link rule"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    value = models.JSONField(default=dict)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    ledger_name = "publishing.phrase"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "name"],
                name="phrase_named_once",
                condition=models.Q(removed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShortLink(models.Model):
    """Where a short address of this installation leads. It is made with the post that has it and stays as it is;
    who follows it is not counted. `code` is derived from the workspace and the address, so saving twice is the same."""

    code = models.CharField(max_length=16, primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    url = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
