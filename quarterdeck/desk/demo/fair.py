"""The demo's part on the fair plan: what the three departments count, one table of points, and a plan for the month in
which most of what they ask for lies. Made up, every word of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.channels.models import Channel
from quarterdeck.consent import verbs
from quarterdeck.consent.fair import working
from quarterdeck.consent.models import FairPlan
from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.desk.demo.cast import Cast
from quarterdeck.planning.models import WeeklySlot
from quarterdeck.planning.verbs import slots
from quarterdeck.stakeholders import verbs as stakeholders
from quarterdeck.stakeholders.models import Department
from quarterdeck.stakeholders.rows import monday
from quarterdeck.stakeholders.wishes import Wish

TIMES = ((1, "11:00"), (3, "17:30"), (5, "10:00"))
WISHES = (
    (
        "Events",
        "event",
        "must",
        1,
        "Tickets for the summer party",
        "Two hundred tickets, and no second date.",
    ),
    ("Events", "event", "good", 1, "The band that plays at the party", "They bring their own listeners."),
    ("Kitchen", "launch", "good", 1, "The new bread, baked at night", "We bake sixty a day and sell forty."),
    ("Kitchen", "story", "free", 1, "A morning at the fish market", "Nobody believes how early it is."),
    ("People", "people", "must", 1, "An apprentice for the kitchen", "The school year begins in autumn."),
)


def tell(cast: Cast, now: datetime) -> FairPlan:
    """About fifteen acts of the last two days, by the verbs that people use; after `stakeholders`."""
    lead, author, channels = cast.lead, cast.author, cast.channels
    here = {one.name: one for one in Department.objects.filter(workspace=lead.workspace)}
    with clock.at(now - timedelta(days=2)):
        _slots(lead, channels[0])
        for name, kind, need, ahead, what, why in WISHES:
            week = monday(now.date()) + timedelta(weeks=ahead)
            wish = Wish(kind=kind, what=what, why=why, need=need, preferred_week=week)
            stakeholders.write_down(here[name], by=author, wish=wish)
    with clock.at(now - timedelta(days=1)):
        table = {"must": 100, "good": 60, "free": 20, "weekly_loss": 25, "musts": 3}
        verbs.set_points(lead, **table, reason="As the four of us agreed at the long table.")
        verbs.set_weight(here["People"], by=lead, weight=1.5, reason="Without people nothing else opens.")
    with clock.at(now - timedelta(hours=1)):
        day = (now + timedelta(weeks=2)).astimezone(lead.workspace.zone).date()
        plan = verbs.ask_plan(author, span="month", day=day)
        return working.work_out(plan.pk) or plan


def _slots(lead: Member, channel: Channel) -> None:
    standing = set(WeeklySlot.objects.filter(channel=channel, removed_at=None).values_list("weekday", "wall"))
    for weekday, wall in TIMES:
        if (weekday, wall) not in standing:
            slots.make_slot(lead, channel=channel, weekday=weekday, wall=wall)
