"""What a person brought in, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.exchange.models import Import, Row


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    rows = Import.objects.filter(by=me, state=Import.State.DONE, ended_at__gte=since, ended_at__lt=until)
    made = Count("rows", filter=Q(rows__state=Row.State.DRAFT))
    for row in rows.annotate(drafts=made).order_by("ended_at", "pk"):
        if row.drafts:
            many = "one draft" if row.drafts == 1 else f"{row.drafts} drafts"
            yield Deed(
                key=f"exchange.import:{row.pk}",
                kind="execution",
                when=row.ended_at,
                did=f"brought the plan of “{row.name}” in from its spreadsheet",
                result=f"It became {many}, ready to be read and approved.",
                weight=49,
                url=reverse("exchange-import", kwargs={"workspace": me.workspace.slug, "pk": row.pk}),
                event_ids=(row.ledger_event_id,),
            )
