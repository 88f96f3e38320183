"""What strategy asks of a member on their own Desk: to read out what has ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.strategy import reads

WITHIN = timedelta(days=14)  # a read-out is due that long after the last day


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """An objective whose last day has passed, until it is read out. In no order: the Desk ranks."""
    if not who.may("strategy.objective.change"):
        return
    for one in reads.to_read_out(who.workspace):
        url = reverse("strategy-objective", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
        due = datetime.combine(one.ends + WITHIN, time(18, 0), tzinfo=who.workspace.zone)
        by = f"Say by {moment(due.date())} what follows, while people still remember."
        late = "Two weeks have passed since; a late word is better than none: continue, change or stop."
        yield AgendaItem(
            key=f"strategy.read_out:{one.pk}:{one.ends}",
            kind="decide",
            title=f"Read out “{one.short}”",
            why=f"Its last day was {moment(one.ends)}. {late if due < now else by}",
            url=url,
            since=datetime.combine(one.ends, time(18, 0), tzinfo=who.workspace.zone),
            consequence=50 if due < now else 40,
            due=due,
            actions=(ItemAction("Read it out", url, primary=True),),
            fold="strategy.read_out",
            fold_title=lambda items: f"{len(items)} objectives wait to be read out",
        )
