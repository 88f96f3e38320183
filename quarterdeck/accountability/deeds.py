"""What a person did about mistakes, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from quarterdeck.accountability.models import Correction, Slip
from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own

FLAGGED, MADE = "accountability.slip.flagged", "accountability.correction.made"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    """What they corrected, and what they pointed out that others corrected or that is still open."""
    done = {one.about_id: one for one in own.events(me, (MADE,), since, until)}
    corrected = Correction.objects.filter(pk__in=done, slip__workspace=me.workspace_id)
    rows = list(corrected.select_related("slip__post__brand").annotate(channels=Count("coverage")))
    for row in rows:
        yield _corrected(me, row, done[row.pk])
    yield from _flagged(me, since, until, {row.slip_id for row in rows})


def _corrected(me: Member, row: Correction, event: own.Own) -> Deed:
    slip, where = row.slip, "one channel" if row.channels == 1 else f"{row.channels} channels"
    told = f" {slip.told} {'person' if slip.told == 1 else 'people'} inside heard of it." if slip.told else ""
    over = slip.ended == "corrected"
    done = "Every place where it was out is corrected or explained" if over else "It is on its way"
    return Deed(
        key=f"accountability.corrected:{row.pk}",
        kind="accountability",
        when=event.when,
        did=f"saw to a mistake in “{slip.post.short}” and corrected it in the open",
        for_whom=f"for {slip.post.brand.name}",
        result=f"{done}: {where}.{told}",
        weight=74 if slip.level > 1 else 58,
        url=_url(me, slip),
        event_ids=(event.event_id,),
    )


def _flagged(me: Member, since: datetime, until: datetime, corrected: set) -> Iterator[Deed]:
    said = {one.about_id: one for one in own.events(me, (FLAGGED,), since, until)}
    found = Slip.objects.filter(pk__in=said.keys() - corrected, workspace=me.workspace_id)
    for slip in found.exclude(ended="withdrawn").select_related("post__brand"):
        yield Deed(
            key=f"accountability.flagged:{slip.pk}",
            kind="accountability",
            when=said[slip.pk].when,
            did=f"pointed out a mistake in “{slip.post.short}”",
            for_whom=f"for {slip.post.brand.name}",
            result="It is corrected." if slip.ended else "",
            weight=50,
            url=_url(me, slip),
            event_ids=(said[slip.pk].event_id,),
        )


def _url(me: Member, slip: Slip) -> str:
    return reverse("accountability-slip", kwargs={"workspace": me.workspace.slug, "pk": slip.pk})
