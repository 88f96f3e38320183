"""Credit says who helped with something, once they have said so themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, SignedLink, Workspace
from quarterdeck.ledger.models import Protected

FOR_LENGTH = 200
NAME_LENGTH = 120


class Answer(models.TextChoices):
    WAITS = "waits"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Credit(Protected):
    """Somebody named as having helped with `about`: a member, or by `name` somebody of outside, who answers by a link.

    `moment` is the event of a timeline that it is about, where it is about one. Only what is confirmed is shown to
    others; a refusal looks to them like an answer that has not come.
    """

    Answer = Answer

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="credits")
    about = models.CharField(max_length=60)
    about_id = models.UUIDField()
    moment = models.UUIDField(null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, null=True, related_name="+")
    helped_with = models.CharField(max_length=FOR_LENGTH)
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.WAITS)
    answered_at = models.DateTimeField(null=True)

    ledger_name = "lessons.credit"

    class Meta:
        indexes = [
            models.Index(fields=["about_id"], name="credit_about"),
            models.Index(fields=["member"], name="credit_waits", condition=Q(answer="waits")),
        ]
        constraints = [
            models.CheckConstraint(
                name="credit_to_one",
                condition=Q(member__isnull=False, name="", link__isnull=True)
                | Q(member__isnull=True, link__isnull=False) & ~Q(name=""),
            ),
        ]

    @property
    def who(self) -> str:
        return str(self.member) if self.member else self.name
