"""The nouns of the studio: files that go out with posts, what the team knows about each (what it shows, whose it is,
who is seen on it), and how it is cut for a network. `storage` says where the bytes are.
"""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from quarterdeck.core import ids, secrets
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected

DESCRIPTION_LENGTH = 2000  # as long as a post's description of an image
PIECE = 2**20  # bytes of each piece of a file but its last, which may be smaller


class File(models.Model):
    """One file of a workspace, named by its content: the same bytes are kept once. `cut_from`: it was made by
    cutting another one, so that it stands on that one's page and not among the others. A video has `seconds` and the
    names of its `codecs`; a picture has neither. `in_bucket`: its bytes lie there, and not in the database."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    mime = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    seconds = models.FloatField(null=True)
    codecs = models.CharField(max_length=60, blank=True)
    in_bucket = models.BooleanField(default=False)
    kept_at = models.DateTimeField()
    cut_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="cuts")

    ledger_name = "studio.file"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "sha256"], name="file_kept_once")]
        indexes = [models.Index(fields=["workspace", "-kept_at"], name="file_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> Card | None:
        """What the team noted about it, or None."""
        return getattr(self, "card", None)

    @property
    def title(self) -> str:
        """The name the team gave it, else the one it came with."""
        return (self.about.name if self.about else "") or self.name

    @property
    def is_video(self) -> bool:
        return self.seconds is not None

    @property
    def length(self) -> str:
        """How long a video is: "0:32", "1:02:05"; empty for a picture."""
        if self.seconds is None:
            return ""
        whole = round(self.seconds)
        hours, minutes = whole // 3600, whole // 60 % 60
        return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"

    @property
    def alt(self) -> str:
        """What is read to people who cannot see it; a post that takes the file takes this over."""
        return self.about.description if self.about else ""


class Folder(Protected):
    """A place of a workspace's library. Folders hold files, not folders."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    ledger_name = "studio.folder"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="folder_named_once")]

    def __str__(self) -> str:
        return self.name


class Card(Protected):
    """What the team knows about a file: made by the first act on it.

    `words` is everything of it that is searched, in small letters. `not_on` are networks it may not be used on,
    with `not_on_why`. `rights_until` is the last day. Put aside, it is offered to nobody and its bytes stay.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="card")
    name = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=DESCRIPTION_LENGTH, blank=True)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, null=True, related_name="cards")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    source = models.CharField(max_length=300, blank=True)
    holder = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=1000, blank=True)
    rights_until = models.DateField(null=True)
    not_on = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    not_on_why = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    put_aside_at = models.DateTimeField(null=True)
    put_aside_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    ledger_name = "studio.card"

    @property
    def workspace_id(self) -> UUID:
        return self.file.workspace_id


class Shown(Protected):
    """A person who is seen in a file, and what they agreed to. Their name and the note are sealed, and never enter
    the ledger, so that they can be forgotten. `until` is the last day; `withdrawn_at`: they took it back."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="people")
    sealed = models.BinaryField()
    given_on = models.DateField(null=True)
    until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()

    ledger_name = "studio.person"

    @property
    def workspace_id(self) -> UUID:
        return self.file.workspace_id

    @property
    def context(self) -> str:
        """Where the sealed words belong."""
        return f"studio.shown:{self.pk}"

    def opened(self) -> dict[str, str]:
        """{"name", "purpose", "note"} as they were noted."""
        return json.loads(secrets.unseal(bytes(self.sealed), context=self.context))


class Cut(Protected):
    """How a file is cut for one place of a network: a box in parts of its width and height (0 to 1), and the file
    that came of it. One a file and place; made anew it names the new file, and the one before stays where posts
    carry it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="recipes")
    place = models.CharField(max_length=40)
    left = models.FloatField()
    top = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    made = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    ledger_name = "studio.cut"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "place"], name="cut_once_a_place")]

    @property
    def workspace_id(self) -> UUID:
        return self.file.workspace_id


class Small(models.Model):
    """A small picture of a file for lists, made once by the worker; `trouble` says why there is none. `frames` is
    more than one for a moving picture, whose first frame is shown."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, primary_key=True, related_name="small")
    mime = models.CharField(max_length=40, blank=True)
    data = models.BinaryField(default=bytes)
    frames = models.PositiveIntegerField(default=1)
    trouble = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()


class Scan(models.Model):
    """What the virus scanner said of a file. Without `seen_at` it gave no verdict yet, and `trouble` says why;
    `found` names what it found, and is empty for a clean one."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, primary_key=True, related_name="scan")
    found = models.CharField(max_length=100, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()


class Upload(models.Model):
    """A file on its way in pieces. `key` is the browser's own name for it: begun again with the same, it goes on
    where it stopped. `file` is set when it arrived whole."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="uploads")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    size = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="+")
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="upload_begun_once")]


class Piece(models.Model):
    """Bytes from `offset` on: of an upload on its way, or of a file that is kept. When an upload has arrived its
    pieces become those of its file, so that nothing is copied."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, null=True, related_name="pieces")
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="pieces")
    offset = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="piece_once"),
            models.UniqueConstraint(fields=["file", "offset"], name="piece_of_file_once"),
            models.CheckConstraint(
                condition=models.Q(upload=None) ^ models.Q(file=None), name="piece_of_one"
            ),
        ]
