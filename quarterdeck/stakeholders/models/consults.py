"""Who must be heard on which posts, and who was asked about one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Label, Post
from quarterdeck.review.models import Guest
from quarterdeck.stakeholders.models import sealing
from quarterdeck.stakeholders.models.people import Department, Stakeholder

WORD_LENGTH = 80
MOST_WORDS = 100
REASON_LENGTH = 500


class ConsultRule(Protected):
    """On posts like these a department has a say. What stands in `brand`, `label`, `language`, `market` and `networks`
    must all fit; of `words` and `claims` one is enough. With none of them it is about every post.

    `words` are whole words or phrases, a star at the end stands for any ending. `language` is a BCP 47 tag ("de" fits
    "de-AT"), `market` the region of a post's language ("AT"). `claims`: a claim that an approval policy flags.
    """

    class When(models.TextChoices):
        BEFORE_APPROVAL = "first", "Before the team is asked to approve it"
        BEFORE_OUT = "out", "Before it goes out"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="consult_rules")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="consult_rules")
    when = models.CharField(max_length=5, choices=When.choices, default=When.BEFORE_OUT)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=35, blank=True)
    market = models.CharField(max_length=2, blank=True)
    networks = models.JSONField(default=list, blank=True)
    words = models.JSONField(default=list, blank=True)
    claims = models.BooleanField(default=False)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.consult_rule"

    class Meta:
        indexes = [models.Index(fields=["workspace", "department"], name="consult_rule_of")]

    @property
    def first(self) -> bool:
        return self.when == self.When.BEFORE_APPROVAL


class Consult(Protected):
    """A stakeholder's door to one post, on which they speak for their department. Whoever reads the post's past reads
    the department: the guest carries its name. The token is sealed, so that a later mail can carry it too.

    It ends with whoever it was given to, when they are asked no more for that department, and when its link ran out and
    they are asked again: then they get another. One whose link somebody revoked has not ended, and none takes its
    place. What was said by it counts all the same."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="consults")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.PROTECT, related_name="+")
    guest = models.OneToOneField(Guest, on_delete=models.PROTECT, related_name="consult")
    token_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.consult"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "stakeholder", "department"],
                name="consult_once_a_post",
                condition=Q(ended_at__isnull=True),
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.guest.link.is_open()

    @property
    def was_revoked(self) -> bool:
        """By somebody, who did not want them to be asked about this post any more."""
        return self.ended_at is None and self.guest.link.revoked_at is not None

    @property
    def context(self) -> str:
        return f"stakeholders.consult:{self.pk}"

    @property
    def token(self) -> str:
        return sealing.opened(self.token_sealed, context=self.context).get("token", "")


class ConsultAsk(Protected):
    """They were asked about this very text, and why. What came of the mail stands beside."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="asks")
    text_hash = models.CharField(max_length=64)
    why = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=300, blank=True)

    ledger_name = "stakeholders.consult_ask"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consult", "text_hash"], name="consult_asked_once")]

    @property
    def workspace_id(self):
        return self.consult.workspace_id


class Waiver(Protected):
    """A lead let this very text go without a department, and said why."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=REASON_LENGTH)
    waived_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField()

    ledger_name = "stakeholders.waiver"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "department", "text_hash"], name="waived_once")
        ]
