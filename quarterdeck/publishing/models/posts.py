"""The nouns of publishing. A post is a text somebody answers for; what became of it stands in rows beside it
(asked, approved, returned), each with who and when; a delivery is that post going to one channel at one time.
A post's state is derived from these rows (`status.py`), never stored.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from quarterdeck.channels.models import Channel
from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.ledger.models import Protected

TEXT_LENGTH = 20_000
LATEST_AFTER = timedelta(minutes=15)
UNDO_WINDOW = timedelta(seconds=10)


def hash_text(text: str) -> str:
    """SHA-256 of the text in hexadecimal: what an approval is an approval of."""
    return hashlib.sha256(text.encode()).hexdigest()


class Post(Protected):
    """One text for one brand, on its way to the channels chosen for it. `version` counts its edits."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="posts")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=TEXT_LENGTH)
    text_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
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


class Ask(Protected):
    """Somebody asked for approval of this very text. Open until approved, returned or overtaken by an edit."""

    class End(models.TextChoices):
        APPROVED = "approved"
        RETURNED = "returned"
        OVERTAKEN = "overtaken"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="asks")
    text_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, choices=End.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], name="ask_open_once", condition=Q(ended_at__isnull=True))
        ]


class Approval(Protected):
    """A person stood behind this very text. `alone`: they approved their own, being the only member."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="approvals")
    text_hash = models.CharField(max_length=64)
    approved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    alone = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "text_hash"],
                name="approval_stands_once",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]


class Return(Protected):
    """The text went back to its author, with the reason they read."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="returns")
    text_hash = models.CharField(max_length=64)
    returned_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)


class DeliveryState(models.TextChoices):
    """Where a delivery stands. A worker's claim is its lease, not a state: losing it changes nothing."""

    INTENT = "intent", "planned"
    SENDING = "sending", "being sent"
    ACCEPTED = "accepted", "out"
    REJECTED = "rejected", "refused"
    AMBIGUOUS = "ambiguous", "not known"
    MISSED = "missed", "missed"
    CANCELLED = "cancelled", "taken off"


OPEN = (DeliveryState.INTENT, DeliveryState.SENDING)
TROUBLE = (DeliveryState.MISSED, DeliveryState.REJECTED, DeliveryState.AMBIGUOUS)


class Delivery(Protected):
    """One post going to one channel at one wall time.

    What a person chose is `wall` (ISO, no offset), `zone` (IANA) and `fold`; `due_at` is derived from them.
    `attempt` counts claims and is the fencing token: whoever finishes must hold the newest. `text` is frozen when
    sending begins. `opened_by` and `closed_by` name the acts (ledger events) that planned it and took it off,
    so that an act can be undone whole.
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
    text = models.TextField(blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    failure = models.CharField(max_length=1000, blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    ledger_name = "publishing.delivery"

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], name="delivery_open", condition=Q(state__in=OPEN)),
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
                fields=["post", "channel"],
                name="delivery_once_per_channel",
                condition=Q(state__in=(*OPEN, DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS)),
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
    def word(self) -> str:
        return self.get_state_display()

    @property
    def settled(self) -> Settlement | None:
        """What a person decided about it, when it was in trouble."""
        return next((s for s in self.settlements.all() if s.undone_at is None), None)

    @property
    def is_out(self) -> bool:
        """Accepted by the network, or a person looked and said so."""
        settled = self.settled if self.state == DeliveryState.AMBIGUOUS else None
        return self.state == DeliveryState.ACCEPTED or (settled is not None and settled.how == "out")

    @property
    def unsettled(self) -> bool:
        """In trouble, and nobody has decided about it."""
        return self.state in TROUBLE and self.settled is None


class Settlement(Protected):
    """What a person decided about a delivery that was missed, refused or could not be known."""

    class How(models.TextChoices):
        SENT_AGAIN = "sent again", "sent again"
        MOVED = "moved", "moved to another time"
        DROPPED = "dropped", "dropped"
        OUT = "out", "it is out"

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
