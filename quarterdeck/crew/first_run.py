"""The demo workspace, offered on the first-run page when a higher room has said how to make one."""

from __future__ import annotations

from collections.abc import Callable

from quarterdeck.crew.models import User, Workspace

_maker: Callable[[User], Workspace] | None = None


def offer_demo(make: Callable[[User], Workspace]) -> None:
    """Called from `config/wiring.py`: `make(owner)` builds a demo workspace with `owner` as its owner."""
    global _maker
    _maker = make


def demo_is_offered() -> bool:
    return _maker is not None


def make_demo(owner: User) -> Workspace:
    """A demo workspace for this person. LookupError when no room offers one."""
    if _maker is None:
        raise LookupError("No demo workspace is offered.")
    return _maker(owner)
