"""The ledger's rows. `Entry` is the log itself and is only ever added to; `Payload` holds what the fields said
and can be erased; `Tile` is derived and can be rebuilt; `Subject` is the only link from a pseudonym to a person.
Nothing here refers to a row of another room: ids only, so that a log outlives what it tells of.
"""

from __future__ import annotations

from django.db import models

from quarterdeck.core import ids


class Log(models.Model):
    """One epoch of one workspace's log. At most one epoch of a workspace is open."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace_id = models.UUIDField()
    epoch = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=255, unique=True)  # the checkpoint's first line and the key's name
    demo = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    clock = models.BigIntegerField(default=0)  # Unix seconds at which its newest entry got its place
    verifier_keys = models.JSONField(default=list)  # vkey lines, oldest first; unknown signatures are ignored
    key_changed_at = models.DateTimeField(
        null=True
    )  # the newest key's beginning; the one before signs on a while
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    stopped_because = models.TextField(default="", blank=True)  # why no checkpoint is signed at present
    stopped_at = models.DateTimeField(null=True)

    ledger_name = "ledger.log"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "epoch"], name="log_epoch_once"),
            models.UniqueConstraint(
                fields=["workspace_id"], name="log_one_open", condition=models.Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.origin


class Pending(models.Model):
    """An event whose transaction wrote it and which has no place yet. A column `xid` (in the migration) holds
    the writing transaction's id: a protected row's trigger looks for its event among these at commit."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    workspace_id = models.UUIDField()
    kind = models.CharField(max_length=90)
    about_type = models.CharField(max_length=60)
    about_id = models.UUIDField()
    recorded_at = models.BigIntegerField()  # whole Unix seconds, as in the leaf
    leaf = models.BinaryField()


class Entry(models.Model):
    """An event with its place. `kind`, `about_*` and `recorded_at` repeat the leaf so that it can be searched;
    `verify` holds them against it. `place` orders the entries of all logs, for reactions."""

    pk = models.CompositePrimaryKey("log_id", "seq")
    log = models.ForeignKey(Log, on_delete=models.DO_NOTHING, related_name="entries", db_index=False)
    seq = models.BigIntegerField()
    place = models.BigIntegerField(unique=True)
    event_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=90)
    about_type = models.CharField(max_length=60)
    about_id = models.UUIDField()
    recorded_at = models.BigIntegerField()
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()
    sequenced_at = models.BigIntegerField()  # the log's clock: whole Unix seconds that never run backwards

    class Meta:
        indexes = [
            models.Index(fields=["log", "kind", "seq"], name="entry_by_kind"),
            models.Index(fields=["about_id"], name="entry_by_about"),
        ]


class Payload(models.Model):
    """What the fields of one event said: JSON of {field: [base64 salt, value]}, sealed. One row for the plain fields
    and one for each person's; deleting a row leaves every proof valid."""

    pk = models.CompositePrimaryKey("event_id", "part")
    event_id = models.UUIDField()
    part = models.PositiveSmallIntegerField()  # 0 plain, 1 the actor's, 2 the person's the event is about
    sealed = models.BinaryField()
    subject = models.UUIDField(null=True)  # whose key seals it; null for plain fields

    class Meta:
        indexes = [
            models.Index(
                fields=["subject"], name="payload_by_subject", condition=models.Q(subject__isnull=False)
            )
        ]


class Subject(models.Model):
    """A pseudonym of one workspace's log and, until it is erased, the person it stands for."""

    pseudonym = models.UUIDField(primary_key=True)
    workspace_id = models.UUIDField()
    person_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "person_id"], name="subject_person_once")
        ]


class SubjectKey(models.Model):
    """The key of a subject's personal fields, itself sealed. Destroyed by erasure."""

    pseudonym = models.UUIDField(primary_key=True)
    dek_sealed = models.BinaryField()


class Tile(models.Model):
    """256 hashes at most of one level of the tree (tlog-tiles); the rightmost of a level grows in place."""

    pk = models.CompositePrimaryKey("log_id", "level", "n")
    log = models.ForeignKey(Log, on_delete=models.DO_NOTHING, related_name="tiles", db_index=False)
    level = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """A signed statement of the log's size and root: a C2SP signed note."""

    pk = models.CompositePrimaryKey("log_id", "size")
    log = models.ForeignKey(Log, on_delete=models.DO_NOTHING, related_name="checkpoints", db_index=False)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    created_at = models.DateTimeField()


class Anchor(models.Model):
    """Evidence from outside that a checkpoint existed at a time (a time stamp, a witness's signature)."""

    log = models.ForeignKey(Log, on_delete=models.DO_NOTHING, related_name="anchors")
    size = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    evidence = models.BinaryField()
    anchored_at = models.DateTimeField()


class ReactionCursor(models.Model):
    """How far one reaction has read: it has handled every entry up to and including `place`."""

    name = models.CharField(max_length=80, primary_key=True)
    place = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # of the entry it stands before
    trouble = models.TextField(default="", blank=True)


class Protected(models.Model):
    """A row that changes only together with an event. The migration adds `ledger.protect.Protect`."""

    ledger_event_id = models.UUIDField()

    class Meta:
        abstract = True
