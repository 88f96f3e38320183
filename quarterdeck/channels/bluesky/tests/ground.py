"""Bluesky's fake for the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.bluesky.tests.fake_bluesky import DID, FakeBluesky
from quarterdeck.channels.contract import Published
from quarterdeck.channels.tests.contract_suite import Beside, Ground


def _ground(fake: FakeBluesky, adapter: BlueskyAdapter) -> Ground:
    def beside() -> Beside:
        uri = fake.made[-1]["id"]
        embed = fake.accounts[DID].records[uri.removeprefix(f"at://{DID}/")]["value"].get("embed", {})
        card = None
        if external := embed.get("external"):
            card = (external["uri"], external["title"], external["description"], "thumb" in external)
        return Beside(len(embed.get("images", ())), card)

    def call(act: str, post: Published) -> str:
        return "com.atproto.repo.deleteRecord"

    return Ground(adapter, lambda: [one["text"] for one in fake.made], beside, fake.then, call)


@contextmanager
def _bluesky() -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, FakeBluesky() as fake:
        patch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{fake.port}")
        calls.client.cache_clear()
        yield _ground(fake, world.adapter(fake))
    calls.client.cache_clear()


@contextmanager
def _by_oauth() -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, FakeBluesky() as fake:
        patch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{fake.port}")
        calls.client.cache_clear()
        adapter = BlueskyAdapter(world.by_oauth(fake))
        adapter.health()  # the nonce is known from here on: what comes without one has tests of its own
        yield _ground(fake, adapter)
    calls.client.cache_clear()


GROUNDS = {"bluesky": _bluesky, "bluesky, by OAuth": _by_oauth}
