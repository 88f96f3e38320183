"""Acts on the whole installation: its mail. They stand in the installation's own log."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core.verbs import verb
from quarterdeck.crew import inbound, mail
from quarterdeck.crew.models import User


@verb
def set_outgoing_mail(server: mail.Server | None, password: str | None, *, by: User) -> None:
    """Say how mail leaves; None turns it off. `password` None keeps the sealed one, empty removes it."""
    mail.keep(server, password)
    _record("out" if server else "out off", server.host if server else "", by)


@verb
def set_incoming_mail(mailbox: inbound.Mailbox | None, password: str | None, *, by: User) -> None:
    """Say which mailbox is read; None turns it off. `password` None keeps the sealed one, empty removes it."""
    inbound.keep(mailbox, password)
    _record("in" if mailbox else "in off", mailbox.host if mailbox else "", by)


def _record(what: str, host: str, by: User) -> None:
    ledger.record(
        "crew.mail.changed",
        actor=ledger.in_installation(by),
        about=ledger.INSTALLATION,
        fields={"what": what, "host": host},
    )
