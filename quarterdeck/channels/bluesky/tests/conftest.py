"""The strict fake, reachable by the product's own client."""

from __future__ import annotations

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import dpop, identity
from quarterdeck.channels.bluesky.tests.fake_bluesky import FakeBluesky


@pytest.fixture
def fake(monkeypatch):
    with FakeBluesky() as running:
        monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{running.port}")
        monkeypatch.setattr(identity, "DIRECTORY", f"{running.url}/plc")
        dpop.memory.forget()
        calls.client.cache_clear()
        yield running
    calls.client.cache_clear()
