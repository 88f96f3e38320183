"""Accounts, adapters and contents for the tests of this network."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from quarterdeck.channels.contract import Account, Content, Media, Stopped
from quarterdeck.channels.mastodon import server
from quarterdeck.channels.mastodon.adapter import MastodonAdapter
from quarterdeck.channels.mastodon.tests.fake_mastodon import ACCOUNT, EVERYTHING, TOKEN, FakeMastodon

SLOT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def account(fake: FakeMastodon, **other) -> Account:
    """Connected with a token by hand, as the server says of itself."""
    facts = server.facts(fake.url)[1] | {"scopes": EVERYTHING.split()}
    kept = {"access_token": TOKEN, "expires_at": "never"}
    return replace(Account("harbour@fake.example", ACCOUNT, fake.url, kept, facts), **other)


def adapter(fake: FakeMastodon, **other) -> MastodonAdapter:
    return MastodonAdapter(account(fake, **other))


def image(name: str = "soup.png", alt: str = "A bowl of soup", mime: str = "image/png") -> Media:
    return Media("m1", name, mime, len(PNG), "0" * 64, 40, 30, alt, lambda: PNG)


def body(speaker: MastodonAdapter, text: str = "Soup of the day.", *media: Media, **given) -> dict:
    key = "0" * 32
    uploads = [speaker.upload(one) for one in media]
    return speaker.render(Content(text, media, "en"), key=key, due_at=SLOT, uploads=uploads, **given)


def key() -> str:
    return MastodonAdapter.new_key(SLOT, 0)


class Gate:
    """An open gate that counts who went through; `closed` raises Stopped."""

    def __init__(self, closed: bool = False) -> None:
        self.closed, self.passed, self.inside = closed, 0, False

    @contextlib.contextmanager
    def __call__(self):
        if self.closed:
            raise Stopped
        self.passed += 1
        self.inside = True
        yield
        self.inside = False


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)
