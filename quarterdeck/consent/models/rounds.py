"""Consent rounds: one proposal to named stakeholders, and what each said. Silence is consent once the day is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, SignedLink, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.stakeholders.models import Department, Stakeholder, sealing

TITLE_LENGTH = 160
TEXT_LENGTH = 3000
CHANGE_LENGTH = 1500
WORD_LENGTH = 1000


class Round(Protected):
    """A proposal, whom it changes what for, and the last day on which it can be answered, in the workspace's zone.

    `about` and `about_id` name what it is about, as the ledger does: a conflict, a fair plan, or nothing. `outcome` is
    what was adopted in the end where that is not the proposal as it stood, or why it was withdrawn; `answer` what was
    said to the objections. `decision` is its record in strategy.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        ADOPTED = "adopted", "adopted"
        CHANGED = "changed", "adopted with changes"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="rounds")
    title = models.CharField(max_length=TITLE_LENGTH)
    proposal = models.TextField(max_length=TEXT_LENGTH)
    changes = models.TextField(max_length=CHANGE_LENGTH)
    last_day = models.DateField()
    about = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    outcome = models.TextField(max_length=TEXT_LENGTH, blank=True)
    answer = models.TextField(max_length=WORD_LENGTH, blank=True)
    settled_at = models.DateTimeField(null=True)
    by_clock = models.BooleanField(default=False)
    decision = models.UUIDField(null=True)

    ledger_name = "consent.round"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-opened_at"], name="round_recent"),
            models.Index(fields=["last_day"], name="round_open", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "about", "about_id"],
                name="round_open_once",
                condition=Q(state="open", about_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def closes_at(self) -> datetime:
        """The first instant at which nobody can answer any more: the end of its last day, in its workspace's zone."""
        after = self.last_day + timedelta(days=1)
        return datetime.combine(after, time(0), tzinfo=self.workspace.zone).astimezone(UTC)

    def runs(self, now: datetime) -> bool:
        return self.is_open and now < self.closes_at

    @property
    def short(self) -> str:
        """The title in at most 60 characters, for a place inside a sentence."""
        return self.title if len(self.title) <= 60 else self.title[:59].rstrip() + "…"


class Voice(Protected):
    """One stakeholder who is heard in a round, and what they said last. `department` is theirs as it was then.

    The token of their link is sealed, so that the reminder can carry it. What came of sending mails is no act and
    stands beside: `mailed_at`, `mail_problem`.
    """

    class Answer(models.TextChoices):
        SILENT = "", "has not answered"
        CONSENT = "consent", "consents"
        OBJECTS = "objects", "objects"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="voices")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, related_name="+")
    token_sealed = models.BinaryField()
    answer = models.CharField(max_length=7, choices=Answer.choices, default=Answer.SILENT, blank=True)
    reason = models.TextField(max_length=WORD_LENGTH, blank=True)
    instead = models.TextField(max_length=WORD_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True)
    times = models.PositiveSmallIntegerField(default=0)  # it was changed
    reminded_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=300, blank=True)

    ledger_name = "consent.voice"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "stakeholder"], name="voice_once"),
            models.CheckConstraint(
                name="voice_objects_with_reason_and_alternative",
                condition=~Q(answer="objects") | ~Q(reason="") & ~Q(instead=""),
            ),
        ]

    @property
    def workspace_id(self):
        return self.round.workspace_id

    @property
    def context(self) -> str:
        """Where the sealed token belongs."""
        return f"consent.voice:{self.pk}"

    @property
    def token(self) -> str:
        return sealing.opened(self.token_sealed, context=self.context)["token"]

    @property
    def is_silent(self) -> bool:
        return self.answer == self.Answer.SILENT

    @property
    def is_against(self) -> bool:
        return self.answer == self.Answer.OBJECTS
