"""Plain functions that make what tests need. No fixtures, no factories: read the call, know the world."""

from __future__ import annotations

import itertools

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.crew.models import Brand, Member, User, Workspace
from quarterdeck.crew.permissions import Role

_count = itertools.count(1)


def user(name: str = "Ada", **fields) -> User:
    number = next(_count)
    fields.setdefault("email", f"{name.lower()}{number}@example.org")
    return User.objects.create_user(name=name, **fields)


def workspace(name: str = "Harbour Kitchen", **fields) -> Workspace:
    fields.setdefault("slug", f"harbour-{next(_count)}")
    made = Workspace.objects.create(name=name, created_at=clock.now(), **fields)
    ledger.open_log(made.pk, demo=made.is_demo)
    Brand.objects.create(workspace=made, name=name, created_at=clock.now())
    return made


def member(role: str = Role.OWNER, of: Workspace | None = None, name: str = "Ada") -> Member:
    return Member.objects.create(
        workspace=of or workspace(), user=user(name), role=role, joined_at=clock.now()
    )


def kinds_recorded(workspace: Workspace) -> list[str]:
    """The kinds of the events a workspace's verbs have recorded and that have no place yet, oldest first."""
    from quarterdeck.ledger.models import Pending

    return list(
        Pending.objects.filter(workspace_id=workspace.pk).order_by("id").values_list("kind", flat=True)
    )
