"""The nouns of planning: the weekly slots of a channel, spans of days with a meaning, calendars read from elsewhere,
series of posts, who reads the comments, and the workspace's rules for all of it.

Times a person chose are wall times (ISO, no offset) in a zone, as in publishing; instants are derived from them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from quarterdeck.channels.models import Channel
from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models import Post

MOST_SPANS = 500  # of a workspace at once, not counting what is over
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _weekdays() -> list[int]:
    return [0, 1, 2, 3, 4]


class Rules(Protected):
    """How a workspace plans: its working hours (`opens` and `closes` as HH:MM), what counts as close together, and
    the markets whose holidays are shown ("DE-BE": ISO 3166-1, and the part of ISO 3166-2 after the dash)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    days = models.JSONField(default=_weekdays)
    opens = models.CharField(max_length=5, default="09:00")
    closes = models.CharField(max_length=5, default="18:00")
    near_minutes = models.PositiveSmallIntegerField(default=30)
    markets = models.JSONField(default=list, blank=True)
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    ledger_name = "planning.rules"

    def works_at(self, local: datetime) -> bool:
        """Whether that local time lies within the working hours."""
        return local.weekday() in self.days and self.opens <= f"{local:%H:%M}" < self.closes


class WeeklySlot(Protected):
    """A time at which a channel usually posts: a weekday (Monday is 0) and a wall time in the workspace's zone."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField()
    wall = models.CharField(max_length=5)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    ledger_name = "planning.slot"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "weekday", "wall"],
                name="slot_stands_once",
                condition=Q(removed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{DAYS[self.weekday]}, {self.wall}"


class Span(Protected):
    """Days or hours with a meaning, for everything or for one brand, channel, label or post (`target`).

    An embargo has no beginning: nothing before its end. `blocks`: publishing refuses to plan inside it; else a
    warning is said.
    """

    class Kind(models.TextChoices):
        LAUNCH = "launch", "Launch"
        QUIET = "quiet", "Quiet period"
        BLACKOUT = "blackout", "Blackout"
        EMBARGO = "embargo", "Embargo"

    class Scope(models.TextChoices):
        WORKSPACE = "workspace", "Everything"
        BRAND = "brand", "A brand"
        CHANNEL = "channel", "A channel"
        LABEL = "label", "A label"
        POST = "post", "One post"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    begins = models.CharField(max_length=16, blank=True)
    ends = models.CharField(max_length=16)
    zone = models.CharField(max_length=64)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    blocks = models.BooleanField(default=False)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.WORKSPACE)
    target = models.UUIDField(null=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    ledger_name = "planning.span"

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "ends_at"], name="span_standing", condition=Q(removed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.title

    def holds_at(self, instant: datetime) -> bool:
        return (self.begins_at is None or self.begins_at <= instant) and instant < self.ends_at


class Layer(Protected):
    """A calendar read from elsewhere: an .ics file once, or an address again and again. The address may carry a
    secret, so it is sealed."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=80)
    sealed = models.BinaryField(null=True)
    host = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)

    ledger_name = "planning.layer"

    def __str__(self) -> str:
        return self.title


class LayerDay(models.Model):
    """Something that stands in such a calendar, by the days it touches: `last` is included."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="days")
    first = models.DateField()
    last = models.DateField()
    title = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["layer", "first"], name="layer_day_first")]

    def __str__(self) -> str:
        return self.title


class Series(Protected):
    """A post that comes again by a rule of RFC 5545, reckoned on the wall clock of `zone` from `wall` on. Its times
    within `ahead_days` become drafts of their own, each to be approved like any other. `watcher` is named to read the
    first comments of those outside the working hours."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=300)
    wall = models.CharField(max_length=16)
    zone = models.CharField(max_length=64)
    ahead_days = models.PositiveSmallIntegerField(default=28)
    watcher = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "planning.series"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], name="series_runs_once", condition=Q(ended_at__isnull=True)
            )
        ]

    @property
    def begins(self) -> datetime:
        """Its first time, naive, on the wall clock of its zone."""
        return datetime.fromisoformat(self.wall)

    @property
    def place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Occurrence(Protected):
    """One time of a series: the post made for it, or the sentence that says why there is none."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="occurrences")
    wall = models.CharField(max_length=16)
    post = models.OneToOneField(Post, on_delete=models.CASCADE, null=True, related_name="+")
    problem = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    ledger_name = "planning.occurrence"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "wall"], name="occurrence_once")]

    @property
    def workspace_id(self) -> UUID:
        return self.series.workspace_id


class Watch(Protected):
    """Who reads the comments in the first hour of a post that goes out at `due_at`; moved, it is asked anew."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    named_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    ledger_name = "planning.watch"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], name="watch_named_once", condition=Q(ended_at__isnull=True)
            )
        ]
