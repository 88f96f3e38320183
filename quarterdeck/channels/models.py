"""The nouns of channels: an account on a network that a workspace publishes through, what signs us in there and how
that connection stands, the posts that stand there with their numbers, and the Sandbox's own rows.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from quarterdeck.channels.contract import Published
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxFile, SandboxPost
from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.ledger.models import Protected

__all__ = [
    "Beginning",
    "Channel",
    "Checkup",
    "Credential",
    "FirstLook",
    "RemotePost",
    "SandboxAccount",
    "SandboxFile",
    "SandboxPost",
    "Snapshot",
]


class Channel(Protected):
    """One account on one network. Disconnecting keeps the row: what went out through it stays readable."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="channels")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="channels")
    network = models.CharField(max_length=24)
    handle = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    by_hand = models.BooleanField(default=False)  # a person posts there; we hand out, and are told
    remote_id = models.CharField(max_length=200, blank=True)
    server = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    connected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    connected_at = models.DateTimeField()
    disconnected_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    disconnected_at = models.DateTimeField(null=True)

    ledger_name = "channels.channel"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "network", "handle", "server", "by_hand"],
                name="channel_connected_once",
                condition=Q(disconnected_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def connected(self) -> bool:
        return self.disconnected_at is None

    @property
    def title(self) -> str:
        """The network's name for people."""
        from quarterdeck.channels import adapters

        return adapters.title(self)

    @property
    def sureness(self) -> str:
        """How it is known that a post is out: proved, read back, by hand."""
        from quarterdeck.channels import adapters

        return adapters.unsigned(self).capabilities.sureness


class Credential(models.Model):
    """What signs us in to a channel's network: sealed, never shown, never logged. `version` counts its changes.

    `renewing_until` is the lease of whoever renews it now: two renewals at once would lose a refresh token that the
    network gives out only once.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="credential"
    )
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    renewing_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Sign-in of {self.channel_id}"


class Beginning(models.Model):
    """A connection whose sign-in goes on at the network: what the connector needs when the person is back, sealed.

    `state_hash` is the SHA-256 of the state that the network must bring back. `channel` is the one that is connected
    anew, if it is. It works once, within half an hour, for the member who began it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="+")
    network = models.CharField(max_length=24)
    sealed = models.BinaryField()
    state_hash = models.BinaryField(unique=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Beginning of {self.network}"


class Checkup(models.Model):
    """How a channel's connection stood when it was last looked at, and when it is looked at again.

    `expires_at` is the end of what signs us in, `life` how long that was when first seen; `ends_soon`: the end is near
    and renewing did not move it, so a person must. `reconnect`: the network no longer lets us in at all. `missing`
    and `left` are sentences.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="checkup"
    )
    next_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)  # in a row
    looked_at = models.DateTimeField(null=True)
    well_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    reconnect = models.BooleanField(default=False)
    since = models.DateTimeField(null=True)  # since when a person is asked to connect it anew
    expires_at = models.DateTimeField(null=True)
    life = models.DurationField(null=True)
    ends_soon = models.BooleanField(default=False)
    missing = models.JSONField(default=list)
    left = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="checkup_due")]

    def __str__(self) -> str:
        return f"Checkup of {self.channel_id}"


class FirstLook(models.Model):
    """The import of what the account had posted before it was connected. Running it again changes nothing more."""

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="first_look"
    )
    since = models.DateTimeField()  # how far back it looks
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)
    cut = models.BooleanField(default=False)  # there were more posts than one look takes
    failure = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"First look at {self.channel_id}"


class RemotePost(models.Model):
    """A post that stands on a network under one of our channels, made through us (`ours`) or not."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="remote_posts")
    remote_id = models.CharField(max_length=400)
    url = models.CharField(max_length=600, blank=True)
    details = models.JSONField(default=dict, blank=True)
    posted_at = models.DateTimeField()
    text = models.TextField(blank=True)
    ours = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "remote_id"], name="remote_post_once")]
        indexes = [models.Index(fields=["channel", "-posted_at"], name="remote_post_newest")]

    def __str__(self) -> str:
        line = next((part.strip() for part in self.text.splitlines() if part.strip()), "")
        return (line if len(line) <= 72 else f"{line[:71].rstrip()}…") or "A post without text"

    @property
    def published(self) -> Published:
        return Published(self.remote_id, self.url, self.details)


class Snapshot(models.Model):
    """A post's numbers as the network gave them once: when it was `age_hours` old, or (None) as found at connection.

    While it is open, `try_at` says when to ask (it moves ahead while somebody asks: the lease) and `attempt` fences.
    In the end it was either taken, with the counts under the network's own names, or not, with the reason: after
    `latest_at` an answer would be that of another age.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    post = models.ForeignKey(RemotePost, on_delete=models.CASCADE, related_name="snapshots")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    age_hours = models.PositiveSmallIntegerField(null=True)
    due_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, blank=True)
    gone = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "age_hours"], name="snapshot_once_per_age", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "try_at"], name="snapshot_due", condition=Q(try_at__isnull=False)
            ),
            models.Index(fields=["latest_at"], name="snapshot_latest", condition=Q(try_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.age_hours} h of {self.post_id}"

    @property
    def asked_for(self) -> str:
        """The age it was meant for, in words: "3 h", "7 days"."""
        return "as found" if self.age_hours is None else _span(timedelta(hours=self.age_hours))

    @property
    def age(self) -> str:
        """How old the post was when the numbers were taken, in words."""
        return _span(self.taken_at - self.post.posted_at) if self.taken_at else ""


def _span(length: timedelta) -> str:
    """ "48 min", "24 h", "7 days": whole units, rounded down."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
