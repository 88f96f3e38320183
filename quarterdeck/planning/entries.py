"""What stands on the calendar: one entry for a post at one time, on whichever channels it goes out together.

Read in a handful of SQL questions whatever the number of posts; the words and symbols for each state are here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Left

from quarterdeck.crew.models import Workspace
from quarterdeck.planning.grid import Asked
from quarterdeck.publishing import holds_reads
from quarterdeck.publishing.models import Ask, Clearance, Delivery, DeliveryState, Label, Post, Settlement

MOST_IN_VIEW = 5000  # deliveries: more than a page can show anybody
TEXT_READ = 400  # characters of a text, enough for its title
TRAY = 30


@dataclass(frozen=True, slots=True)
class Kind:
    """How an entry stands: its word, a symbol beside it, a tone that only repeats them, and its filter."""

    word: str
    symbol: str
    tone: str
    group: str


KINDS = {
    "unknown": Kind("not known", "?", "coral", "missed"),
    "refused": Kind("refused", "✕", "coral", "missed"),
    "missed": Kind("missed", "!", "coral", "missed"),
    "sending": Kind("being sent", "➤", "accent", "planned"),
    "looking": Kind("not known yet", "?", "amber", "missed"),
    "handed": Kind("in hand", "☞", "amber", "planned"),
    "held": Kind("held", "‖", "coral", "held"),
    "waiting": Kind("waits for approval", "◔", "amber", "waiting"),
    "unasked": Kind("not approved", "◌", "amber", "waiting"),
    "planned": Kind("planned", "○", "accent", "planned"),
    "out": Kind("out", "✓", "done", "out"),
    "dropped": Kind("dropped", "–", "", "missed"),
}
STATES = {
    "planned": "Planned",
    "waiting": "Waiting for approval",
    "held": "On hold",
    "out": "Out",
    "missed": "Missed or in trouble",
}
_RANK = list(KINDS)
MOVABLE = {"planned", "waiting", "unasked", "held", "missed", "refused"}


@dataclass(frozen=True, slots=True)
class Note:
    """What is odd about an entry: a few words for a narrow cell, and the sentence. `other` fills in {title} and {at};
    most notes are never shown, so the words are put together when they are asked for."""

    short: str
    sentence: str
    other: Entry | None = None

    def _filled(self, text: str) -> str:
        if self.other is None:
            return text
        return text.replace("{at}", self.other.at).replace("{title}", self.other.title)

    @property
    def brief(self) -> str:
        return self._filled(self.short)

    @property
    def words(self) -> str:
        return self._filled(self.sentence)


@dataclass(slots=True)
class Entry:
    """A post at one time. `local` is in the workspace's zone; `notes` say what is odd there."""

    post_id: UUID
    due_at: datetime
    local: datetime
    text: str  # the beginning of what it says
    kind: Kind
    key: str
    brand_id: UUID
    channels: list[tuple[UUID, str]]
    url: str
    move_url: str
    watch_url: str
    movable: bool
    labels: set[UUID] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    watcher: str = ""  # what is said about the first hour, where that lies outside the working hours
    watched: bool = False
    answerable_id: UUID | None = None

    @property
    def title(self) -> str:
        return first_words(self.text)

    @property
    def wall(self) -> str:
        return f"{self.local:%Y-%m-%dT%H:%M}"

    @property
    def at(self) -> str:
        return f"{self.local:%H:%M}"

    @property
    def where(self) -> str:
        return ", ".join(name for _, name in self.channels)

    @property
    def channel_ids(self) -> str:
        return " ".join(str(pk) for pk, _ in self.channels)

    @property
    def anchor(self) -> str:
        return f"e-{self.post_id.hex}-{int(self.due_at.timestamp())}"

    @property
    def first_hour(self) -> str:
        """The same without a name, for what leaves the house and could be sorted by person."""
        return "somebody reads the comments" if self.watched else self.watcher

    @property
    def open(self) -> bool:
        return self.key in MOVABLE and self.key not in {"missed", "refused"}


def between(
    workspace: Workspace, start: datetime, end: datetime, asked: Asked | None = None
) -> tuple[list[Entry], bool]:
    """What is planned or was between two instants, by time; and whether there was more than can be shown."""
    rows = list(_rows(workspace, start, end, asked)[: MOST_IN_VIEW + 1])
    more, rows = len(rows) > MOST_IN_VIEW, rows[:MOST_IN_VIEW]
    groups: dict[tuple[UUID, datetime], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["post_id"], row["due_at"]), []).append(row)
    zone = workspace.zone
    entries = [entry for found in groups.values() if (entry := _entry(found, zone, workspace.slug))]
    if asked and asked.state:
        entries = [one for one in entries if one.kind.group == asked.state]
    return entries, more


