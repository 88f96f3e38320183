"""A decision comes back on its day, to who made it: what came of it is laid beside what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.strategy import decided

MORNING = time(9, 0)


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks. One question, whatever there is."""
    if not who.may(decided.MAKE):
        return
    for one in decided.due_for(who, now.astimezone(who.workspace.zone).date()):
        url = reverse("strategy-decision", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
        yield AgendaItem(
            key=f"strategy.decision:{one.pk}",
            kind="decide",
            title=f"What came of “{one.short}”?",
            why=f"Expected by {moment(one.due)}: {decided.expectation(one)}. Lay beside it what happened; “cannot"
            " tell” is an answer too.",
            url=url,
            since=datetime.combine(one.due, MORNING, tzinfo=who.workspace.zone),
            consequence=40,
            actions=(ItemAction("Look back at it", url, primary=True),),
            fold="strategy.decision",
            fold_title=lambda items: f"{len(items)} decisions have come back on their day",
        )
