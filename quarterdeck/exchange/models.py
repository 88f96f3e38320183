"""The nouns of exchange: a spreadsheet brought in and its rows, how files of its kind are read, and a full export."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected

EXPORT_LASTS = timedelta(days=7)


class Import(Protected):
    """A spreadsheet somebody brought. `answers` is what they said about it (see `asking.Answers`).

    received -> running -> done -> undoing -> undone. Its rows say how far that is, so that a job that was killed
    goes on where it stood. `guess` is what was seen at first: {"header": number of the row, "notes": sentences}.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "not confirmed yet"
        RUNNING = "running", "being imported"
        DONE = "done", "imported"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    guess = models.JSONField(default=dict)
    answers = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField()  # when its job last said that it lives

    ledger_name = "exchange.import"

    class Meta:
        indexes = [models.Index(fields=["workspace", "-received_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    """One row of an imported sheet. `cells` is what stands in it now; a person may change that to mend it.

    `state`: waiting, then draft (its post was made), fix (`reasons` say why not), head (the headings and what is
    above them), left (empty, or a person left it out), or gone (undone). `warnings` are sentences about a draft.
    `post_event` is the event its post stood at when it was made: as long as that is so, nobody has touched it.
    `kept_because` says why an undo left the post standing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DRAFT = "draft", "draft"
        FIX = "fix", "to fix"
        HEAD = "head", "headings"
        LEFT = "left", "left out"
        GONE = "gone", "taken back"

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in the file, as a person counts it
    cells = models.JSONField()
    unread = models.JSONField(default=list)  # columns whose formula has no value
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reasons = models.JSONField(default=list)  # [{"meaning": str, "words": str}]
    warnings = models.JSONField(default=list)
    said = models.JSONField(default=dict)  # answers for this row alone: fold, anyway
    extra = models.JSONField(default=dict)  # what a post has no place for: pictures, alt, note, when
    mark = models.CharField(max_length=64, blank=True)  # hash of text, channels and time: twins have the same
    post = models.UUIDField(null=True)
    post_event = models.UUIDField(null=True)
    plan_act = models.UUIDField(null=True)
    kept_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["of", "state", "number"], name="import_row_state"),
            models.Index(fields=["post"], name="import_row_post", condition=Q(post__isnull=False)),
        ]


class Mapping(models.Model):
    """How files with these headings are read in this workspace: mapped once and remembered."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    answers = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "signature"], name="mapping_once")]


class Export(Protected):
    """Everything of a workspace in one archive, for whoever asked. `done` of `of_parts` parts are written; the file
    lies in the data directory and is gone after `expires_at`."""

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        READY = "ready", "ready"
        FAILED = "failed", "not made"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="exports")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    of_parts = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=500, blank=True)

    ledger_name = "exchange.export"

    class Meta:
        indexes = [models.Index(fields=["workspace", "-asked_at"], name="export_newest")]
