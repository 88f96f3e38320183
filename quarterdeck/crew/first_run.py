"""The demo workspace, offered on the first-run page when a higher room has said how to make one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from quarterdeck.crew.models import User, Workspace

_LOCK = 0x5144_4445  # an advisory lock: one demo is made at a time

_maker: Callable[[User], Workspace] | None = None


def offer_demo(make: Callable[[User], Workspace]) -> None:
    """Called from `config/wiring.py`: `make(owner)` builds a demo workspace with `owner` as its owner."""
    global _maker
    _maker = make


def demo_is_offered() -> bool:
    return _maker is not None


def make_demo(owner: User) -> Workspace:
    """This person's demo workspace, made when they have none: a second press, or a reload while the first is being
    made, waits and gets the same one. LookupError when no room offers one."""
    if _maker is None:
        raise LookupError("No demo workspace is offered.")
    with _alone():
        return demo_of(owner) or _maker(owner)


def demo_of(owner: User) -> Workspace | None:
    """The demo workspace that this person is in already, or None."""
    mine = Workspace.objects.filter(members__user=owner, members__left_at__isnull=True, is_demo=True)
    return mine.order_by("-created_at").first()


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
