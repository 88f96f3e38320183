"""What a person did, as a sentence of their own: how rooms tell the private week of the person it belongs to.

A provider is asked with the signed-in member themself, and with nobody else: `leadership/drafting.py` is the only place
that asks, and a test walks the code for another. A deed is said by template, from rows and events, always in the same
words; it has no duration, no count of hours, no comparison and no score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

DeedKind = Literal["accountability", "together", "execution", "ahead", "always-on", "data", "hats"]

# The seven kinds of work of a social media manager, in the order in which a page names them.
KINDS: dict[DeedKind, str] = {
    "execution": "Strategy and execution",
    "together": "Working with others",
    "accountability": "Accountability",
    "ahead": "Staying ahead",
    "always-on": "Always on",
    "data": "Reading the data",
    "hats": "Many hats",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a person did in a stretch of time.

    `key` is stable for as long as it is the same deed ("publishing.out:<uuid>"). `did` is what follows “You” or “I”, in
    the past and without “your” or “my”, `for_whom` continues it, `result` is a sentence of its own that names nobody.
    `weight` (0-100) says how much it matters beside the others of its room. `others` are names of people that stand in
    the words: they are left out of what leaves. `event_ids` are the ledger's, where there are any.
    """

    key: str
    kind: DeedKind
    when: datetime
    did: str
    for_whom: str = ""
    result: str = ""
    weight: int = 50
    url: str = ""
    event_ids: tuple[UUID, ...] = ()
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in get_args(DeedKind):
            raise ValueError(f"“{self.kind}” is none of the seven kinds of work.")

    def said(self, who: Literal["You", "I"]) -> str:
        """The whole of it: "You wrote “Nettle soup” for Meadow. It went out on Sandbox." """
        first = " ".join(part for part in (who, self.did, self.for_whom) if part)
        return f"{first}. {self.result}".strip()


# (the signed-in member themself, since, until): aware times, `until` not included; in any order.
DeedProvider = Callable[[Any, datetime, datetime], Iterable[Deed]]


def listed(names: Iterable[str], most: int = 3) -> str:
    """ "Meadow", "Meadow and Harbour", "Meadow, Harbour, Quay and 2 more": each once, in the order given."""
    every = list(dict.fromkeys(names))
    if len(every) > most + 1:
        return f"{', '.join(every[:most])} and {len(every) - most} more"
    return " and ".join(part for part in (", ".join(every[:-1]), *every[-1:]) if part)
