"""What the verbs of consent share: the lock of a plan."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.crew.models import Workspace


def locked_plan(pk: UUID) -> Workspace:
    """The workspace, with nobody else noting or settling its conflicts until the transaction ends: a look at a plan
    that is being changed would call settled what is not, or open what is."""
    return Workspace.objects.select_for_update(no_key=True).get(pk=pk)
