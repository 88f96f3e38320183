"""The networks as people meet them: cards to choose from, what each takes, and how one connects there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from quarterdeck.channels import adapters, by_hand, standing
from quarterdeck.channels.contract import Adapter, Connector, Limit
from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import NotFound


@dataclass(frozen=True, slots=True)
class Card:
    """A network to choose. `connects`: an account there signs in; `by_hand`: a person can post there instead."""

    name: str
    title: str
    abilities: str
    sureness: str
    connects: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A limit; `link` leads to its source where that is a page, which `named` names by its site."""

    limit: Limit
    named: str
    link: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a network takes, each limit with its source and when that was last checked."""

    title: str
    abilities: str
    sureness: str
    lines: list[Line]


def cards() -> list[Card]:
    """Every network of this installation, the ones that connect first."""
    kinds = adapters.NETWORKS | _only_by_hand()
    return [_card(name, kind) for name, kind in kinds.items()]


def _only_by_hand() -> dict[str, type[Adapter]]:
    names = [name for name, _ in by_hand.CHOICES if name not in adapters.NETWORKS]
    return {name: by_hand.adapter(name) for name in names}


def _card(name: str, kind: type[Adapter]) -> Card:
    can = kind.CAPABILITIES
    connects = name in adapters.CONNECTORS or name == "sandbox"
    title = kind.title if name in adapters.NETWORKS else by_hand.TITLES[name]
    return Card(name, title, standing.abilities(can), can.sureness, connects, by_hand=name != "sandbox")


def sheets() -> list[Sheet]:
    """The same networks with their limits."""
    return [
        Sheet(card.title, card.abilities, card.sureness, [_line(limit) for limit in _kind(card.name).limits])
        for card in cards()
        if card.name != "other"
    ]


def _line(limit: Limit) -> Line:
    if not limit.source.startswith("https://"):
        return Line(limit, limit.source, "")
    return Line(limit, urlsplit(limit.source).netloc, limit.source)


def _kind(name: str) -> type[Adapter]:
    return adapters.NETWORKS.get(name) or by_hand.adapter(name)


def connector(network: str) -> Connector:
    """How an account of the network is connected; NotFound in words where none can be."""
    adapters.network(network)
    if network not in adapters.CONNECTORS:
        raise NotFound(
            "An account of that network cannot be connected here.", next_step="Choose another one."
        )
    return adapters.CONNECTORS[network]()


def can_connect(channel: Channel) -> bool:
    """True when the channel signs in to its network, so that it can be signed in anew."""
    return not channel.by_hand and channel.network in adapters.CONNECTORS
