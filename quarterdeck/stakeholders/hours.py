"""Hours of workdays: the clock by which answers to requests are promised and told. Every hour of a workday counts, no
hour of another day does; so “48 hours” asked on a Friday noon ends on a Tuesday noon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import rules
from quarterdeck.stakeholders.models import AnswerTime

USUAL_HOURS = 48
MOST_HOURS = 720
_LONGEST = 400  # days that are looked at


@dataclass(frozen=True, slots=True)
class Workdays:
    """The days on which a workspace works: those of its rules, less what is a holiday in each of its markets."""

    zone: ZoneInfo
    days: frozenset[int]
    markets: tuple[str, ...]

    def has(self, day: date) -> bool:
        if day.weekday() not in self.days:
            return False
        if not self.markets:
            return True
        there = (rules.holidays([one], day, day + timedelta(days=1)) for one in self.markets)
        return not all(day in found for found in there)

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The workdays from an instant on as instants, the first from there; each as long as the day really is."""
        day = start.astimezone(self.zone).date()
        for ahead in range(_LONGEST):
            here = day + timedelta(days=ahead)
            if self.has(here):
                yield max(start, self._begins(here)), self._begins(here + timedelta(days=1))

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone).astimezone(UTC)


def workdays(workspace: Workspace) -> Workdays:
    """As the workspace plans; Monday to Friday where nobody has said otherwise, or has said that no day is one."""
    own = rules.of(workspace)
    return Workdays(workspace.zone, frozenset(own.days) or frozenset(range(5)), tuple(own.markets))


def after(days: Workdays, start: datetime, hours: float) -> datetime:
    """The instant at which so many hours of workdays have passed since `start`."""
    left = timedelta(hours=hours)
    for begins, ends in days.spans(start):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return start + timedelta(days=_LONGEST)


def between(days: Workdays, start: datetime, end: datetime) -> float:
    """Hours of workdays from `start` to `end`; 0 where that is the other way round."""
    found = timedelta(0)
    for begins, ends in days.spans(start):
        if begins >= end:
            break
        found += min(ends, end) - begins
    return found.total_seconds() / 3600


def promised(workspace: Workspace, kind: str) -> int:
    """In how many hours of workdays a request of this kind is answered at the latest."""
    set_ = AnswerTime.objects.filter(workspace=workspace, kind=kind).values_list("hours", flat=True).first()
    return USUAL_HOURS if set_ is None else set_


def due(workspace: Workspace, kind: str) -> datetime:
    """When a request of this kind that is asked now has its answer at the latest."""
    return after(workdays(workspace), clock.now(), promised(workspace, kind))


def in_words(hours: float) -> str:
    """ "within the hour", "5 hours", "1 day", "2½ days": of workdays, as people say it."""
    if hours < 1:
        return "less than an hour"
    if hours < 20:
        whole = round(hours)
        return f"{whole} hour{'' if whole == 1 else 's'}"
    halves = round(hours / 12)
    whole, half = divmod(halves, 2)
    if not whole:
        return "half a day"
    return f"{whole}{'½' if half else ''} day{'s' if halves > 2 else ''}"
