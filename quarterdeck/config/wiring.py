"""Fills the registries. With `reactions.py` this is the only place that knows every room.

One function a room, one line an entry.
"""

from __future__ import annotations

from quarterdeck.core import registries


def fill() -> None:
    """Called once, from ConfigApp.ready()."""
    _ledger()
    _crew()
    _channels()
    _publishing()
    _desk()


def _ledger() -> None:
    pass


def _crew() -> None:
    pass


def _channels() -> None:
    pass


def _publishing() -> None:
    pass


def _desk() -> None:
    pass


__all__ = ["fill", "registries"]
