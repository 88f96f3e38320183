"""A commitment is what somebody took on, by when, and how it ended. Its first date stays for ever: a trigger in the
database refuses to change it, whatever is recorded beside.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.lessons.models.reviews import Review

WHAT_LENGTH = 300
WORD_LENGTH = 300
LINK_LENGTH = 2000


class State(models.TextChoices):
    FREE = "free", "nobody has it yet"
    OFFERED = "offered", "offered"
    OPEN = "open", "open"
    CLAIMED = "claimed", "done, waits for a second look"
    KEPT = "kept", "kept"
    UNVERIFIED = "unverified", "kept, not verified"
    NOT_KEPT = "not kept", "not kept"
    DROPPED = "dropped", "dropped"


RUNNING = (State.FREE, State.OFFERED, State.OPEN, State.CLAIMED)
ENDED = (State.KEPT, State.UNVERIFIED, State.NOT_KEPT, State.DROPPED)


class Commitment(Protected):
    """One thing that a review ends in. `owner` took it on; `offered_to` was asked and has not answered.

    `due` is a day of the workspace's own zone, `first_due` the day it was made for. `evidence` is a link, `word` what
    was said when it was done or ended.
    """

    State = State

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="commitments")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="commitments")
    what = models.CharField(max_length=WHAT_LENGTH)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    owner_at = models.DateTimeField(null=True)
    offered_to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    first_due = models.DateField()
    due = models.DateField()

    state = models.CharField(max_length=10, choices=State.choices)
    state_at = models.DateTimeField()
    evidence = models.CharField(max_length=LINK_LENGTH, blank=True)
    word = models.CharField(max_length=WORD_LENGTH, blank=True)
    verified_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    ledger_name = "lessons.commitment"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "state", "due"], name="commitment_due"),
            models.Index(fields=["owner"], name="commitment_owned", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(
                name="commitment_verified_by_another",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("owner")),
            ),
            models.CheckConstraint(
                name="commitment_kept_was_verified",
                condition=Q(state="kept", verified_by__isnull=False)
                | Q(verified_by__isnull=True) & ~Q(state="kept"),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def short(self) -> str:
        """What it is in at most 60 characters, for a place inside a sentence."""
        return self.what if len(self.what) <= 60 else self.what[:59].rstrip() + "…"

    @property
    def running(self) -> bool:
        return self.state in RUNNING

    @property
    def tone(self) -> str:
        """The colour of its word: the word says the same."""
        return {State.KEPT: "accent", State.CLAIMED: "amber", State.NOT_KEPT: "coral"}.get(
            State(self.state), ""
        )


class Move(Protected):
    """A new date and why. The one before stays readable."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="moves")
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=WORD_LENGTH)
    moved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["commitment", "moved_at"], name="move_of_commitment")]
