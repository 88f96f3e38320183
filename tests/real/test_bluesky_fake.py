"""The strict fake against the real server: what one refuses, the other refuses by the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import keys, record
from quarterdeck.channels.bluesky.tests import fake_bluesky, world
from quarterdeck.channels.bluesky.xrpc import NOTHING, No, Server
from quarterdeck.channels.contract import Content

pytestmark = [pytest.mark.real, pytest.mark.timeout(400)]
NOBODY = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
_people = count(1)


@dataclass
class Side:
    """An account on one of the two. `becomes` changes what the server makes of it."""

    address: str
    did: str
    handle: str
    password: str
    becomes: Callable[[str], None]

    def session(self) -> dict[str, Any]:
        asked = {"identifier": self.handle, "password": self.password}
        return Server(self.address).ask("com.atproto.server.createSession", post=asked, signed=False)


@pytest.fixture
def sides(bluesky, monkeypatch):
    with fake_bluesky.FakeBluesky(index=False) as fake:
        monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"{bluesky.host},127.0.0.1:{fake.port}")
        calls.client.cache_clear()
        person = bluesky.person(f"twin{next(_people)}")

        def become(state: str) -> None:
            if state == "suspended":
                bluesky.take_down(person)
            elif state == "gone":
                bluesky.delete(person)
            else:
                asked = {"identifier": person.did, "password": person.password}
                session = bluesky.call("com.atproto.server.createSession", post=asked)
                bluesky.call("com.atproto.server.deactivateAccount", post={}, token=session["accessJwt"])

        def pretend(state: str) -> None:
            fake.accounts[fake_bluesky.DID].state = state

        real = Side(bluesky.address, person.did, person.handle, person.app_password, become)
        like = Side(fake.url, fake_bluesky.DID, fake_bluesky.HANDLE, fake_bluesky.APP_PASSWORD, pretend)
        yield real, like
    calls.client.cache_clear()


def _said(call: Callable[[], Any]) -> str:
    """The name of the refusal, or what kind of success."""
    try:
        call()
    except No as no:
        return f"{no.name} {'later' * no.transient}{'person' * no.reconnect}".strip()
    return "yes"


def _post(side: Side, text: str = "Soup", key: str = "") -> dict[str, Any]:
    body = {"repo": side.did, "collection": record.POST, "rkey": key or keys.new(world.DUE, 0)}
    return body | {
        "record": record.of(Content(text), world.DUE, (), None),
        "swapRecord": None,
        "validate": True,
    }


def _answers(side: Side) -> dict[str, str]:
    """What this side says to each call."""
    tokens = side.session()
    signed = Server(side.address, tokens["accessJwt"])
    open_, renewing = Server(side.address), Server(side.address, tokens["refreshJwt"])
    wrong = Server(side.address, "not.a.token")
    key = keys.new(world.DUE, 1)
    put, where = "com.atproto.repo.putRecord", {"repo": side.did, "collection": record.POST, "rkey": key}
    probes: dict[str, Callable[[], Any]] = {
        "missing": lambda: open_.ask("com.atproto.repo.getRecord", params=where, signed=False),
        "put": lambda: signed.ask(put, post=_post(side, key=key)),
        "there": lambda: open_.ask("com.atproto.repo.getRecord", params=where, signed=False),
        "the same again": lambda: signed.ask(put, post=_post(side, key=key)),
        "another at its key": lambda: signed.ask(put, post=_post(side, "Stew", key=key)),
        "too long": lambda: signed.ask(put, post=_post(side, "x" * 301)),
        "no key": lambda: signed.ask(put, post=_post(side, key="soup")),
        "deleted": lambda: signed.ask("com.atproto.repo.deleteRecord", post=where),
        "deleted again": lambda: signed.ask("com.atproto.repo.deleteRecord", post=where),
        "wrong token": lambda: wrong.ask(put, post=_post(side)),
        "renewing with the wrong token": lambda: signed.ask(
            "com.atproto.server.refreshSession", post=NOTHING
        ),
        "putting with the wrong token": lambda: renewing.ask(put, post=_post(side)),
        "no index": lambda: signed.ask("app.bsky.feed.getPosts", params={"uris": [f"at://{side.did}/a/b"]}),
        "nobody": lambda: open_.ask("com.atproto.sync.getRepoStatus", params={"did": NOBODY}, signed=False),
        "signing out": lambda: renewing.ask("com.atproto.server.deleteSession", post=NOTHING),
        "renewing what is over": lambda: renewing.ask("com.atproto.server.refreshSession", post=NOTHING),
    }
    return {label: _said(call) for label, call in probes.items()}


def test_they_answer_alike(sides):
    real, like = sides
    assert _answers(real) == _answers(like)


@pytest.mark.parametrize("state", ["deactivated", "suspended", "gone"])
def test_they_answer_alike_for_an_account_that_is(sides, state):
    real, like = (_answers_once(side, state) for side in sides)
    assert real == like


def _answers_once(side: Side, state: str) -> dict[str, str]:
    """What this side says once it has made this of the account."""
    tokens = side.session()
    side.becomes(state)
    signed, renewing = (Server(side.address, tokens[name]) for name in ("accessJwt", "refreshJwt"))
    did = {"did": side.did}
    probes: dict[str, Callable[[], Any]] = {
        "put": lambda: signed.ask("com.atproto.repo.putRecord", post=_post(side)),
        "upload": lambda: signed.ask("com.atproto.repo.uploadBlob", post=(world.PIXEL, "image/png")),
        "session": lambda: signed.ask("com.atproto.server.getSession"),
        "status": lambda: signed.ask("com.atproto.sync.getRepoStatus", params=did, signed=False),
        "renew": lambda: renewing.ask("com.atproto.server.refreshSession", post=NOTHING),
        "sign in": side.session,
    }
    return {label: _said(call) for label, call in probes.items()}
