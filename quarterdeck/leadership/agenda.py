"""What the private week asks of its own person: on Friday from 13:00 until Monday, where they are, one calm item. And
once, on one Friday, a quiet line for whoever has not heard of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.registries import PRIVATE, AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.leadership import lines, reads

FRIDAY, FROM = 4, time(13, 0)
SETTLED_IN = timedelta(days=7)  # before that nobody is told of one thing more


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    here = now.astimezone(who.zone)
    if here.weekday() < FRIDAY or (here.weekday() == FRIDAY and here.time() < FROM):
        return
    monday = lines.monday_of(here.date())
    if not reads.wants_to_be_asked(who.user, now, monday) or reads.agreement(who.workspace):
        return
    query = f"?week={monday}"
    later = [ItemAction("Tomorrow", _url("put-off", who), "post", key="s")] if here.weekday() < 6 else []
    yield AgendaItem(
        key=f"{PRIVATE}week:{monday}",
        kind="notice",
        title="Your week, ten minutes",
        why="A few sentences are drafted from what you did. Keep, change or drop them; only you see the page.",
        url=_url("week", who) + query,
        since=datetime.combine(monday + timedelta(days=FRIDAY), FROM, tzinfo=who.zone),
        consequence=12,
        actions=(
            ItemAction("Open it", _url("week", who) + query, primary=True),
            *later,
            ItemAction("Not this week", _url("finish", who) + query, "post"),
        ),
    )


def offer(who: Member) -> dict[str, Any] | None:
    """On the first Friday afternoon after a week here, unless they know of it already; never again after that day."""
    here = clock.now().astimezone(who.zone)
    first = who.joined_at.astimezone(who.zone).date() + SETTLED_IN
    friday = first + timedelta(days=(FRIDAY - first.weekday()) % 7)
    if here.date() != friday or here.time() < FROM:
        return None
    if reads.keeping(who.user) is not None or reads.agreement(who.workspace):
        return None
    return {"what": _url("settings", who), "away": _url("offer-away", who)}


def _url(name: str, who: Member) -> str:
    return reverse(f"leadership-{name}", kwargs={"workspace": who.workspace.slug})
