"""That a person kept the plan of a week, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.desk.models import WeekPlan
from quarterdeck.ledger import own
from quarterdeck.shell.templatetags.shell import moment

PLANNED = "desk.week.planned"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    done = {one.about_id: one for one in own.events(me, (PLANNED,), since, until)}
    for row in WeekPlan.objects.filter(workspace=me.workspace_id, pk__in=done):
        count = len(row.items)
        yield Deed(
            key=f"desk.week:{row.pk}",
            kind="execution",
            when=done[row.pk].when,
            did=f"kept the plan of the week of {moment(row.monday)}",
            result="It held one item." if count == 1 else f"It held {count} items.",
            weight=45,
            url=f"{reverse('desk-week', kwargs={'workspace': me.workspace.slug})}?of={row.monday.isoformat()}",
            event_ids=(done[row.pk].event_id,),
        )
