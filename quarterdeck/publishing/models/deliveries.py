"""A delivery is one part of a post going to one channel at one time, and what people decided about those in trouble."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from quarterdeck.channels.contract import Published
from quarterdeck.channels.models import Channel
from quarterdeck.core import ids
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.ledger.models import Protected
from quarterdeck.publishing.models.posts import Post

CLOSED_WHY_LENGTH = 300


class DeliveryState(models.TextChoices):
    """Where a delivery stands. A worker's claim is its lease, not a state: losing it changes nothing."""

    INTENT = "intent", "planned"
    SENDING = "sending", "being sent"
    HANDED = "handed", "handed out"
    ACCEPTED = "accepted", "out"
    REJECTED = "rejected", "refused"
    AMBIGUOUS = "ambiguous", "not known"
    MISSED = "missed", "missed"
    CANCELLED = "cancelled", "taken off"


OPEN = (DeliveryState.INTENT, DeliveryState.SENDING, DeliveryState.HANDED)
GOING = (*OPEN, DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS)  # at most one of these a part and channel
TROUBLE = (DeliveryState.MISSED, DeliveryState.REJECTED, DeliveryState.AMBIGUOUS)


class Delivery(Protected):
    """One part of a post going to one channel at one wall time.

    What a person chose is `wall` (ISO, no offset), `zone` (IANA) and `fold`; `due_at` is derived from them.
    `attempt` counts claims and is the fencing token: whoever finishes must hold the newest. `text`, `payload` and
    its hash are frozen when sending begins: a try whose answer was lost sends the same bytes. `after` is the part
    before it, without which it does not go out. `opened_by` and `closed_by` name the acts (ledger events) that
    planned it and took it off, so that an act can be undone whole; `closed_why` is what was said with the second. One
    that was let go because what it was to follow is taken down has no `closed_by`: that was no act of planning.

    An ambiguous one is looked for (`looks` counts) until `asked_at`: from then on a person is asked, with `evidence`.
    One that is posted by hand was given to `handed_to` at `handed_at`, and is out because `said_by` said so.
    `edited_at` and `removed_at`: what stands there was changed since, or taken down (the room `changes` says how).
    """

    State = DeliveryState

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="deliveries")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    planned_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    opened_by = models.UUIDField()
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=CLOSED_WHY_LENGTH, blank=True)

    wall = models.CharField(max_length=19)
    zone = models.CharField(max_length=64)
    fold = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    latest_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.INTENT)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    try_at = models.DateTimeField()
    client_key = models.CharField(max_length=64, unique=True)
    part = models.PositiveSmallIntegerField(default=0)
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="before")
    text = models.TextField(blank=True)
    uploads = models.JSONField(default=list, blank=True)
    payload = models.JSONField(null=True)
    payload_hash = models.CharField(max_length=64, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    remote = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=1000, blank=True)
    evidence = models.CharField(max_length=2000, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    handed_to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    ledger_name = "publishing.delivery"

    class Meta:
        indexes = [
            models.Index(
                fields=["try_at"],
                name="delivery_open",
                condition=Q(state__in=("intent", "sending", "handed"))
                | Q(state="ambiguous", asked_at__isnull=True),
            ),
            models.Index(
                fields=["workspace", "due_at"], name="delivery_planned", condition=Q(state__in=OPEN)
            ),
            models.Index(
                fields=["workspace", "ended_at"], name="delivery_trouble", condition=Q(state__in=TROUBLE)
            ),
            models.Index(
                fields=["workspace", "-ended_at"], name="delivery_out", condition=Q(state="accepted")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "channel", "part"],
                name="delivery_once_per_channel",
                condition=Q(state__in=GOING),
            ),
            models.CheckConstraint(name="delivery_latest_after_due", condition=Q(latest_at__gte=F("due_at"))),
        ]

    @property
    def version(self) -> int:
        return self.attempt

    @property
    def local(self) -> datetime:
        """The chosen wall time, aware, in the zone it was chosen in."""
        chosen = datetime.fromisoformat(self.wall).replace(fold=self.fold)
        return chosen.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def place(self) -> tuple[UUID, UUID, int]:
        """What there is one of at a time: this part of this post on this channel."""
        return self.post_id, self.channel_id, self.part

    @property
    def word(self) -> str:
        return self.get_state_display()

    @property
    def settled(self) -> Settlement | None:
        """What a person decided about it, when it was in trouble; not of one that was put back on its way."""
        standing = (s for s in self.settlements.all() if s.undone_at is None)
        return next((s for s in standing if s.how != Settlement.How.ABSENT), None)

    @property
    def is_out(self) -> bool:
        """Accepted by the network, or a person looked and said so."""
        settled = self.settled if self.state == DeliveryState.AMBIGUOUS else None
        return self.state == DeliveryState.ACCEPTED or (settled is not None and settled.how == "out")

    @property
    def stands(self) -> bool:
        """It is out, and nobody has taken it down."""
        return self.is_out and self.removed_at is None

    @property
    def looking(self) -> bool:
        """Not known yet, and the network is still being asked."""
        return self.state == DeliveryState.AMBIGUOUS and self.asked_at is None

    @property
    def unsettled(self) -> bool:
        """In trouble, and nobody has decided about it."""
        return self.state in TROUBLE and not self.looking and self.settled is None

    @property
    def published(self) -> Published:
        """What the network said when it took it."""
        return Published(self.remote_id, self.url, self.remote)


class Settlement(Protected):
    """What a person decided about a delivery that was missed, refused or could not be known."""

    class How(models.TextChoices):
        SENT_AGAIN = "sent again", "sent again"
        MOVED = "moved", "moved to another time"
        DROPPED = "dropped", "dropped"
        OUT = "out", "it is out"
        ABSENT = "absent", "it is not out, so it is sent again"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="settlements")
    how = models.CharField(max_length=12, choices=How.choices)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()
    act = models.UUIDField(null=True)  # the act of planning that belongs to it: undone together
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], name="settlement_stands_once", condition=Q(undone_at__isnull=True)
            )
        ]
