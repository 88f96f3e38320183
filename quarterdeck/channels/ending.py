"""Ending a sign-in at its network when a channel is disconnected: tried once, after what we keep of it is forgotten, so
that a network that does not answer cannot keep a channel connected.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Adapter, Refused
from quarterdeck.channels.models import Channel
from quarterdeck.core.secrets import KeyProblem

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """Whether the network was told, and a sentence or two for who disconnected."""

    ended: bool
    words: str


def speaker(channel: Channel) -> Adapter | None:
    """Who can end the sign-in. Ask before disconnecting, which forgets what is needed for it; None where there is
    nothing to end, or what is kept cannot be opened."""
    try:
        found = adapters.of(channel)
    except KeyProblem:
        return None
    return found if found.account.secrets else None


def end(adapter: Adapter | None) -> Ending:
    """Tell the network. Call it outside any transaction, when the channel is disconnected. Raises nothing."""
    if adapter is None:
        return Ending(True, "")
    try:
        return Ending(True, adapter.revoke())
    except Refused as refused:
        why = refused.words
    except Exception:
        _log.exception("Ending a sign-in at %s failed.", adapter.title)
        why = "Something failed here; the log says more."
    return Ending(
        False,
        f"Our sign-in could not be ended at {adapter.title}, so please take it back there, in the account’s settings. "
        f"{why}",
    )
