"""A fake network for races: its call takes a moment to connect, and a moment more, inside the gate, until its first
byte leaves. It keeps the instant at which each first byte left, on the machine's monotonic clock, which all
processes share.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from quarterdeck.channels.contract import (
    Account,
    Capabilities,
    Content,
    Finding,
    Gate,
    Health,
    Json,
    Limit,
    Media,
    Published,
    Thread,
)


class FakeRacingAdapter:
    network: ClassVar[str] = "fake"
    title: ClassVar[str] = "Fake network"
    limits: ClassVar[tuple[Limit, ...]] = ()
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(same_key_once=True, can_find=True, sureness="proved")
    left: ClassVar[list[tuple[str, int]]] = []  # (client key, nanoseconds) of each first byte

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def capabilities(self) -> Capabilities:
        return self.CAPABILITIES

    @classmethod
    def new_key(cls, due_at: datetime, position: int) -> str:
        return secrets.token_hex(16)

    def validate(self, content: Content) -> list[str]:
        return []

    def prepare(self, content: Content) -> None:
        return None

    def upload(self, media: Media, *, begun: Json = None) -> Json:
        raise AssertionError("The race has no files.")

    def render(
        self,
        content: Content,
        *,
        key: str,
        due_at: datetime,
        uploads: Sequence[Json] = (),
        thread: Thread | None = None,
    ) -> dict[str, Json]:
        return {"text": content.text}

    def publish(self, key: str, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """One call in five hundred is so slow to connect that its batch's gate has shut meanwhile."""
        chance = int(key[:8], 16)
        time.sleep(1.1 if chance % 500 == 0 else chance % 997 / 997 * 0.003)
        with gate():
            time.sleep(chance % 991 / 991 * 0.002)
            self.left.append((key, time.monotonic_ns()))
        time.sleep(0.002)
        return Published(remote_id=key, url="")

    def reconcile(self, key: str, body: Mapping[str, Json], *, began_at: datetime) -> Finding:
        raise AssertionError(f"No answer was lost, and yet {key} is looked for.")

    def health(self) -> Health:
        return Health()
