"""What belongs to one week of the team: posts planned for it, ideas that are due to be made, commitments that are due;
and what became of each. Read from the rooms that hold them; nothing here is stored, and nothing is asked by person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterdeck.crew.models import Workspace
from quarterdeck.desk.models import Reason, WeekPlan
from quarterdeck.publishing import sizes, weeks


class Fate(StrEnum):
    """What became of an item of a week so far."""

    AHEAD = "ahead"
    DONE = "done"  # it is out, or made, or kept
    MOVED = "moved"
    OFF = "off"
    OPEN = "open"  # its time is over, and nobody has decided


@dataclass(frozen=True, slots=True)
class Span:
    """A week on the clocks of `zone`, seen at `now`."""

    monday: date
    begins: datetime
    ends: datetime
    now: datetime
    zone: ZoneInfo

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def over(self) -> bool:
        return self.ends <= self.now

    @property
    def underway(self) -> bool:
        return self.begins <= self.now < self.ends

    def holds(self, instant: datetime) -> bool:
        return self.begins <= instant < self.ends

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


@dataclass(slots=True)
class Item:
    """One thing of a week. `keys` name it, and the idea it came from; `word` says what became of it, `reason` why."""

    keys: tuple[str, ...]
    kind: str
    title: str
    url: str
    day: date
    size: str
    fate: Fate
    word: str
    said_size: bool = True  # somebody said it; else its kind usually is that
    size_url: str = ""
    reason: str = ""
    where: str = ""
    planned: bool = False  # it stands in the plan that was kept

    @property
    def key(self) -> str:
        return self.keys[0]

    @property
    def points(self) -> int:
        return sizes.points(self.size)

    @property
    def counts(self) -> bool:
        """Whether it takes room in the week."""
        return self.fate in {Fate.AHEAD, Fate.DONE, Fate.OPEN}

    @property
    def asks_why(self) -> bool:
        return self.fate in {Fate.MOVED, Fate.OFF} and not self.reason

    @property
    def unsettled(self) -> bool:
        return self.asks_why or self.fate == Fate.OPEN


@dataclass(slots=True)
class Week:
    """A week with its plan, where one was kept, and its items by day."""

    span: Span
    plan: WeekPlan | None
    items: list[Item] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """Points of what stands in it."""
        return sum(item.points for item in self.items if item.counts)

    @property
    def unsettled(self) -> list[Item]:
        return [item for item in self.items if item.unsettled]

    def of(self, *fates: Fate) -> list[Item]:
        return [item for item in self.items if item.fate in fates and not item.unsettled]


def span(workspace: Workspace, monday: date, now: datetime) -> Span:
    """The week of that Monday in the workspace's zone."""
    begins, ends = weeks.bounds(monday, workspace.zone)
    return Span(monday, begins, ends, now, workspace.zone)


def week(workspace: Workspace, monday: date, now: datetime, plan: WeekPlan | None = None) -> Week:
    """The week that begins on `monday`: at most a dozen questions to the database, whatever it holds."""
    from quarterdeck.desk import week_items  # which reads this module's words

    stretch = span(workspace, monday, now)
    plan = plan or WeekPlan.objects.filter(workspace=workspace, monday=monday).first()
    planned = {one["key"] for one in plan.items} if plan else set()
    found = week_items.items(workspace, stretch, planned)
    reasons = _reasons(workspace, monday)
    for item in found:
        item.planned = bool(planned.intersection(item.keys))
        said = next((reasons[key] for key in item.keys if key in reasons), "")
        item.reason = item.reason or said
        if said and item.fate == Fate.OPEN and item.kind == "idea":
            item.fate, item.word = Fate.OFF, "not made in this week"
    return Week(stretch, plan, sorted(found, key=lambda item: (item.day, item.kind, item.title)))


def _reasons(workspace: Workspace, monday: date) -> dict[str, str]:
    found = Reason.objects.filter(workspace=workspace, monday=monday).order_by("said_at")
    return dict(found.values_list("key", "words"))


def ids_of(planned: Iterable[str], kind: str) -> list[UUID]:
    """The ids of one kind among the keys of a plan."""
    return [UUID(pk) for of, _, pk in (key.partition(":") for key in planned) if of == kind]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a plan said beside what happened, in counts alone."""

    planned: int
    done: int
    moved: int  # with a reason
    off: int  # with a reason
    unsettled: int
    ahead: int
    added: int
    added_done: int

    @property
    def words(self) -> str:
        """The counts as a sentence or two."""
        parts = [
            (self.done, "published or done"),
            (self.moved, "moved, with the reason"),
            (self.off, "taken off, with the reason"),
            (self.ahead, "still ahead"),
            (self.unsettled, "not settled yet"),
        ]
        became = ", ".join(f"{count} {what}" for count, what in parts if count)
        said = f"Planned: {self.planned}. {became}." if became else f"Planned: {self.planned}."
        if self.added:
            said += f" Added later: {self.added}, {self.added_done} of them published or done."
        return said


def kept(found: Week) -> Kept | None:
    """The plan beside what happened; None where none was kept."""
    if found.plan is None:
        return None
    planned = [item for item in found.items if item.planned]
    added = [item for item in found.items if not item.planned]

    def count(items: Sequence[Item], *fates: Fate) -> int:
        return sum(1 for item in items if item.fate in fates and not item.unsettled)

    return Kept(
        planned=len(planned),
        done=count(planned, Fate.DONE),
        moved=count(planned, Fate.MOVED),
        off=count(planned, Fate.OFF),
        unsettled=sum(1 for item in planned if item.unsettled),
        ahead=count(planned, Fate.AHEAD),
        added=len(added),
        added_done=count(added, Fate.DONE),
    )
