"""What a person answered to departments, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed, listed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own
from quarterdeck.stakeholders.models import ExpertQuestion

ANSWERED = "stakeholders.expert_question.answered"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    """The questions they answered, each once."""
    done = {one.about_id: one for one in own.events(me, (ANSWERED,), since, until)}
    found = ExpertQuestion.objects.filter(pk__in=done, workspace=me.workspace_id).select_related("department")
    rows = list(found.order_by("asked_at", "pk"))
    if not rows:
        return
    one = rows[0] if len(rows) == 1 else None
    yield Deed(
        key=f"stakeholders.experts:{me.workspace_id}:{since:%Y-%m-%d}",
        kind="together",
        when=max(entry.when for entry in done.values()),
        did=f"answered “{one.short}” with its source"
        if one
        else f"answered {len(rows)} questions of departments",
        for_whom=f"for {listed(sorted({row.department.name for row in rows}))}",
        result="Whoever asks it next finds the answer.",
        weight=50,
        url=reverse("stakeholders-question", kwargs={"workspace": me.workspace.slug, "pk": rows[0].pk}),
        event_ids=tuple(done[row.pk].event_id for row in rows[:50]),
    )
