"""When somebody is away, as they say it themselves. Why is nobody's business and is not asked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from quarterdeck.core import ids
from quarterdeck.crew.models.people import Member, Workspace
from quarterdeck.ledger.models import Protected


class Absence(Protected):
    """Days on which a member is away, the first and the last included."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    ledger_name = "crew.absence"

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "last"], name="absence_to_come", condition=Q(withdrawn_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_begins", condition=Q(last__gte=F("first")))
        ]
