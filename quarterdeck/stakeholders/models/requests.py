"""What a department asks for, what was answered to it, and what came of it."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, SignedLink, Workspace
from quarterdeck.ideas.models import Idea
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders.models import sealing
from quarterdeck.stakeholders.models.people import Department, Stakeholder

WHAT_LENGTH = 200
WHY_LENGTH = 2000
AUDIENCE_LENGTH = 300
ASSETS_LENGTH = 2000
OTHERWISE_LENGTH = 1000
REASON_LENGTH = 1000
ASKER_LENGTH = 120


class Kind(models.TextChoices):
    """What sort of thing is asked for. The time to an answer is set for each."""

    LAUNCH = "launch", "A launch or a product"
    EVENT = "event", "An event"
    NEWS = "news", "News or an announcement"
    OFFER = "offer", "An offer or a sale"
    PEOPLE = "people", "Jobs and people"
    STORY = "story", "A story or an explanation"
    OTHER = "other", "Something else"


class Need(models.TextChoices):
    MUST = "must", "It must happen"
    GOOD = "good", "It would be good"
    FREE = "free", "Only if there is room"


class State(models.TextChoices):
    """Open are the first three."""

    ASKED = "asked", "waits for an answer"
    PROPOSED = "proposed", "a proposal waits for the requester"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "withdrawn"
    OUT = "out", "out"


OPEN = (State.ASKED, State.PROPOSED, State.ACCEPTED)


class Way(models.TextChoices):
    """How it reached the team."""

    LINK = "link", "by the department’s link"
    MAIL = "mail", "by mail"
    TEAM = "team", "written down by the team"


class Request(Protected):
    """Something a department asks for. Who asked is a stakeholder, or a name and an address that are sealed on the row;
    both may be unknown. `preferred_week` and `agreed_week` are Mondays; `latest` is a day; all of the workspace's zone.

    `due_at` is when the first answer is due (the time for its kind, in hours of workdays, when it was asked).
    `link` opens its own status page; the token is sealed so that later mails can carry it. `after` is the request that
    this one comes after, where both belong together (teaser, launch, recap). `brand` is the one it is for, if known.
    """

    Kind, Need, State, Way = Kind, Need, State, Way

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="requests")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="requests")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.PROTECT, null=True, related_name="requests")
    sealed = models.BinaryField(null=True)
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.LINK)
    door = models.ForeignKey(SignedLink, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, null=True, related_name="+")
    token_sealed = models.BinaryField(null=True)

    kind = models.CharField(max_length=6, choices=Kind.choices)
    what = models.CharField(max_length=WHAT_LENGTH)
    why = models.TextField(max_length=WHY_LENGTH, blank=True)
    audience = models.CharField(max_length=AUDIENCE_LENGTH, blank=True)
    need = models.CharField(max_length=4, choices=Need.choices, default=Need.GOOD)
    preferred_week = models.DateField(null=True)
    latest = models.DateField(null=True)
    assets = models.TextField(max_length=ASSETS_LENGTH, blank=True)
    otherwise = models.TextField(max_length=OTHERWISE_LENGTH, blank=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="followed_by")

    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # the team's first answer
    agreed_week = models.DateField(null=True)
    # What was told to whoever asked is no act and stands beside.
    told_out_at = models.DateTimeField(null=True)
    told_week_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=300, blank=True)

    ledger_name = "stakeholders.request"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "state", "due_at"], name="request_by_state"),
            models.Index(fields=["department", "-asked_at"], name="request_of_department"),
            models.Index(fields=["door", "-asked_at"], name="request_by_door"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_week_is_monday",
                condition=(Q(preferred_week__isnull=True) | Q(preferred_week__iso_week_day=1))
                & (Q(agreed_week__isnull=True) | Q(agreed_week__iso_week_day=1)),
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def short(self) -> str:
        """What is asked for in at most 60 characters, for a place inside a sentence."""
        return self.what if len(self.what) <= 60 else self.what[:59].rstrip() + "…"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def context(self) -> str:
        return f"stakeholders.request:{self.pk}"

    @cached_property
    def _asker(self) -> dict[str, str]:
        return sealing.opened(self.sealed, context=self.context)

    @property
    def asker(self) -> str:
        """Who asked, as far as that is known and not forgotten: a name, else the department."""
        if self.stakeholder_id is not None:
            return self.stakeholder.name
        return self._asker.get("name") or f"Somebody of {self.department}"

    @property
    def email(self) -> str:
        """Where whoever asked hears of it; empty where they do not want to, or are not known."""
        if self.stakeholder_id is not None:
            return self.stakeholder.email if self.stakeholder.hears_by_mail else ""
        return self._asker.get("email", "")

    @property
    def token(self) -> str:
        """Of the status page; empty where there is none."""
        return sealing.opened(self.token_sealed, context=f"{self.context}:token").get("token", "")


class RequestAnswer(Protected):
    """One word of the talk about a request: the team's answer with its reason, or what the requester said to it.
    Whoever asked reads all of it. `week` is a Monday: the week proposed, agreed or asked for instead."""

    class What(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        PROPOSED = "proposed", "Another way proposed"
        DECLINED = "declined", "Declined"
        AGREED = "agreed", "The proposal was agreed to"
        OTHER_WEEK = "other week", "Another week was asked for"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ADDED = "added", "Something was added"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="answers")
    what = models.CharField(max_length=10, choices=What.choices)
    of_team = models.BooleanField()
    reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    week = models.DateField(null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField()

    ledger_name = "stakeholders.answer"

    class Meta:
        indexes = [models.Index(fields=["request", "answered_at"], name="answer_to_request")]

    @property
    def workspace_id(self):
        return self.request.workspace_id


class RequestPost(Protected):
    """A post that a request became, or that also serves it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="posts")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField()
    parted_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.request_post"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "post"], name="request_post_once", condition=Q(parted_at__isnull=True)
            )
        ]

    @property
    def workspace_id(self):
        return self.request.workspace_id


class RequestIdea(Protected):
    """An idea that a request became; the posts it becomes serve the request."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="ideas")
    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField()

    ledger_name = "stakeholders.request_idea"

    @property
    def workspace_id(self):
        return self.request.workspace_id


class AnswerTime(Protected):
    """How many hours of workdays the team takes at most to answer a request of a kind, as a lead set it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    hours = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()

    ledger_name = "stakeholders.answer_time"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind"], name="answer_time_once")]


class Question(Protected):
    """A stakeholder was asked something beyond their own request. At most one a month: `asking.py` keeps that.
    `about` and `about_id` name what it was about, as the ledger does."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="questions")
    about = models.CharField(max_length=60)
    about_id = models.UUIDField()
    asked_at = models.DateTimeField()

    ledger_name = "stakeholders.question"

    class Meta:
        indexes = [models.Index(fields=["stakeholder", "-asked_at"], name="question_to_stakeholder")]

    @property
    def workspace_id(self):
        return self.stakeholder.workspace_id
