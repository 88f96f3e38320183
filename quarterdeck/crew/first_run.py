"""The demo workspace, offered on the first-run page when a higher room has said how to make one.

It takes some seconds, so it is made in the background: `begin` asks for it, the worker calls `make` and says how far
it is, and the page that follows reads `making`. How far is kept in the database, so that a reload loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from quarterdeck.core import clock, store
from quarterdeck.crew.models import User, Workspace

LONGEST = timedelta(minutes=3)  # without a word for this long, it is not being made any more
SOON = timedelta(seconds=15)  # within which a running worker begins

Say = Callable[[int, int], None]  # (steps done, steps in all)
_defer: Callable[[User], None] | None = None
_log = logging.getLogger("quarterdeck.crew")


@dataclass(frozen=True, slots=True)
class Making:
    """How far a person's demo is: `state` is waiting, making or failed; `done` of `of` steps (0 of 0: not begun)."""

    state: str
    done: int
    of: int
    changed_at: datetime

    @property
    def failed(self) -> bool:
        return self.state == "failed" or clock.now() - self.changed_at > LONGEST

    @property
    def waits_long(self) -> bool:
        return self.state == "waiting" and clock.now() - self.changed_at > SOON


def offer_demo(defer: Callable[[User], None]) -> None:
    """Called from `config/wiring`: `defer(owner)` has the worker call `make` for this person."""
    global _defer
    _defer = defer


def demo_is_offered() -> bool:
    return _defer is not None


def begin_demo(owner: User) -> None:
    """Ask for this person's demo, unless they have one or it is being made. LookupError when no room offers one."""
    if _defer is None:
        raise LookupError("No demo workspace is offered.")
    under_way = making(owner)
    if demo_of(owner) is not None or (under_way is not None and not under_way.failed):
        return
    with transaction.atomic():
        _keep(owner, "waiting")
        _defer(owner)


def make_demo(owner: User, make: Callable[[User, Say], object]) -> None:
    """In the worker: make it and say how far it is. Asked twice, it is made once; a failure is said on the page."""
    if demo_of(owner) is None:
        _keep(owner, "making")
        try:
            make(owner, lambda done, of: _keep(owner, "making", done, of))
        except Exception:
            _log.exception("A demo was not made.")
            _keep(owner, "failed")
            return
    store.put(_key(owner), None)


def making(owner: User) -> Making | None:
    """How far this person's demo is, or None while none is asked for."""
    kept = store.get(_key(owner))
    if kept is None:
        return None
    return Making(kept["state"], kept["done"], kept["of"], datetime.fromisoformat(kept["at"]))


def demo_of(owner: User) -> Workspace | None:
    """The demo workspace that this person is in already, or None."""
    mine = Workspace.objects.filter(members__user=owner, members__left_at__isnull=True, is_demo=True)
    return mine.order_by("-created_at").first()


def _key(owner: User) -> str:
    return f"crew.demo.{owner.pk}"


def _keep(owner: User, state: str, done: int = 0, of: int = 0) -> None:
    store.put(_key(owner), {"state": state, "done": done, "of": of, "at": clock.now().isoformat()})
