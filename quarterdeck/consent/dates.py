"""What the dates of rounds bring: a reminder the day before, and the end of those that nobody objected to."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from quarterdeck.consent import verbs
from quarterdeck.consent.models import Round
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict

REMINDED_AT = time(9, 0)


def keep() -> tuple[int, int]:
    """Remind and settle whatever has come; how many rounds of each. Doing it twice does nothing twice."""
    now, reminded, settled = clock.now(), 0, 0
    soon = now.date() + timedelta(days=2)  # zones lie at most a day apart
    for one in Round.objects.filter(state=Round.State.OPEN, last_day__lte=soon).select_related("workspace"):
        if not one.runs(now):
            settled += _done(verbs.settle_by_clock, one)
        elif one.opened_at < reminder_at(one) <= now:
            reminded += _done(verbs.remind, one)
    return reminded, settled


def reminder_at(round_: Round) -> datetime:
    """Nine in the morning of the day before its last, in its workspace's zone."""
    day = round_.last_day - timedelta(days=1)
    return datetime.combine(day, REMINDED_AT, tzinfo=round_.workspace.zone).astimezone(UTC)


def _done(act, round_: Round) -> int:
    try:
        act(round_)
    except Conflict:  # nobody to remind, or somebody has to settle it
        return 0
    return 1
