"""A decision is kept as it was made: what was known, what could have been chosen, what was expected and by when. It is
never edited; another one takes its place. What came of it is laid beside it later.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected

TITLE_LENGTH = 200
CONTEXT_LENGTH = 3000
OPTION_LENGTH = 300
BECAUSE_LENGTH = 1000
EXPECTED_LENGTH = 300
UNIT_LENGTH = 40
HEARD_LENGTH = 120
WORDS_LENGTH = 1000
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
MOST_HEARD = 12


class Decision(Protected):
    """What was decided. `options` are the ways that were open, `choice` the number of the one taken (from 0).

    `expected` says what it should bring: `number` of `unit` by `due`, a day of the workspace's own zone; all of that is
    empty where no number was expected. `heard` names who was asked before: departments, roles, people. `about` and
    `about_id` name the thing as the ledger does, `about_title` as it was called then.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="decisions")
    title = models.CharField(max_length=TITLE_LENGTH)
    context = models.TextField(max_length=CONTEXT_LENGTH, blank=True)
    options = models.JSONField(default=list)
    choice = models.PositiveSmallIntegerField()
    because = models.TextField(max_length=BECAUSE_LENGTH, blank=True)
    expected = models.CharField(max_length=EXPECTED_LENGTH, blank=True)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=UNIT_LENGTH, blank=True)
    due = models.DateField(null=True)
    heard = models.JSONField(default=list, blank=True)
    about = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    about_title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    ledger_name = "strategy.decision"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-decided_at"], name="decision_made"),
            models.Index(fields=["workspace", "due"], name="decision_due"),
            models.Index(fields=["about_id"], name="decision_about"),
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_expects_all_or_nothing",
                condition=Q(number__isnull=True, due__isnull=True, expected="")
                | Q(number__isnull=False, due__isnull=False) & ~Q(expected=""),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def short(self) -> str:
        """The title in at most 60 characters, for a place inside a sentence."""
        return self.title if len(self.title) <= 60 else self.title[:59].rstrip() + "…"

    @property
    def chosen(self) -> str:
        return self.options[self.choice]

    @property
    def expects(self) -> bool:
        return self.number is not None


class Verdict(models.TextChoices):
    AS_EXPECTED = "as expected", "As expected"
    BETTER = "better", "Better than expected"
    WORSE = "worse", "Worse than expected"
    UNKNOWN = "cannot tell", "Cannot tell"


class Outcome(Protected):
    """What came of a decision, as somebody saw it then. Noted anew when more is known; the newest counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="outcomes")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    words = models.TextField(max_length=WORDS_LENGTH)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    ledger_name = "strategy.outcome"

    class Meta:
        indexes = [models.Index(fields=["decision", "noted_at"], name="outcome_of_decision")]
        constraints = [
            models.CheckConstraint(
                name="outcome_has_number", condition=Q(number__isnull=False) | Q(verdict="cannot tell")
            )
        ]

    @property
    def workspace_id(self):
        return self.decision.workspace_id

    @property
    def tone(self) -> str:
        """The colour of its word: the word says the same."""
        return {Verdict.BETTER: "accent", Verdict.AS_EXPECTED: "accent", Verdict.WORSE: "amber"}.get(
            Verdict(self.verdict), ""
        )
