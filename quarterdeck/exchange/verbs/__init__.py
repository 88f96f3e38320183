"""Acts of exchange: on imports, and on exports."""

from quarterdeck.exchange.verbs.exports import ask_export, say_failed, say_made
from quarterdeck.exchange.verbs.imports import (
    begin,
    drop,
    end,
    end_undo,
    make_drafts,
    receive,
    take_back,
    undo,
)

__all__ = [
    "ask_export",
    "begin",
    "drop",
    "end",
    "end_undo",
    "make_drafts",
    "receive",
    "say_failed",
    "say_made",
    "take_back",
    "undo",
]
