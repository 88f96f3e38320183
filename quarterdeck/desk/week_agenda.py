"""What the week asks of those who plan it: to keep its plan when it begins, and to settle what is left of the last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.desk import week
from quarterdeck.desk.models import WeekPlan
from quarterdeck.publishing.weeks import WEEK, monday_of

LOOKS_BACK = 2 * WEEK  # for what is not settled
LIVES = 5 * WEEK  # a team that kept a plan in these plans by the week
MORNING = time(8, 0)


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks. One question where no plan was ever kept."""
    if not who.may("desk.week.plan"):
        return
    monday = monday_of(now.astimezone(who.workspace.zone).date())
    found = WeekPlan.objects.filter(
        workspace=who.workspace_id, monday__gte=monday - LIVES, monday__lte=monday
    )
    plans = {plan.monday: plan for plan in found}
    begins = datetime.combine(monday, MORNING, tzinfo=who.workspace.zone)
    if plans and monday not in plans and begins <= now < begins + timedelta(days=2):
        yield _to_keep(who, monday, begins)
    for plan in plans.values():
        if monday - LOOKS_BACK <= plan.monday < monday:
            yield from _to_settle(who, plan, now)


def _url(who: Member, monday: date) -> str:
    return f"{reverse('desk-week', kwargs={'workspace': who.workspace.slug})}?of={monday.isoformat()}"


def _to_keep(who: Member, monday: date, begins: datetime) -> AgendaItem:
    url = _url(who, monday)
    return AgendaItem(
        key=f"desk.week.plan:{monday}",
        kind="make",
        title="Keep the plan of this week",
        why="The week has begun. Look whether it is full, and keep the list: at its end it is laid beside what"
        " happened.",
        url=url,
        since=begins,
        consequence=46,
        actions=(ItemAction("Open the week", url, primary=True),),
    )


def _to_settle(who: Member, plan: WeekPlan, now: datetime) -> Iterable[AgendaItem]:
    left = week.week(who.workspace, plan.monday, now, plan).unsettled
    if not left:
        return
    url = _url(who, plan.monday)
    named = "; ".join(f"“{item.title}”: {item.word}" for item in left[:3])
    many = "One thing" if len(left) == 1 else f"{len(left)} things"
    yield AgendaItem(
        key=f"desk.week.settle:{plan.monday}",
        kind="decide",
        title=f"{many} of a past week {'is' if len(left) == 1 else 'are'} not settled yet",
        why=f"{named}{'; and more' if len(left) > 3 else ''}. Each ends with a decision or a reason.",
        url=url,
        since=week.span(who.workspace, plan.monday, now).ends,
        consequence=48,
        actions=(ItemAction("Settle the week", url, primary=True),),
    )
