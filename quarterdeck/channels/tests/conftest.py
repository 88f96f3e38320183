"""The fake network, offered for the length of a test."""

from __future__ import annotations

import pytest

from quarterdeck.channels import adapters
from quarterdeck.channels.tests.fake_network import FakeAdapter, FakeConnector, FakeServer


@pytest.fixture
def server(tmp_path, monkeypatch) -> FakeServer:
    """The fake network's server; while the test runs, channels can be connected to it."""
    made = FakeServer(tmp_path / "fake-server.json")
    monkeypatch.setitem(adapters.NETWORKS, "fake", FakeAdapter)
    monkeypatch.setitem(adapters.CONNECTORS, "fake", FakeConnector)
    monkeypatch.setattr(FakeConnector, "server", str(made.path))
    return made
