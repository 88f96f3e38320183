"""What one batch of deliveries reads once: who speaks for each channel, what each post says."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from uuid import UUID

from quarterdeck.channels import asking
from quarterdeck.channels.contract import Adapter, Content, Refused
from quarterdeck.channels.models import Channel
from quarterdeck.publishing import content
from quarterdeck.publishing.models import Delivery, Post

# What sending does not read; whoever tells a person of it has it loaded then.
_UNUSED = (
    "planned_by",
    "planned_at",
    "opened_by",
    "closed_by",
    "closed_at",
    "wall",
    "zone",
    "fold",
    "said_by",
)
_UNUSED_OF_CHANNELS = ("connected_by", "connected_at", "disconnected_by")


def loaded(pks: Iterable[UUID]) -> list[Delivery]:
    """The deliveries, each with its post, its channel (and what signs that in) and the part before it; a post or a
    channel that several share is loaded once, and is one object."""
    rows = list(Delivery.objects.filter(pk__in=list(pks)).defer(*_UNUSED))
    posts = Post.objects.select_related("workspace").in_bulk({row.post_id for row in rows})
    channels = (
        Channel.objects.select_related("credential")
        .defer(*_UNUSED_OF_CHANNELS)
        .in_bulk({row.channel_id for row in rows})
    )
    after = {row.after_id for row in rows if row.after_id}
    before = Delivery.objects.in_bulk(after) if after else {}
    for row in rows:
        row.post, row.channel = posts[row.post_id], channels[row.channel_id]
        row.after = before.get(row.after_id)
    return rows


class Known:
    """What one batch reads once: the adapter of each channel, signed in; the content of each post there."""

    def __init__(self) -> None:
        self._adapters: dict[UUID, Adapter | Refused] = {}
        self._contents: dict[tuple[UUID, UUID], list[Content]] = {}
        self._lock = threading.Lock()

    def adapter(self, row: Delivery, *, expired: Adapter | None = None) -> Adapter:
        """The one that speaks for the delivery's channel; another than `expired`. Raises Refused, then each time."""
        with self._lock:
            found = self._adapters.get(row.channel_id)
            if found is None or found is expired:
                try:
                    found = asking.speaker(row.channel, expired=expired)
                except Refused as refused:
                    found = refused
                self._adapters[row.channel_id] = found
        if isinstance(found, Refused):
            raise found
        return found

    def content(self, row: Delivery) -> list[Content]:
        key = (row.post_id, row.channel_id)
        if key not in self._contents:
            self._contents[key] = content.contents(row.post, row.channel)
        return self._contents[key]