def _rows(workspace: Workspace, start: datetime, end: datetime, asked: Asked | None) -> QuerySet:
    """The deliveries as plain rows. Those decided about and sent or moved elsewhere stand where they are now."""
    cleared = Clearance.objects.filter(
        post=OuterRef("post"), text_hash=OuterRef("post__text_hash"), ended_at__isnull=True
    )
    asks = Ask.objects.filter(post=OuterRef("post"), ended_at__isnull=True)
    settled = Settlement.objects.filter(delivery=OuterRef("pk"), undone_at__isnull=True)
    settled = settled.exclude(how=Settlement.How.ABSENT).values("how")[:1]
    holds = holds_reads.standing(workspace)
    covered = Q(state=DeliveryState.INTENT) & holds_reads.covered_by_any(holds)
    held = (
        Case(When(covered, then=Value(True)), default=Value(False), output_field=BooleanField())
        if holds
        else Value(False, output_field=BooleanField())
    )
    found = Delivery.objects.filter(workspace=workspace, due_at__gte=start, due_at__lt=end).exclude(
        state=DeliveryState.CANCELLED
    )
    if asked:
        found = found.filter(_filtered(asked))
    return (
        found.annotate(
            approved=Exists(cleared),
            is_asked=Exists(asks),
            how=Subquery(settled),
            held=held,
            words=Left("post__text", TEXT_READ),
            brand=F("post__brand_id"),
            answers=F("post__answerable_id"),
            name=F("channel__name"),
        )
        .order_by("due_at", "post_id", "channel__name", "part")
        .values(
            "post_id", "channel_id", "name", "state", "due_at", "asked_at",
            "approved", "is_asked", "how", "held", "words", "brand", "answers",
        )
    )  # fmt: skip


def _filtered(asked: Asked) -> Q:
    wish = Q()
    if asked.channel:
        wish &= Q(channel=asked.channel)
    if asked.brand:
        wish &= Q(post__brand=asked.brand)
    if asked.label:
        wish &= Q(post__in=Post.labels.through.objects.filter(label=asked.label).values("post"))
    return wish


def _key(row: dict) -> str | None:
    """How one delivery stands, as a key of KINDS; None for one that stands elsewhere now."""
    state, how = row["state"], row["how"]
    if state == DeliveryState.ACCEPTED or how == Settlement.How.OUT:
        return "out"
    if how in {Settlement.How.MOVED, Settlement.How.SENT_AGAIN}:
        return None
    if how == Settlement.How.DROPPED:
        return "dropped"
    if state == DeliveryState.INTENT:
        if row["held"]:
            return "held"
        return "planned" if row["approved"] else "waiting" if row["is_asked"] else "unasked"
    if state == DeliveryState.AMBIGUOUS:
        return "unknown" if row["asked_at"] else "looking"
    return {"sending": "sending", "handed": "handed", "rejected": "refused", "missed": "missed"}[state]


def _entry(rows: list[dict], zone: ZoneInfo, slug: str) -> Entry | None:
    keys = [key for row in rows if (key := _key(row))]
    if not keys:
        return None
    key, first = min(keys, key=_RANK.index), rows[0]
    pk = first["post_id"]
    return Entry(
        post_id=pk,
        due_at=first["due_at"],
        local=first["due_at"].astimezone(zone),
        text=first["words"],
        kind=KINDS[key],
        key=key,
        brand_id=first["brand"],
        channels=list({row["channel_id"]: row["name"] for row in rows}.items()),
        url=f"/w/{slug}/posts/{pk}/",
        move_url=f"/w/{slug}/calendar/posts/{pk}/move/",
        watch_url=f"/w/{slug}/calendar/posts/{pk}/watch/",
        movable=key in MOVABLE,
        answerable_id=first["answers"],
    )


@functools.lru_cache(maxsize=4096)
def first_words(text: str) -> str:
    """How a post with this text is named inside a sentence, as its own page names it."""
    return Post(text=text).short


def label_names(workspace: Workspace) -> dict[UUID, str]:
    """The labels of the workspace by name."""
    return dict(Label.objects.filter(workspace=workspace).order_by("name").values_list("pk", "name"))


def put_labels(entries: Iterable[Entry]) -> None:
    """Note each entry's labels; one question, with the ids as one array: a thousand placeholders cost more than the
    answer."""
    entries = list(entries)
    by_post: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, label_id FROM publishing_post_labels WHERE post_id = ANY(%s)",
            [list({one.post_id for one in entries})],
        )
        for post_id, label_id in cursor.fetchall():
            by_post.setdefault(post_id, set()).add(label_id)
    for one in entries:
        one.labels = by_post.get(one.post_id, set())


@dataclass(frozen=True, slots=True)
class Unplanned:
    """An approved post that no time was chosen for."""

    post: Post
    url: str
    move_url: str
    channel_ids: str
    where: str


def tray(workspace: Workspace, asked: Asked | None = None) -> tuple[list[Unplanned], int]:
    """Approved posts without a time, the longest waiting first, and how many there are in all."""
    taken = Delivery.objects.filter(post=OuterRef("pk")).exclude(state=DeliveryState.CANCELLED)
    cleared = Clearance.objects.filter(
        post=OuterRef("pk"), text_hash=OuterRef("text_hash"), ended_at__isnull=True
    )
    posts = Post.objects.filter(workspace=workspace, discarded_at__isnull=True)
    posts = posts.filter(Exists(cleared)).exclude(Exists(taken))
    if asked:
        posts = posts.filter(_tray_filtered(asked))
    found = list(posts.order_by("changed_at").prefetch_related("channels")[: TRAY + 1])
    total = len(found) if len(found) <= TRAY else posts.count()
    return [_unplanned(post, workspace.slug) for post in found[:TRAY]], total


def _tray_filtered(asked: Asked) -> Q:
    wish = Q(brand=asked.brand) if asked.brand else Q()
    if asked.channel:
        wish &= Q(channels=asked.channel)
    if asked.label:
        wish &= Q(labels=asked.label)
    return wish


def _unplanned(post: Post, slug: str) -> Unplanned:
    channels = list(post.channels.all())
    return Unplanned(
        post,
        f"/w/{slug}/posts/{post.pk}/",
        f"/w/{slug}/calendar/posts/{post.pk}/move/",
        " ".join(str(one.pk) for one in channels),
        ", ".join(sorted(one.name for one in channels)) or "No channel chosen",
    )
