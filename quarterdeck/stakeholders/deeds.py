"""What a person did for other departments, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed, listed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.models.requests import State

ANSWERED = tuple(f"stakeholders.request.{one}" for one in ("accepted", "proposed", "declined"))


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    """The requests they answered, each once, with a reason that the other side read."""
    done = {one.about_id: one for one in own.events(me, ANSWERED, since, until)}
    rows = list(Request.objects.filter(pk__in=done, workspace=me.workspace_id).select_related("department"))
    if not rows:
        return
    last = max(done.values(), key=lambda one: one.when)
    out = sum(1 for one in rows if one.state == State.OUT)
    yes = sum(1 for one in rows if one.state in {State.ACCEPTED, State.OUT})
    one = rows[0] if len(rows) == 1 else None
    yield Deed(
        key=f"stakeholders.answered:{me.workspace_id}:{since:%Y-%m-%d}",
        kind="together",
        when=last.when,
        did=f"answered the request “{one.short}” with a reason"
        if one
        else f"answered {len(rows)} requests, each with a reason",
        for_whom=f"for {listed(sorted({row.department.name for row in rows}))}",
        result=f"{yes} of them accepted, {out} out." if not one and yes else "",
        weight=56,
        url=reverse(
            "stakeholders-request", kwargs={"workspace": me.workspace.slug, "pk": (one or rows[0]).pk}
        ),
        event_ids=tuple(done[row.pk].event_id for row in rows[:50]),
    )
