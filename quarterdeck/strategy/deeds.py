"""What a person did for the strategy, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own
from quarterdeck.strategy.models import Campaign, KeyResult, Objective

SET, READ_OUT = "strategy.objective.made", "strategy.objective.read_out"
BEGUN, ENDED = "strategy.campaign.made", "strategy.campaign.ended"
NOTED = "strategy.key_result.checked_in"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    yield from _objectives(me, since, until)
    yield from _campaigns(me, since, until)
    yield from _noted(me, since, until)


def _objectives(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = own.events(me, (SET, READ_OUT), since, until)
    rows = Objective.objects.filter(workspace=me.workspace_id).in_bulk([one.about_id for one in done])
    for one in done:
        row = rows.get(one.about_id)
        if row is None:
            continue
        read_out = one.kind == READ_OUT
        yield Deed(
            key=f"{one.kind}:{row.pk}",
            kind="execution",
            when=one.when,
            did=f"{'read out' if read_out else 'set'} the objective “{row.short}”",
            result=f"The verdict: {row.get_verdict_display().lower()}." if read_out else "",
            weight=74 if read_out else 58,
            url=reverse("strategy-objective", kwargs={"workspace": me.workspace.slug, "pk": row.pk}),
            event_ids=(one.event_id,),
        )


def _campaigns(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = own.events(me, (BEGUN, ENDED), since, until)
    rows = Campaign.objects.filter(workspace=me.workspace_id).in_bulk([one.about_id for one in done])
    for one in done:
        row = rows.get(one.about_id)
        if row is None:
            continue
        yield Deed(
            key=f"{one.kind}:{row.pk}",
            kind="execution",
            when=one.when,
            did=f"{'brought to its end' if one.kind == ENDED else 'wrote the brief of'} the campaign “{row.name}”",
            weight=64 if one.kind == ENDED else 56,
            url=reverse("strategy-campaign", kwargs={"workspace": me.workspace.slug, "pk": row.pk}),
            event_ids=(one.event_id,),
        )


def _noted(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = own.events(me, (NOTED,), since, until)
    if not done:
        return
    several = len({one.about_id for one in done})
    first = KeyResult.objects.filter(objective__workspace=me.workspace_id, pk=done[0].about_id).first()
    what = first.measure if several == 1 and first else f"{several} key results"
    yield Deed(
        key=f"strategy.noted:{me.workspace_id}:{since:%Y-%m-%d}",
        kind="data",
        when=done[-1].when,
        did=f"noted where we stand: {what}",
        weight=30,
        event_ids=tuple(one.event_id for one in done[:50]),
    )
