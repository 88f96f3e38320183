"""What one batch of deliveries reads once: who speaks for each channel, what each post says."""

from __future__ import annotations

import threading
from uuid import UUID

from quarterdeck.channels import asking
from quarterdeck.channels.contract import Adapter, Content, Refused
from quarterdeck.publishing import content
from quarterdeck.publishing.models import Delivery


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
