"""Plain functions that make what the room's tests need."""

from __future__ import annotations

from quarterdeck.channels import verbs
from quarterdeck.channels.models import Channel
from quarterdeck.channels.tests.fake_network import PASSWORD, FakeConnector
from quarterdeck.crew.models import Member
from tests import make


def connected(by: Member | None = None, handle: str = "harbour") -> Channel:
    """A channel on the fake network, signed in."""
    by = by or make.member()
    account = FakeConnector().begin({"handle": handle, "password": PASSWORD}, back="")
    return verbs.connect(by, brand=by.workspace.brands.get(), network="fake", connected=account)
