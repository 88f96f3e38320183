"""What a stakeholder reads without an account: the weekly mail, and a department's window with its calendar."""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, SignedLink, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.stakeholders.models import sealing
from quarterdeck.stakeholders.models.people import Department, Stakeholder

DIGEST = "stakeholders.digest"  # what a reader's links are for; each is about the reader
MOST_TRIES = 8  # of one week's mail, a quarter of an hour apart


class DigestPlan(Protected):
    """Whether stakeholders get a weekly mail, and at which hour of Monday, in their own zone or the workspace's."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, primary_key=True, related_name="digest_plan"
    )
    on = models.BooleanField(default=False)
    hour = models.PositiveSmallIntegerField(default=8)
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    ledger_name = "stakeholders.digest_plan"

    @property
    def id(self):
        return self.pk


class Reader(Protected):
    """How one stakeholder reads the digest: in which zone (empty: the workspace's), and whether they still want it.
    `link`, the newest, lets them end it, or begin again, without an account; older ones do until their time is over."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    stakeholder = models.OneToOneField(Stakeholder, on_delete=models.CASCADE, related_name="reader")
    zone = models.CharField(max_length=64, blank=True)
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, null=True, related_name="+")
    token_sealed = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.reader"

    @property
    def context(self) -> str:
        return f"stakeholders.reader:{self.pk}"

    @property
    def token(self) -> str:
        return sealing.opened(self.token_sealed, context=self.context).get("token", "")


class Digest(Protected):
    """The mail of one week (its Monday) to one stakeholder, with how many lines; what came of it stands beside.

    `sending_at` is written before the server is asked, and taken away only where the server surely did not take it and
    may later: what has it is never sent again, whatever became of it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="digests")
    week = models.DateField()
    lines = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=300, blank=True)

    ledger_name = "stakeholders.digest"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stakeholder", "week"], name="digest_once_a_week")]

    @property
    def waits(self) -> bool:
        """Whether it can still be sent: nothing of it was, and the server was not asked too often."""
        return self.mailed_at is None and self.sending_at is None and self.tries < MOST_TRIES


class Window(Protected):
    """A department's link to look through: its calendar, and what was asked and answered. The token is sealed, so that
    the link can be copied again."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="windows")
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, related_name="+")
    token_sealed = models.BinaryField()
    made_at = models.DateTimeField()

    ledger_name = "stakeholders.window"

    @property
    def context(self) -> str:
        return f"stakeholders.window:{self.pk}"

    @property
    def token(self) -> str:
        return sealing.opened(self.token_sealed, context=self.context).get("token", "")
