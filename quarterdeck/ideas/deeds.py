"""What a person made of ideas, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.ideas.models import Origin


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    rows = Origin.objects.filter(promoted_by=me, promoted_at__gte=since, promoted_at__lt=until)
    for row in rows.select_related("idea", "post__brand").order_by("promoted_at", "pk"):
        yield Deed(
            key=f"ideas.promoted:{row.pk}",
            kind="ahead",
            when=row.promoted_at,
            did=f"made a post of the idea “{row.idea.short}”",
            for_whom=f"for {row.post.brand.name}",
            weight=50,
            url=reverse("ideas-idea", kwargs={"workspace": me.workspace.slug, "pk": row.idea_id}),
            event_ids=(row.ledger_event_id,),
        )
