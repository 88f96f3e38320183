"""The Sandbox network's own rows. They stand for what another company's servers would hold, so they belong to no
workspace and carry no ledger event: only the delivery that made them does.
"""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids


class SandboxAccount(models.Model):
    """An account on the Sandbox network, reachable at /sandbox/<handle>/."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    handle = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "channels"

    def __str__(self) -> str:
        return f"@{self.handle}"


class SandboxPost(models.Model):
    """A post on the Sandbox. The unique client key is what makes publishing twice with it one post."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account = models.ForeignKey(SandboxAccount, on_delete=models.CASCADE, related_name="posts")
    client_key = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    images = models.JSONField(default=list, blank=True)  # [{"file": hex id of a SandboxFile, "alt": words}]
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answered_by")
    posted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    earlier = models.JSONField(
        default=list, blank=True
    )  # [{"text": words, "until": ISO time}], the oldest first
    taken_down_at = models.DateTimeField(null=True)  # what it said is gone then

    class Meta:
        app_label = "channels"
        indexes = [models.Index(fields=["account", "-posted_at"], name="sandbox_feed")]


class SandboxFile(models.Model):
    """A picture brought to the Sandbox: its own copy, as another company's servers would hold one."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account = models.ForeignKey(SandboxAccount, on_delete=models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=80)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        app_label = "channels"
        constraints = [models.UniqueConstraint(fields=["account", "sha256"], name="sandbox_file_once")]
