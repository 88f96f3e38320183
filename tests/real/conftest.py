"""One Bluesky server for the run, and the product allowed to call it."""

from __future__ import annotations

import pytest

from quarterdeck.channels import calls
from tests.real.cutting import Cutter
from tests.real.pds import install
from tests.real.pds.server import PDS


@pytest.fixture(scope="session")
def bluesky():
    """The server; its tests are skipped, with the reason, where it cannot be installed."""
    if not install.ready():
        pytest.skip(install.why_not())
    with PDS() as running:
        yield running


@pytest.fixture
def pds(bluesky, monkeypatch):
    """The server, which the product may call."""
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", bluesky.host)
    calls.client.cache_clear()
    yield bluesky
    calls.client.cache_clear()


@pytest.fixture
def cutter(bluesky, monkeypatch):
    """A way to the server that breaks when told to."""
    with Cutter(bluesky.port) as running:
        monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"{bluesky.host},{running.host}")
        calls.client.cache_clear()
        yield running
    calls.client.cache_clear()
