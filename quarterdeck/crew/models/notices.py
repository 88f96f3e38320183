"""What is told to whom, and how each person wants to be told. Preferences belong to the person, not to a
workspace: somebody has one telephone and one night.
"""

from __future__ import annotations

from datetime import time

from django.db import models

from quarterdeck.core import ids
from quarterdeck.crew.models.people import Member, User


class Preferences(models.Model):
    """How a person wants to be told. Quiet hours are wall time in the person's own time zone."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="preferences")
    by_email = models.BooleanField(default=True)
    by_push = models.BooleanField(default=True)
    quiet = models.BooleanField(default=True)
    quiet_from = models.TimeField(default=time(21, 0))
    quiet_until = models.TimeField(default=time(7, 30))


class Destination(models.Model):
    """A place outside where a person is told: one Apprise address, sealed because it carries a key."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="destinations")
    label = models.CharField(max_length=60)
    schema = models.CharField(max_length=20)
    url_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.label


class Notification(models.Model):
    """One thing told to one member: a line in the list behind the bell."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notifications")
    subject = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-created_at"], name="notification_newest"),
            models.Index(
                fields=["member"], condition=models.Q(read_at__isnull=True), name="notification_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Message(models.Model):
    """A notification on its way out, by e-mail (no destination) or to one Apprise address."""

    WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="messages")
    destination = models.ForeignKey(Destination, on_delete=models.CASCADE, null=True)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, default=WAITING, choices=[(s, s) for s in (WAITING, SENDING, SENT, FAILED)]
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "destination"], name="message_once", nulls_distinct=False
            )
        ]


class SeenMail(models.Model):
    """A message that arrived by IMAP and what became of it, so that it is handed on once."""

    message_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of its Message-ID
    first_seen_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=60, blank=True)  # the hook; empty when nobody wanted it
    problem = models.CharField(max_length=300, blank=True)
