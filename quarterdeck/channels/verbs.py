"""What people do with channels: connect, rename, disconnect."""

from __future__ import annotations

import secrets

from django.utils.text import slugify

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.channels.sandbox.models import SandboxAccount
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member

NAME_LENGTH = 80


@verb
def connect_sandbox(by: Member, *, brand: Brand, name: str = "") -> Channel:
    """Open an account on the Sandbox for the brand and connect it. The handle is the brand's name, made unique."""
    name = _name(name or brand.name)
    account = SandboxAccount.objects.create(handle=_free_handle(name), name=name, created_at=clock.now())
    return _connect(by, brand=brand, network="sandbox", handle=account.handle, name=name)


def _connect(by: Member, *, brand: Brand, network: str, handle: str, name: str) -> Channel:
    event_id = ids.new()
    channel = Channel.objects.create(
        workspace=by.workspace,
        brand=brand,
        network=network,
        handle=handle,
        name=name,
        connected_by=by,
        connected_at=clock.now(),
        ledger_event_id=event_id,
    )
    ledger.record(
        "channels.channel.connected",
        actor=by,
        about=channel,
        fields={"network": network, "handle": handle, "name": name},
        event_id=event_id,
    )
    return channel


@verb
def rename(channel: Channel, *, by: Member, name: str) -> Channel:
    """Give the channel another name in this workspace; the network's own name for it stays."""
    channel = _connected(channel)
    channel.name = _name(name)
    channel.ledger_event_id = ids.new()
    channel.save(update_fields=["name", "ledger_event_id"])
    ledger.record(
        "channels.channel.renamed",
        actor=by,
        about=channel,
        fields={"name": channel.name},
        event_id=channel.ledger_event_id,
    )
    return channel


@verb
def disconnect(channel: Channel, *, by: Member) -> Channel:
    """Nothing more goes out through it. What was published there stays, and stays readable here."""
    channel = _connected(channel)
    channel.disconnected_by, channel.disconnected_at = by, clock.now()
    channel.ledger_event_id = ids.new()
    channel.save(update_fields=["disconnected_by", "disconnected_at", "ledger_event_id"])
    ledger.record(
        "channels.channel.disconnected",
        actor=by,
        about=channel,
        fields={"network": channel.network},
        event_id=channel.ledger_event_id,
    )
    return channel


def _connected(channel: Channel) -> Channel:
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    if not channel.connected:
        raise Conflict(f"“{channel.name}” is disconnected already.")
    return channel


def _name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid("A channel needs a name.", fields={"name": "Please give it a name."})
    if len(name) > NAME_LENGTH:
        raise Invalid(
            f"That name is longer than {NAME_LENGTH} characters.", fields={"name": "Please shorten the name."}
        )
    return name


def _free_handle(name: str) -> str:
    """A handle nobody on the Sandbox has: the name itself, else the name and five random letters."""
    wanted = slugify(name)[:50] or "account"
    if not SandboxAccount.objects.filter(handle=wanted).exists():
        return wanted
    return f"{wanted}-{secrets.token_hex(3)}"
