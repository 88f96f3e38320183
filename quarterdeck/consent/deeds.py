"""What a person settled among departments, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from quarterdeck.consent import matters
from quarterdeck.consent.models import Conflict, FairPlan, Round
from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own

SETTLED, KEPT = "consent.conflict.settled", "consent.conflict.kept"
OPENED, ENDED = "consent.round.opened", "consent.round.settled"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    yield from _conflicts(me, since, until)
    yield from _rounds(me, since, until)
    yield from _plans(me, since, until)


def _conflicts(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = {one.about_id: one for one in own.events(me, (SETTLED, KEPT), since, until)}
    found = Conflict.objects.filter(pk__in=done, workspace=me.workspace_id).select_related("workspace")
    for one in matters.read(me.workspace, list(found)) if done else ():
        event, kept = done[one.conflict.pk], one.conflict.state == Conflict.State.KEPT
        did = "decided, with a reason, to keep as it is" if kept else "settled a conflict"
        yield Deed(
            key=f"consent.conflict:{one.conflict.pk}",
            kind="together",
            when=event.when,
            did=f"{did}: {one.title}",
            result="" if kept or one.conflict.is_open else "It is no conflict any more.",
            weight=58,
            url=reverse("consent-conflict", kwargs={"workspace": me.workspace.slug, "pk": one.conflict.pk}),
            event_ids=(event.event_id,),
        )


def _rounds(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = {one.about_id: one for one in own.events(me, (OPENED, ENDED), since, until)}
    found = Round.objects.filter(pk__in=done, workspace=me.workspace_id).annotate(asked=Count("voices"))
    for row in found if done else ():
        event = done[row.pk]
        people = "one person" if row.asked == 1 else f"{row.asked} people"
        yield Deed(
            key=f"consent.round:{row.pk}",
            kind="together",
            when=event.when,
            did=f"put a proposal to {people} outside the team: {row.title}",
            result="" if row.is_open else f"It is {row.get_state_display()}.",
            weight=56,
            url=reverse("consent-round", kwargs={"workspace": me.workspace.slug, "pk": row.pk}),
            event_ids=(event.event_id,),
        )


def _plans(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    done = {one.about_id: one for one in own.events(me, ("consent.plan.adopted",), since, until)}
    for row in FairPlan.objects.filter(pk__in=done, workspace=me.workspace_id) if done else ():
        departments, requests = row.found.get("departments", ()), row.found.get("requests", ())
        placed = sum(one["slot"] >= 0 for one in requests)
        yield Deed(
            key=f"consent.fair_plan:{row.pk}",
            kind="together",
            when=done[row.pk].when,
            did=f"divided the slots of {row.name} among {len(departments)} departments by a fair plan",
            result=f"{placed} of {len(requests)} requests have a place.",
            weight=60,
            url=reverse("consent-plan", kwargs={"workspace": me.workspace.slug, "pk": row.pk}),
            event_ids=(done[row.pk].event_id,),
        )
