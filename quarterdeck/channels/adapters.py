"""The table of networks: one line each. Nothing outside a network's folder knows more about it than this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quarterdeck.channels.contract import Adapter
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.core.problems import NotFound

if TYPE_CHECKING:
    from quarterdeck.channels.models import Channel

NETWORKS: dict[str, type[Adapter]] = {
    SandboxAdapter.network: SandboxAdapter,
}


def network(name: str) -> type[Adapter]:
    """The adapter class of a network; NotFound in words for a name this installation does not know."""
    if name not in NETWORKS:
        raise NotFound("This installation does not know that network.", next_step="Choose one from the list.")
    return NETWORKS[name]


def of(channel: Channel) -> Adapter:
    """The adapter that speaks for this channel."""
    return network(channel.network)(channel.handle)
