"""Ask the expert: a colleague's question, and a sourced answer that holds until a day."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.stakeholders.models import sealing
from quarterdeck.stakeholders.models.people import Department

QUESTION_LENGTH = 500
ANSWER_LENGTH = 4000
MOST_SOURCES = 10
SOURCE_LENGTH = 500
ASIDE_LENGTH = 300


class ExpertQuestion(Protected):
    """What a colleague of a department asked the team. Who asked is sealed and never shown to others; once it is
    answered, the words can be read by every department."""

    class State(models.TextChoices):
        WAITS = "waits", "Waits for an answer"
        ANSWERED = "answered", "Answered"
        ASIDE = "aside", "Put aside"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="questions")
    words = models.CharField(max_length=QUESTION_LENGTH)
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITS)
    asked_at = models.DateTimeField()
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=ASIDE_LENGTH, blank=True)  # why it was put aside
    mail_problem = models.CharField(max_length=300, blank=True)  # of the mail with the answer; stands beside

    ledger_name = "stakeholders.expert_question"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "state", "-asked_at"], name="expert_question_by_state"),
            models.Index(fields=["department", "-asked_at"], name="expert_question_of"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def short(self) -> str:
        """The question in at most 60 characters, for a place inside a sentence."""
        return self.words if len(self.words) <= 60 else self.words[:59].rstrip() + "…"

    @property
    def context(self) -> str:
        return f"stakeholders.expert_question:{self.pk}"

    @cached_property
    def _asker(self) -> dict[str, str]:
        return sealing.opened(self.sealed, context=self.context)

    @property
    def asker(self) -> str:
        return self._asker.get("name") or f"Somebody of {self.department}"

    @property
    def is_named(self) -> bool:
        return bool(self._asker.get("name"))

    @property
    def email(self) -> str:
        return self._asker.get("email", "")


class ExpertAnswer(Protected):
    """What the team answered: with the addresses of its sources, or said to be from experience; good until
    `expires_on`. A newer one takes its place."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    question = models.ForeignKey(ExpertQuestion, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(max_length=ANSWER_LENGTH)
    sources = models.JSONField(default=list, blank=True)
    from_experience = models.BooleanField(default=False)
    expires_on = models.DateField()
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    ledger_name = "stakeholders.expert_answer"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question"], name="expert_answer_stands_once", condition=Q(replaced_at__isnull=True)
            ),
            models.CheckConstraint(
                name="expert_answer_has_a_source", condition=Q(from_experience=True) | ~Q(sources=[])
            ),
        ]

    @property
    def workspace_id(self):
        return self.question.workspace_id
