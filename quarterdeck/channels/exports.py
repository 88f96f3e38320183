"""What the full export holds of channels: the accounts, what stands on them and its numbers. No sign-in is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.channels.models import Channel, RemotePost, Snapshot
from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace

Rows = Iterator[dict[str, Any]]


def channels(workspace: Workspace) -> Rows:
    found = Channel.objects.filter(workspace=workspace).select_related("brand")
    for row in in_chunks(found.order_by("connected_at", "pk")):
        yield {
            "id": row.pk,
            "name": row.name,
            "network": row.network,
            "network_title": row.title,
            "handle": row.handle,
            "server": row.server,
            "by_hand": row.by_hand,
            "brand": row.brand.name,
            "connected_at": row.connected_at,
            "disconnected_at": row.disconnected_at,
        }


def network_posts(workspace: Workspace) -> Rows:
    """Posts that stand on the networks, ours and those made elsewhere."""
    found = RemotePost.objects.filter(channel__workspace=workspace).select_related("channel")
    for row in in_chunks(found.order_by("posted_at", "pk")):
        yield {
            "id": row.pk,
            "channel": row.channel.name,
            "remote_id": row.remote_id,
            "url": row.url,
            "posted_at": row.posted_at,
            "text": row.text,
            "through_us": row.ours,
        }


def numbers(workspace: Workspace) -> Rows:
    """What the networks counted, at each age, under their own names."""
    found = Snapshot.objects.filter(channel__workspace=workspace, try_at__isnull=True)
    for row in in_chunks(found.order_by("due_at", "pk")):
        yield {
            "network_post": row.post_id,
            "age_hours": row.age_hours,
            "taken_at": row.taken_at,
            "counts": row.counts,
            "gone": row.gone,
            "reason": row.reason,
        }


EXPORTS = {
    "channels": ExportTable("The accounts on networks, those disconnected too.", channels),
    "network_posts": ExportTable("Posts that stand on the networks, ours and others’.", network_posts),
    "numbers": ExportTable("What the networks counted for these, at each age.", numbers),
}
