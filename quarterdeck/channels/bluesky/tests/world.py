"""What the tests of Bluesky stand on."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import fake_bluesky
from quarterdeck.channels.contract import Account, Content, Media, Published

DUE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


@dataclass
class Gate:
    """Counts how often a call was begun; `closed` lets none through."""

    closed: Exception | None = None
    passed: int = 0
    order: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        if self.closed:
            raise self.closed
        self.passed += 1
        yield


def account(fake: fake_bluesky.FakeBluesky, **secrets: str) -> Account:
    return Account(
        handle=fake_bluesky.HANDLE,
        remote_id=fake_bluesky.DID,
        server=fake.url,
        secrets=fake_bluesky.account_secrets() | secrets,
        facts={"entry": fake.url},
    )


def adapter(fake: fake_bluesky.FakeBluesky, **secrets: str) -> BlueskyAdapter:
    return BlueskyAdapter(account(fake, **secrets))


def image(raw: bytes = PIXEL, name: str = "soup.png", **changed: object) -> Media:
    return Media(
        **{
            "id": name,
            "name": name,
            "mime": "image/png",
            "size": len(raw),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "width": 1,
            "height": 1,
            "alt": "A bowl of soup.",
            "read": lambda: raw,
        }
        | changed
    )


def body(speaker: BlueskyAdapter, text: str = "Soup at noon.", position: int = 0, **given: object) -> dict:
    content = given.pop("content", None) or Content(text)
    return speaker.render(content, key=speaker.new_key(DUE, position), due_at=DUE, **given)


def published(speaker: BlueskyAdapter, text: str = "Soup at noon.", **given: object) -> Published:
    """A post that is out."""
    made = body(speaker, text, **given)
    return speaker.publish(made["rkey"], made, gate=Gate())
