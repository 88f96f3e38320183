"""What happens after an event has its place in the ledger: the whole wiring of reactions on one page.

One line each: a name (it keeps the cursor), the beginnings of the kinds it waits for, and the handler. See
`ledger/reactions.py` for what a handler may rely on.
"""

from __future__ import annotations

from quarterdeck.accountability import following as corrections
from quarterdeck.consent import looking as conflicts
from quarterdeck.ledger.reactions import Reaction, Reactor
from quarterdeck.publishing import following
from quarterdeck.stakeholders import following as requests

REACTIONS: list[Reaction] = [
    Reaction("publishing.following", ("publishing.delivery.accepted",), following.follow),
    Reaction("accountability.following", corrections.KINDS, corrections.follow),
    Reaction("stakeholders.following", requests.KINDS, requests.follow),
    Reaction("consent.looking", conflicts.KINDS, conflicts.follow),
]


def loop() -> Reactor:
    """The worker's loop over the table."""
    return Reactor(REACTIONS)
