"""What people do with channels: connect, connect anew, rename, disconnect."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from quarterdeck import ledger
from quarterdeck.channels.contract import Connected
from quarterdeck.channels.intake import checkups, numbers, signins
from quarterdeck.channels.models import Channel
from quarterdeck.channels.numbers import LOOK_BACK
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
    channel = _connect(by, brand=brand, network="sandbox", handle=account.handle, name=name)
    checkups.start(channel)
    return channel


@verb
def connect(by: Member, *, brand: Brand, network: str, connected: Connected) -> Channel:
    """Connect an account that has just signed in. Its posts of the last 90 days are imported afterwards.

    An account that was disconnected comes back as the channel it was. Conflict when it is connected already.
    """
    found = _same_account(brand, network, connected)
    if found is not None:
        if found.connected:
            raise Conflict(
                f"@{found.handle} is connected already, as “{found.name}”.",
                next_step="To sign it in anew, use “Connect again” on its page.",
            )
        return _connect_again(by, found, connected)
    try:
        with transaction.atomic():
            channel = _connect(
                by,
                brand=brand,
                network=network,
                handle=connected.handle,
                name=(connected.name.strip() or connected.handle)[:NAME_LENGTH],
                remote_id=connected.remote_id,
                server=connected.server,
                facts=dict(connected.facts),
            )
    except IntegrityError as error:
        raise Conflict(f"@{connected.handle} is connected in this workspace already.") from error
    _look_back(channel, connected)
    return channel


@verb
def reconnect(channel: Channel, *, by: Member, connected: Connected) -> Channel:
    """Sign the same account in anew; the channel, its posts and its plans stay. Conflict for another account."""
    channel = _connected(channel)
    if not _is_account(channel, connected):
        raise Conflict(
            f"That sign-in belongs to @{connected.handle}, and this channel is @{channel.handle}.",
            next_step="Sign in as the same account, or connect the other one as a channel of its own.",
        )
    return _connect_again(by, channel, connected)


def _same_account(brand: Brand, network: str, connected: Connected) -> Channel | None:
    rows = Channel.objects.select_for_update().filter(
        workspace=brand.workspace_id, network=network, by_hand=False
    )
    same = [row for row in rows.order_by("connected_at") if _is_account(row, connected)]
    still = next((row for row in same if row.connected), None)
    return still or next((row for row in reversed(same) if row.brand_id == brand.pk), None)


def _is_account(channel: Channel, connected: Connected) -> bool:
    """By the network's own id, which stays when a handle changes; by handle and server where there is none."""
    if channel.remote_id and connected.remote_id:
        return channel.remote_id == connected.remote_id
    return (channel.handle, channel.server) == (connected.handle, connected.server)


def _connect_again(by: Member, channel: Channel, connected: Connected) -> Channel:
    channel.handle, channel.server = connected.handle, connected.server
    channel.remote_id, channel.facts = connected.remote_id, dict(connected.facts)
    channel.disconnected_by = channel.disconnected_at = None
    channel.ledger_event_id = ids.new()
    channel.save()
    ledger.record(
        "channels.channel.reconnected",
        actor=by,
        about=channel,
        fields={"network": channel.network, "handle": channel.handle},
        event_id=channel.ledger_event_id,
    )
    _look_back(channel, connected)
    return channel


def _look_back(channel: Channel, connected: Connected) -> None:
    """Keep the sign-in, begin to look after it, and ask for the posts it made before."""
    from quarterdeck.channels.jobs import first_look  # at call time: jobs register when the apps are ready

    signins.keep(channel, connected.secrets)
    checkups.start(channel)
    numbers.ask_first_look(channel, clock.now() - LOOK_BACK)
    first_look.configure(lock=f"channels.first_look:{channel.pk}").defer(channel_id=str(channel.pk))


def _connect(by: Member, *, brand: Brand, network: str, handle: str, name: str, **account) -> Channel:
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
        **account,
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
    """Nothing more goes out through it, and what signed us in is forgotten. What was published there stays, and stays
    readable here."""
    channel = _connected(channel)
    channel.disconnected_by, channel.disconnected_at = by, clock.now()
    channel.ledger_event_id = ids.new()
    channel.save(update_fields=["disconnected_by", "disconnected_at", "ledger_event_id"])
    signins.forget(channel)
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
