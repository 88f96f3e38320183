"""What a person can look up about who looked them up: looks at what names people, and unmaskings."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from quarterdeck.core import clock, ids
from quarterdeck.crew.models.people import Member, Workspace
from quarterdeck.ledger.models import Protected

SHOWN_FOR = timedelta(hours=24)


class Look(models.Model):
    """A day on which somebody of a role opened what names people. Who it was is not kept: this log is for those who
    were looked at, and must not become one of those who looked. `concerned` is empty where everybody here is named."""

    class What(models.TextChoices):
        PEOPLE = "people", "the list of people, with their e-mail addresses"
        EXPORT = "export", "an export that lists who is here"
        ERASURE = "erasure", "what an erasure would take away"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    concerned = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    role = models.CharField(max_length=12)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "concerned", "what", "role", "day"],
                name="look_once_a_day",
                nulls_distinct=False,
            )
        ]


class Unmasking(Protected):
    """Who is behind one entry of the ledger, for an audit: asked by one, granted or refused by another, and shown to
    these two for a day. `concerned` is known from the grant on."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="unmaskings")
    entry = models.UUIDField()  # the event's id
    reason = models.CharField(max_length=500)
    legal_basis = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(default=False)
    concerned = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    ledger_name = "crew.unmasking"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "entry"],
                name="unmasking_open_once",
                condition=Q(decided_at__isnull=True),
            )
        ]

    def is_shown(self, now: datetime | None = None) -> bool:
        """Whether its day is not over."""
        return self.granted and self.decided_at is not None and (now or clock.now()) < self.ends_at

    @property
    def ends_at(self) -> datetime | None:
        return self.decided_at + SHOWN_FOR if self.decided_at else None
