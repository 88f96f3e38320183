"""The nouns of channels: an account on a network that a workspace publishes through, and the Sandbox's own rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxPost
from quarterdeck.core import ids
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.ledger.models import Protected

__all__ = ["Channel", "SandboxAccount", "SandboxPost"]


class Channel(Protected):
    """One account on one network. Disconnecting keeps the row: what went out through it stays readable."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="channels")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="channels")
    network = models.CharField(max_length=24)
    handle = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    connected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    connected_at = models.DateTimeField()
    disconnected_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    disconnected_at = models.DateTimeField(null=True)

    ledger_name = "channels.channel"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "network", "handle"],
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

        return adapters.network(self.network).title

    @property
    def sureness(self) -> str:
        """How it is known that a post is out: proved, read back, by hand."""
        from quarterdeck.channels import adapters

        return adapters.network(self.network).capabilities.sureness
