"""The table of networks: one line each. Nothing outside a network's folder knows more about it than this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quarterdeck.channels import by_hand, credentials
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.connection import BlueskyConnector
from quarterdeck.channels.contract import Account, Adapter, Connector
from quarterdeck.channels.mastodon.adapter import MastodonAdapter
from quarterdeck.channels.mastodon.connection import MastodonConnector
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.core.problems import NotFound

if TYPE_CHECKING:
    from quarterdeck.channels.models import Channel

NETWORKS: dict[str, type[Adapter]] = {
    SandboxAdapter.network: SandboxAdapter,
    BlueskyAdapter.network: BlueskyAdapter,
    MastodonAdapter.network: MastodonAdapter,
}
CONNECTORS: dict[str, type[Connector]] = {
    BlueskyConnector.network: BlueskyConnector,
    MastodonConnector.network: MastodonConnector,
}


def network(name: str) -> type[Adapter]:
    """The adapter class of a network; NotFound in words for a name this installation does not know."""
    if name not in NETWORKS:
        raise NotFound("This installation does not know that network.", next_step="Choose one from the list.")
    return NETWORKS[name]


def kind(channel: Channel) -> type[Adapter]:
    """The adapter class that speaks for this channel; one that only checks, where a person posts."""
    return by_hand.adapter(channel.network) if channel.by_hand else network(channel.network)


def title(channel: Channel) -> str:
    """The network's name for people."""
    return kind(channel).title


def unsigned(channel: Channel) -> Adapter:
    """The same without its sign-in, for what needs none: what it can do, and whether it would take something."""
    return kind(channel)(Account(channel.handle, channel.remote_id, channel.server, facts=channel.facts))


def of(channel: Channel) -> Adapter:
    """The adapter that speaks for this channel, with its sign-in as last kept."""
    return kind(channel)(credentials.account(channel))
