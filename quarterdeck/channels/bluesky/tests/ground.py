"""Bluesky's fake for the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.bluesky.tests.fake_bluesky import FakeBluesky
from quarterdeck.channels.tests.contract_suite import Ground


@contextmanager
def _bluesky() -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, FakeBluesky() as fake:
        patch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{fake.port}")
        calls.client.cache_clear()
        yield Ground(world.adapter(fake), lambda: [one["text"] for one in fake.made], fake.then)
    calls.client.cache_clear()


@contextmanager
def _by_oauth() -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, FakeBluesky() as fake:
        patch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{fake.port}")
        calls.client.cache_clear()
        adapter = BlueskyAdapter(world.by_oauth(fake))
        adapter.health()  # the nonce is known from here on: what comes without one has tests of its own
        yield Ground(adapter, lambda: [one["text"] for one in fake.made], fake.then)
    calls.client.cache_clear()


GROUNDS = {"bluesky": _bluesky, "bluesky, by OAuth": _by_oauth}
