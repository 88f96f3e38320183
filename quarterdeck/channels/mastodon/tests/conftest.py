from __future__ import annotations

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.mastodon import adapter
from quarterdeck.channels.mastodon.tests.fake_mastodon import FakeMastodon


@pytest.fixture(autouse=True)
def _loopback_is_our_own(monkeypatch):
    """The fakes stand on loopback, which is called only where the owner named it."""
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", "127.0.0.1")
    monkeypatch.setattr(adapter, "POLLS", (0.0,) * 5)
    calls.client.cache_clear()
    yield
    calls.client().close()
    calls.client.cache_clear()


@pytest.fixture
def fake():
    with FakeMastodon() as server:
        yield server


@pytest.fixture
def other():
    """A server of other software: it forgets keys."""
    with FakeMastodon(software="pleroma", version="2.7.0", honours_key=False, markup="plain") as server:
        yield server
