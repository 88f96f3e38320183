"""The events that channels records. The name and handle of an account can name a person: both are personal."""

from quarterdeck import ledger

ledger.declare(
    ledger.Event(
        "channels.channel.connected",
        {"network": ledger.plain(), "handle": ledger.personal(), "name": ledger.personal()},
        title="Channel connected",
    ),
    ledger.Event(
        "channels.channel.reconnected",
        {"network": ledger.plain(), "handle": ledger.personal()},
        title="Channel connected again",
    ),
    ledger.Event(
        "channels.channel.renamed",
        {"name": ledger.personal()},
        title="Channel renamed",
    ),
    ledger.Event(
        "channels.channel.disconnected",
        {"network": ledger.plain()},
        title="Channel disconnected",
    ),
)
