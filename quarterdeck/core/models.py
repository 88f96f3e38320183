"""What belongs to the installation rather than to a workspace: its settings, its outages, its backups."""

from __future__ import annotations

from django.db import models


class Setting(models.Model):
    """One setting of the whole installation. Read and written through `core/store.py` only."""

    key = models.TextField(primary_key=True)
    value = models.JSONField(null=True, blank=True)
    sealed = models.BinaryField(null=True, blank=True)  # a secret, encrypted with the installation key

    def __str__(self) -> str:
        return self.key


class Outage(models.Model):
    """A stretch of time in which nothing was sent or received, because the machine was off or asleep."""

    class Kind(models.TextChoices):
        DOWN = "down", "was not running"
        SLEPT = "slept", "was asleep"

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    kind = models.TextField(choices=Kind.choices)

    class Meta:
        indexes = [models.Index(fields=["ended_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gt=models.F("started_at")), name="outage_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["down", "slept"]), name="outage_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M} to {self.ended_at:%H:%M} UTC"


class BackupRun(models.Model):
    """One backup, or one test that restored a backup into a scratch database, with how it went."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "Backup"
        TEST = "test", "Test restore"

    kind = models.TextField(choices=Kind.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # empty: still running, or cut off by a stop
    succeeded = models.BooleanField(default=False)
    path = models.TextField(blank=True)  # of the backup's folder
    size = models.BigIntegerField(default=0)  # bytes
    words = models.TextField(blank=True)  # what went wrong, or what was checked

    class Meta:
        indexes = [models.Index(fields=["kind", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M} UTC"
