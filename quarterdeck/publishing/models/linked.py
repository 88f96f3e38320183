"""What a page that a post links to says of itself, as it was found: for its card, and to say when a link is dead."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from quarterdeck.core import ids
from quarterdeck.crew.models import Workspace
from quarterdeck.studio.models import File

URL_LENGTH = 2000


class LinkedPage(models.Model):
    """A page as last looked at. `status` is the HTTP status, None where nothing answered; `failure` is a sentence
    where the page cannot be opened, else empty. `image` is the picture it shows of itself."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=URL_LENGTH)
    url_hash = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    image = models.ForeignKey(File, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "url_hash"], name="linked_page_once")]

    def __str__(self) -> str:
        return self.title or self.url

    @staticmethod
    def hash_of(url: str) -> bytes:
        return hashlib.sha256(url.encode()).digest()

    @classmethod
    def of(cls, workspace_id: UUID, urls: Iterable[str]) -> QuerySet[LinkedPage]:
        """Those of the addresses that are known in the workspace."""
        return cls.objects.filter(workspace=workspace_id, url_hash__in=[cls.hash_of(url) for url in urls])
