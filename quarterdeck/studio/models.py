"""The nouns of the studio: files that go out with posts. Kept in the database, so that every process of a larger
installation has them and a backup holds them.
"""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids
from quarterdeck.crew.models import Workspace


class File(models.Model):
    """One file of a workspace, named by its content: the same bytes are kept once."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    mime = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    data = models.BinaryField()
    kept_at = models.DateTimeField()

    ledger_name = "studio.file"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "sha256"], name="file_kept_once")]

    def __str__(self) -> str:
        return self.name
