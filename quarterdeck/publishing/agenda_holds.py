"""What a standing hold asks of those who may lift it, on their Desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.publishing import holds_reads, offers_holds


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """Each standing hold: lift it, or keep it and look again later."""
    if not who.may("publishing.hold.lift"):
        return
    for it in holds_reads.named(holds_reads.standing(who.workspace)):
        hold = it.hold
        parts = {"workspace": who.workspace.slug, "pk": hold.pk}
        count = holds_reads.waiting(hold).count()
        waits = (
            "Nothing waits"
            if not count
            else f"{count} {'delivery waits' if count == 1 else 'deliveries wait'}"
        )
        reason = f" “{hold.reason}”" if hold.reason else ""
        yield AgendaItem(
            key=f"publishing.hold:{hold.pk}",
            kind="decide",
            title=f"{it.What} is on hold since {offers_holds.since(hold.placed_at, who)}",
            why=f"{starting(by_role(hold.placed_by, who))} placed it.{reason} {waits}. Lift it, or keep it: it stands"
            " until somebody does.",
            url=reverse("publishing-hold", kwargs=parts),
            since=hold.placed_at,
            consequence=92,
            actions=(
                ItemAction("Review and lift…", reverse("publishing-hold-lift", kwargs=parts), primary=True),
                ItemAction("See what left before", reverse("publishing-hold", kwargs=parts)),
            ),
        )
