"""Samples of channels."""

from __future__ import annotations

from quarterdeck.channels import verbs as channel_verbs
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.contract import Connected, Elsewhere, Secrets
from quarterdeck.channels.intake import signins
from quarterdeck.channels.models import Beginning, Channel, SandboxAccount, SandboxFile, SandboxPost
from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Workspace
from quarterdeck.studio.tests import pictures
from tests.samples.crew import _owner


def _channel(workspace: Workspace) -> Channel:
    return channel_verbs.connect_sandbox(_owner(workspace), brand=workspace.brands.get())


def _by_hand(workspace: Workspace) -> Channel:
    owner, brand, name = _owner(workspace), workspace.brands.first(), ids.new().hex
    return connect_by_hand(owner, brand=brand, network="instagram", name=name)


def _sandbox_post(workspace: Workspace) -> SandboxPost:
    account = SandboxAccount.objects.get(handle=_channel(workspace).handle)
    key = ids.new().hex
    return SandboxPost.objects.create(account=account, client_key=key, text="Soup.", posted_at=clock.now())


def _sandbox_file(workspace: Workspace) -> SandboxFile:
    account = SandboxAccount.objects.get(handle=_channel(workspace).handle)
    return account.files.create(sha256="0" * 64, mime="image/png", width=3, height=2, data=pictures.png())


def _bluesky(workspace: Workspace) -> Channel:
    """An account as it is after it signed in; nothing calls its network."""
    account = Connected(
        "harbour.example", "did:plc:harbour", "Harbour", "https://pds.example", Secrets({"token": "t"})
    )
    return channel_verbs.connect(
        _owner(workspace), brand=workspace.brands.first(), network="bluesky", connected=account
    )


def _beginning(workspace: Workspace) -> Beginning:
    """A connection that goes on at a network."""
    going_on = Elsewhere("https://network.example/authorize", {"state": ids.new().hex})
    brand = workspace.brands.first()
    return signins.begin(_owner(workspace), brand=brand, network="sandbox", elsewhere=going_on)


SAMPLES = {
    "channels-channel": lambda w: {"pk": _channel(w).pk},
    "channels-channel-check": lambda w: {"pk": _channel(w).pk},
    "channels-channel-reconnect": lambda w: {"pk": _bluesky(w).pk},
    "channels-beginning": lambda w: {"pk": _beginning(w).pk},
    "channels-beginning-finish": lambda w: {"pk": _beginning(w).pk},
    "channels-channel-rename": lambda w: {"pk": _channel(w).pk},
    "channels-channel-disconnect": lambda w: {"pk": _channel(w).pk},
    "channels-sandbox-feed": lambda w: {"handle": _channel(w).handle},
    "channels-sandbox-post": lambda w: {"handle": (p := _sandbox_post(w)).account.handle, "pk": p.pk},
    "channels-sandbox-file": lambda w: {"handle": (f := _sandbox_file(w)).account.handle, "pk": f.pk},
}
