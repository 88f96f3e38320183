"""What was said about a post's content, each with who and when: asked, approved, returned. An approval is one voice;
a clearance says that the voices given are enough, so that the present text may go out; a policy says what is enough.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, SignedLink, Workspace
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models.posts import Label, Post


class Ask(Protected):
    """Somebody asked for approval of this very text. Open until approved, returned or overtaken by an edit."""

    class End(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"
        OVERTAKEN = "overtaken"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="asks")
    text_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, choices=End.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], name="ask_open_once", condition=Q(ended_at__isnull=True))
        ]


class Approval(Protected):
    """One voice: a member, or a guest by a signed link, stood behind this very text.

    `alone`: they approved their own, being the only member. `guest` is what the person behind the link is called,
    `guest_address` where the link was sent, by which a policy may name them.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="approvals")
    text_hash = models.CharField(max_length=64)
    approved_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(SignedLink, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.CharField(max_length=120, blank=True)
    guest_address = models.EmailField(blank=True)
    approved_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    alone = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "text_hash", "approved_by"],
                name="approval_once_a_member",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["post", "text_hash", "link"],
                name="approval_once_a_link",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="approval_by_somebody",
                condition=Q(approved_by__isnull=False, link__isnull=True)
                | Q(approved_by__isnull=True, link__isnull=False),
            ),
        ]

    @property
    def who(self) -> str:
        """The role, at the start of a sentence: "An approver"."""
        return starting(by_role(self.approved_by))


class Return(Protected):
    """The text went back to its author, with the reason they read: from a member, or from a guest by a link."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="returns")
    text_hash = models.CharField(max_length=64)
    returned_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(SignedLink, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.CharField(max_length=120, blank=True)
    returned_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)

    @property
    def who(self) -> str:
        """The role, at the start of a sentence: "An approver"."""
        return starting(by_role(self.returned_by))


class Clearance(Protected):
    """The text of this hash may go out: the voices given were enough. What sending asks for.

    `given` is the voice that completed it. `carried_from`: a small edit, which the policy allows, kept the clearance of
    the text before. Ended when the text was given back, or when another rule began to hold for the post.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="clearances")
    text_hash = models.CharField(max_length=64)
    given = models.ForeignKey(Approval, on_delete=models.CASCADE, null=True, related_name="+")
    carried_from = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    cleared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "text_hash"],
                name="clearance_stands_once",
                condition=Q(ended_at__isnull=True),
            )
        ]

    @property
    def who(self) -> str:
        """Whose voice completed it, for a sentence."""
        return self.given.who if self.given else "Everybody who had to"


class Policy(Protected):
    """Who must approve the posts of a brand, with a label, or all of them (see `policies.py` for what it means).

    `steps`: [{"name": str, "how": "any" | "all", "claims": bool, "seats": [[kind, who], ...]}] in their order; kind is
    "role", "member" (id in hexadecimal) or "guest" (an address, or "*"). Hours count back from the slot.
    """

    class Own(models.TextChoices):
        ALONE = "alone", "only when nobody else is in the workspace"
        ALLOWED = "allowed", "yes, where a step names them"
        NEVER = "never", "never"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="policies")
    name = models.CharField(max_length=60)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="+")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, null=True, related_name="+")
    steps = models.JSONField(default=list)
    ordered = models.BooleanField(default=False)
    own = models.CharField(max_length=8, choices=Own.choices, default=Own.ALONE)
    small_edits = models.BooleanField(default=False)
    phrases = models.JSONField(default=list, blank=True)
    claim_labels = models.JSONField(default=list, blank=True)  # ids in hexadecimal
    deadline_hours = models.PositiveSmallIntegerField(null=True)
    reminders = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    ledger_name = "publishing.policy"

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "brand", "label"],
                name="policy_once_a_place",
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class PostVersion(Protected):
    """What a post said when it was saved. `parts` and `besides` as in `Post`; `number` is the post's version then."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    parts = models.JSONField()
    besides = models.JSONField(default=dict, blank=True)
    text_hash = models.CharField(max_length=64)
    saved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="version_once")]


class Reminder(Protected):
    """Those whose approval is missing were reminded, so many hours before the slot; once for a text and a slot."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reminders")
    text_hash = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField()
    reminded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "text_hash", "due_at", "hours"], name="reminded_once")
        ]
