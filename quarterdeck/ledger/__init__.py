"""The ledger: every act leaves one event in a log that nobody can rewrite unseen.

Rooms above use what is named here. `record` writes inside the verb's transaction, the sequencer gives each
committed event its place, and signed checkpoints let anyone check it without us.
"""

from quarterdeck.ledger.kinds import (
    INSTALLATION,
    Event,
    Field,
    declare,
    in_installation,
    personal,
    plain,
    system,
)
from quarterdeck.ledger.recording import NoLog, Receipt, Record, open_log, record, record_many

__all__ = [
    "INSTALLATION",
    "Event",
    "Field",
    "NoLog",
    "Receipt",
    "Record",
    "declare",
    "in_installation",
    "open_log",
    "personal",
    "plain",
    "record",
    "record_many",
    "system",
]
