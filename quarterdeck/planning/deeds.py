"""What a person planned and watched, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import F
from django.urls import reverse

from quarterdeck.core.deeds import Deed, listed
from quarterdeck.crew.models import Member
from quarterdeck.planning.models import Series, Watch
from quarterdeck.publishing.models import DeliveryState


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    yield from _series(me, since, until)
    yield from _watches(me, since, until)


def _series(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    rows = Series.objects.filter(made_by=me, made_at__gte=since, made_at__lt=until)
    for row in rows.select_related("post__brand").order_by("made_at", "pk"):
        yield Deed(
            key=f"planning.series:{row.pk}",
            kind="execution",
            when=row.made_at,
            did=f"set up “{row.post.short}” to come again by itself",
            for_whom=f"for {row.post.brand.name}",
            result="Each time is a draft of its own that somebody approves.",
            weight=52,
            url=reverse("planning-series", kwargs={"workspace": me.workspace.slug}),
            event_ids=(row.ledger_event_id,),
        )


def _watches(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    """Posts outside the working hours whose first comments were the member's: that they were, not for how long."""
    rows = Watch.objects.filter(
        member=me,
        due_at__gte=since,
        due_at__lt=until,
        ended_at=None,
        post__deliveries__state=DeliveryState.ACCEPTED,
        post__deliveries__due_at=F("due_at"),  # moved elsewhere, it had another watch or none
    )
    found = list(rows.select_related("post__brand").order_by("due_at", "pk").distinct())
    if not found:
        return
    what = f"“{found[0].post.short}”" if len(found) == 1 else f"{len(found)} posts"
    yield Deed(
        key=f"planning.watch:{me.workspace_id}:{since:%Y-%m-%d}",
        kind="always-on",
        when=found[-1].due_at,
        did=f"had the watch for the first comments on {what}",
        for_whom=f"for {listed(row.post.brand.name for row in found)}",
        weight=47,
        url=reverse("publishing-post", kwargs={"workspace": me.workspace.slug, "pk": found[0].post_id}),
        event_ids=tuple(row.ledger_event_id for row in found[:50]),
    )
