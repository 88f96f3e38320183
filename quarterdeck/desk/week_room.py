"""Whether the week of the team is full or has room: points of what is planned beside what the week holds. Points,
because nobody notes hours; of the team, because nobody's load is compared with anybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quarterdeck.core import clock
from quarterdeck.core.registries import WeekRoom
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Workspace
from quarterdeck.desk import week
from quarterdeck.desk.models import Capacity
from quarterdeck.planning import rules

TEAM = "publishing.post.draft"  # whose leave counts: the roles that make posts


@dataclass(frozen=True, slots=True)
class Holds:
    """What a week holds in points: `usual` as the lead set it (None: nobody has), `now` with leave taken off."""

    usual: int | None
    now: int | None
    days: int  # working days of the team in this week
    away: int  # of these, on which somebody is away

    @property
    def words(self) -> str:
        """Why it holds what it holds; names nobody."""
        if self.usual is None:
            return ""
        if not self.away:
            return f"A usual week of the team holds {_points(self.usual)}, and nobody is away in this one."
        return (
            f"A usual week of the team holds {_points(self.usual)}. {self.away} of its {self.days} working days"
            f" {'is' if self.away == 1 else 'are'} leave in this one, so it holds {self.now}."
        )


def holds(workspace: Workspace, monday: date) -> Holds:
    """What the week holds. Leave lowers it in proportion to the team's working days."""
    usual = Capacity.objects.filter(workspace=workspace).values_list("points", flat=True).first()
    works = set(rules.of(workspace).days)
    days = [day for n in range(7) if (day := monday + timedelta(days=n)).weekday() in works]
    total, away = crew.leave(workspace, TEAM, days)
    if usual is None or not total:
        return Holds(usual, usual, total, away)
    return Holds(usual, (2 * usual * (total - away) + total) // (2 * total), total, away)


def room_words(holds: int, taken: int) -> str:
    """ "Full: 3 points over", "Room for about two M"."""
    free = holds - taken
    if free < 0:
        return f"Full: {_points(-free)} over"
    if free == 0:
        return "Full: nothing more fits"
    if free == 1:
        return "Room for one S"
    count = free // 2
    named = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    return f"Room for about {named.get(count, str(count))} M"


def rooms(workspace: Workspace, mondays: Sequence[date]) -> list[WeekRoom | None]:
    """For other rooms (`registries.week_room`): how full these weeks are, None where nobody has said what one holds."""
    now = clock.now()
    if not Capacity.objects.filter(workspace=workspace).exists():
        return [None for _ in mondays]
    return [
        WeekRoom(monday, holds(workspace, monday).now or 0, week.week(workspace, monday, now).taken)
        for monday in mondays
    ]


def _points(count: int) -> str:
    return f"{count} point{'s' * (count != 1)}"
