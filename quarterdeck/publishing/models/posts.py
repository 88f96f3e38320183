"""A post and its labels. What was said about its content stands in `approval`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import rfc8785
from django.db import models

from quarterdeck.channels.models import Channel
from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.ledger.models import Protected

TEXT_LENGTH = 20_000
LATEST_AFTER = timedelta(minutes=15)
LONGEST_LATE = timedelta(hours=24)
UNDO_WINDOW = timedelta(seconds=10)
MOST_PARTS = 25
MOST_IMAGES = 10


def hash_content(
    text: str, images: list[dict], following: list[dict], more: Mapping[str, object] | None = None
) -> str:
    """SHA-256 in hexadecimal of everything a post says: what an approval is an approval of.

    Of the text alone where there is nothing else, else of the canonical JSON (RFC 8785) of text, images (their own
    hash and description), the parts that follow, and of `more` what is not empty: "overrides" (what single channels
    say instead, whether chosen at the moment or not, so that nothing that could ever go out was not approved) and
    whatever else goes out with it.
    """
    more = {name: value for name, value in (more or {}).items() if value}
    if not images and not following and not more:
        return hashlib.sha256(text.encode()).hexdigest()

    def said(part: dict) -> dict:
        return {"text": part["text"], "images": [_seen(image) for image in part["images"]]}

    whole = said({"text": text, "images": images}) | {"following": [said(part) for part in following]}
    if overrides := more.get("overrides"):
        more["overrides"] = {pk: [said(part) for part in parts] for pk, parts in overrides.items()}
    return hashlib.sha256(rfc8785.dumps(whole | more)).hexdigest()


def _seen(image: dict) -> dict:
    """What of an image reaches people: its bytes by their hash, its description or why it has none."""
    seen = {"sha256": image["sha256"], "alt": image["alt"]}
    return seen | ({"none": image["none"]} if image.get("none") else {})


class Kind(models.TextChoices):
    """What a post is to people. Which network takes what: `kinds.py`."""

    POST = "post", "Post"
    THREAD = "thread", "Thread"
    CAROUSEL = "carousel", "Carousel"
    DOCUMENT = "document", "Document"
    STORY = "story", "Story"
    REEL = "reel", "Reel or short"
    POLL = "poll", "Poll"


class Size(models.TextChoices):
    """How much work it is, for the week of a team."""

    SMALL = "S", "S, about an hour"
    MEDIUM = "M", "M, about a day"
    LARGE = "L", "L, several days"


class Label(Protected):
    """A word a team sorts its posts by. `latest_minutes`: how late a post with it may still go out."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=40)
    latest_minutes = models.PositiveIntegerField(null=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    ledger_name = "publishing.label"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="label_named_once")]

    def __str__(self) -> str:
        return self.name


class Post(Protected):
    """What one brand says at one time, on its way to the channels chosen for it. `version` counts its edits.

    `text` and `images` are the first part; `following` are the further parts of a thread, each
    {"text": str, "images": [...]}; an image is {"file": hex id in the studio, "sha256": hex, "alt": str} and, where
    it has no description, may have "none": why not. `overrides` are the parts of channels that say it differently,
    by the channel's id in hexadecimal; a channel that is not there says the common text. `card` is how its link is
    shown where the network makes no card: {"page": id, "url", "title", "description"} and, with a picture, "file" and
    "sha256". `language` is a BCP 47 tag or empty; posts with one `version_of` say the same in several languages.
    `terms` is what its {names} and links stood for when it was saved (`phrases.py`).
    `answers` is a post of ours that is out and that this one answers where it stands, under its part `answers_part`
    (from 0). `answerable` is the one person who answers for it and hears first. `latest_minutes`: how late it may still
    go out, where that differs from its labels and from everybody's quarter of an hour.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="posts")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=TEXT_LENGTH)
    images = models.JSONField(default=list, blank=True)
    following = models.JSONField(default=list, blank=True)
    overrides = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.POST)
    size = models.CharField(max_length=1, choices=Size.choices, blank=True)  # empty: as its kind usually is
    language = models.CharField(max_length=35, blank=True)
    version_of = models.UUIDField(null=True, db_index=True)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_by")
    answers_part = models.PositiveSmallIntegerField(default=0)
    card = models.JSONField(null=True)
    terms = models.JSONField(default=dict, blank=True)
    text_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    answerable = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    labels = models.ManyToManyField(Label, related_name="posts")
    latest_minutes = models.PositiveIntegerField(null=True)
    channels = models.ManyToManyField(Channel, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    discarded_at = models.DateTimeField(null=True)

    ledger_name = "publishing.post"

    class Meta:
        indexes = [models.Index(fields=["workspace", "-changed_at"], name="post_recent")]

    def __str__(self) -> str:
        return self.title

    @property
    def parts(self) -> list[dict]:
        """Every part in order, the first included: {"text": str, "images": [...]}."""
        return [{"text": self.text, "images": self.images}, *self.following]

    @property
    def besides(self) -> dict:
        """What goes out beside the common parts, by name: the rest of what an approval is an approval of."""
        unusual = self.kind not in {Kind.POST, Kind.THREAD}
        every = {
            "overrides": self.overrides,
            "kind": str(self.kind) if unusual else "",
            "language": self.language,
            "card": self.card,
            "terms": self.terms,
        }
        return {name: value for name, value in every.items() if value}

    @property
    def says_something(self) -> bool:
        return any(part["text"].strip() or part["images"] for part in self.parts)

    @property
    def files(self) -> set[str]:
        """Every image that goes out with it on whatever channel, its card's included, by its id in hexadecimal."""
        every = [*self.parts, *(part for own in self.overrides.values() for part in own)]
        card = (self.card or {}).get("file")
        return {image["file"] for part in every for image in part["images"]} | ({card} if card else set())

    def parts_on(self, channel_id: UUID) -> list[dict]:
        """Every part as this channel says it: its own where it has any, else the common ones."""
        return self.overrides.get(channel_id.hex) or self.parts

    @property
    def latest_after(self) -> timedelta:
        """How long after its slot it may still go out: its own, else the strictest of its labels', else 15 min."""
        if self.latest_minutes is not None:
            return timedelta(minutes=self.latest_minutes)
        given = [label.latest_minutes for label in self.labels.all() if label.latest_minutes is not None]
        return timedelta(minutes=min(given)) if given else LATEST_AFTER

    @property
    def title(self) -> str:
        """The first line, at most 72 characters: how the post is named in lists."""
        return self._first_words(72)

    @property
    def short(self) -> str:
        """The same in at most 40 characters, for a place inside a sentence."""
        return self._first_words(40)

    def _first_words(self, most: int) -> str:
        line = next((part.strip() for part in self.text.splitlines() if part.strip()), "")
        if not line:
            return "A post without text"
        if len(line) <= most:
            return line
        cut = line[: most - 1]
        whole = cut.rpartition(" ")[0] if not line[most - 1].isspace() else cut
        return (whole if len(whole) > most // 2 else cut).rstrip(" ,.;:") + "…"
