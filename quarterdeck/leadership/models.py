"""What belongs to the person, across workspaces: that they keep a private week, and its sheets, sealed. And the one row
that belongs to a workspace: a works agreement, which switches the whole module off there.

The rows of a person are keyed by the User, not the Member: they leave with the person and outlive a membership. No
other room refers to them, and nothing here says when something was written.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, User, Workspace
from quarterdeck.ledger.models import Protected


class Keeping(models.Model):
    """Whether a person keeps a private week (`on_since`), and what they told the Desk about it.

    `passed` is the Monday of the newest week that is done with; `quiet_until` until when the Desk says nothing;
    `offer_put_away`: they do not want to hear of it, which is not asked again.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    on_since = models.DateTimeField(null=True)
    passed = models.DateField(null=True)
    quiet_until = models.DateTimeField(null=True)
    offer_put_away = models.BooleanField(default=False)


class Sheet(models.Model):
    """One page of a person's own, sealed as a whole for that person (`sealing.py` says how and what is in it)."""

    class Kind(models.TextChoices):
        WEEK = "week"
        MONTH = "month"
        YEAR = "year"

    id = models.BigAutoField(primary_key=True)  # a plain number: our other ids tell when they were made
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    begins = models.DateField()  # a Monday, the first of a month, the first of January
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "begins"], name="sheet_once")]


class Agreement(Protected):
    """A works agreement: while it stands (`ended_at` is empty) nobody's private week is drafted from this workspace."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "leadership.agreement"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], name="agreement_stands_once", condition=Q(ended_at__isnull=True)
            )
        ]
