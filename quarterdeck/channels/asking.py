"""One conversation with a channel's network, its sign-in renewed first when it must be, and once more when the
network says that it has run out. Outside any transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from quarterdeck.channels import adapters, credentials
from quarterdeck.channels.contract import Adapter, Refused
from quarterdeck.channels.models import Channel

T = TypeVar("T")


def speaker(channel: Channel, *, expired: Adapter | None = None) -> Adapter:
    """The adapter to call with now. `expired`: the one whose call was refused because its sign-in has run out.

    Raises Refused: with `reconnect` when a person must sign in again, `transient` when it may work later.
    """
    if expired is None and credentials.lasts(channel):
        return adapters.of(channel)
    account = credentials.fresh(channel, expired=expired.account if expired else None)
    return adapters.kind(channel)(account)


def ask(channel: Channel, act: Callable[[Adapter], T]) -> T:
    """What `act` returns, called with the channel's adapter; called a second time after an expired sign-in was
    renewed, so it must bear that. Raises what it raises: Refused, in words."""
    adapter = speaker(channel)
    try:
        return act(adapter)
    except Refused as refused:
        if not refused.expired:
            raise
    return act(speaker(channel, expired=adapter))
