"""What the shell does for good: the installation's public address."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import reach
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import User


@verb
def set_public_address(url: str, *, by: User) -> str:
    """Set the address people elsewhere use; empty removes it. Returns it as stored; Invalid, in words."""
    stored = reach.set_public_url(url)
    ledger.record(
        "shell.address.changed",
        actor=ledger.in_installation(by),
        about=ledger.INSTALLATION,
        fields={"url": stored},
    )
    return stored
