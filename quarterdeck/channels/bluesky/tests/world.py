"""What the tests of Bluesky stand on."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from quarterdeck.channels.bluesky import dpop
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import fake_bluesky, fake_oauth
from quarterdeck.channels.contract import Account, Content, Media, Published
from quarterdeck.core import clock

DUE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
LOCAL_CLIENT = "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2Fchannels%2Fback%2F&scope=atproto+transition%3Ageneric"


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


def by_oauth(
    fake: fake_bluesky.FakeBluesky, *, client_id: str = LOCAL_CLIENT, client_key: str = ""
) -> Account:
    """The account signed in by OAuth, as if a person had been there: the fake knows the sign-in."""
    key = dpop.new_key()
    jkt = dpop.thumbprint(dpop.public_jwk(dpop._private(key)))
    made = fake_oauth.FakeSession(fake_bluesky.DID, client_id, client_key, jkt, fake_oauth.SCOPE)
    made.access, made.refreshes = f"fake-access-{len(fake.oauth.sessions)}", ["fake-refresh-first"]
    fake.oauth.sessions.append(made)
    now = clock.now().isoformat()
    return Account(
        handle=fake_bluesky.HANDLE,
        remote_id=fake_bluesky.DID,
        server=fake.url,
        secrets={"access": made.access, "refresh": made.refreshes[0], "key": key, "renewed_at": now},
        facts={"oauth": {"issuer": fake.url, "client_id": client_id, "began_at": now}},
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
