"""What a person decided and what came of it, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.strategy import decided
from quarterdeck.strategy.models import Decision, Outcome


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    made = Decision.objects.filter(
        workspace=me.workspace_id, decided_by=me, decided_at__gte=since, decided_at__lt=until
    )
    for row in made:
        options = f"It was one of {len(row.options)} options."
        yield Deed(
            key=f"strategy.decided:{row.pk}",
            kind="execution",
            when=row.decided_at,
            did=f"decided: {row.title.rstrip('.')}",
            result=f"Expected by {moment(row.due)}: {decided.expectation(row)}." if row.expects else options,
            weight=64,
            url=_url(me, row),
            event_ids=(row.ledger_event_id,),
        )
    noted = Outcome.objects.filter(
        decision__workspace=me.workspace_id, noted_by=me, noted_at__gte=since, noted_at__lt=until
    )
    for one in noted.select_related("decision"):
        yield Deed(
            key=f"strategy.outcome:{one.decision_id}",
            kind="execution",
            when=one.noted_at,
            did=f"looked back at a decision: {one.decision.title.rstrip('.')}",
            result=f"{one.get_verdict_display()}.",
            weight=62,
            url=_url(me, one.decision),
            event_ids=(one.ledger_event_id,),
        )


def _url(me: Member, row: Decision) -> str:
    return reverse("strategy-decision", kwargs={"workspace": me.workspace.slug, "pk": row.pk})
