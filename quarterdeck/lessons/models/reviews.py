"""A review looks back at one thing without looking for somebody to blame: four answers, causes, and what follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected

ANSWER_LENGTH = 4000
BECAUSE_LENGTH = 1000
NOTE_LENGTH = 500  # a view of one's own
LINE_LENGTH = 200  # a word on a line of the timeline
CAUSE_LENGTH = 40
TITLE_LENGTH = 200
# The four answers, in the order in which they are thought.
ANSWERS = {
    "expected": "What did we expect?",
    "happened": "What happened?",
    "surprised": "What surprised us?",
    "change": "What do we change?",
}


class Cause(Protected):
    """A root cause that reviews are tagged with, from the workspace's short list. Never a person.

    `key` names one of the list that every workspace begins with (`causes.DEFAULTS`), once somebody used or ended it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="causes")
    key = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=CAUSE_LENGTH)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    ledger_name = "lessons.cause"

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="cause_named_once")]

    def __str__(self) -> str:
        return self.name


class Review(Protected):
    """One look back at one thing. Until it is closed only who leads it reads its answers; then every member does.

    `about` and `about_id` name the thing as the ledger does, `title` as it was called then. `timeline` is what
    happened, kept when it is saved: [{"event": id or "", "when": ISO, "words", "kept": bool, "note"}]. `causes` are
    the ids of causes in hexadecimal. `version` counts its saves. `closed_by_event` is the event that closed it last.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="reviews")
    about = models.CharField(max_length=60)
    about_id = models.UUIDField()
    title = models.CharField(max_length=TITLE_LENGTH)
    led_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    expected = models.TextField(max_length=ANSWER_LENGTH, blank=True)
    happened = models.TextField(max_length=ANSWER_LENGTH, blank=True)
    surprised = models.TextField(max_length=ANSWER_LENGTH, blank=True)
    change = models.TextField(max_length=ANSWER_LENGTH, blank=True)
    nothing_because = models.TextField(max_length=BECAUSE_LENGTH, blank=True)
    timeline = models.JSONField(default=list, blank=True)
    causes = models.JSONField(default=list, blank=True)

    closed_at = models.DateTimeField(null=True)
    closed_by_event = models.UUIDField(null=True)

    ledger_name = "lessons.review"

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-closed_at"], name="review_closed"),
            models.Index(fields=["about_id"], name="review_about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "about", "about_id"],
                name="review_open_once",
                condition=Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def short(self) -> str:
        """The title in at most 60 characters, for a place inside a sentence."""
        return self.title if len(self.title) <= 60 else self.title[:59].rstrip() + "…"


class Note(Protected):
    """A line of somebody's own view, added while a review is open."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="notes")
    said_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    text = models.CharField(max_length=NOTE_LENGTH)
    withdrawn_at = models.DateTimeField(null=True)

    ledger_name = "lessons.note"

    class Meta:
        indexes = [models.Index(fields=["review", "said_at"], name="note_of_review")]

    @property
    def workspace_id(self):
        return self.review.workspace_id
