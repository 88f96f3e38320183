"""Who looked at what names people: a row a day and role."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Look, Member

KEPT = timedelta(days=365)


@intake
def looked(by: Member, what: str, concerned: Member | None = None) -> None:
    """Remember that somebody of this role opened, on this day, what names `concerned` or (None) everybody here."""
    day = clock.now().date()
    row = Look(workspace_id=by.workspace_id, concerned=concerned, what=what, role=by.role, day=day)
    Look.objects.bulk_create([row], ignore_conflicts=True)
    Look.objects.filter(workspace_id=by.workspace_id, day__lt=day - KEPT).delete()
