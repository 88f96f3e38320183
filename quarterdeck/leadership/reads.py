"""What the pages of the person ask. Every function takes the person themself, and there is none about another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from quarterdeck.crew.models import Member, User, Workspace
from quarterdeck.leadership import choosing, lines, sealing
from quarterdeck.leadership.lines import Line
from quarterdeck.leadership.models import Agreement, Keeping, Sheet


def keeping(user: User) -> Keeping | None:
    """The person's own switch; None while they never touched it."""
    return Keeping.objects.filter(user=user).first()


def is_on(user: User) -> bool:
    return Keeping.objects.filter(user=user, on_since__isnull=False).exists()


def agreement(workspace: Workspace) -> Agreement | None:
    """The works agreement that stands, if one does."""
    return Agreement.objects.filter(workspace=workspace, ended_at=None).first()


def content(user: User, kind: str, begins: date) -> dict[str, Any]:
    """What a sheet says; empty while there is none."""
    sheet = Sheet.objects.filter(user=user, kind=kind, begins=begins).first()
    return sealing.unseal(sheet, user) if sheet else {}


@dataclass(frozen=True, slots=True)
class Week:
    """A week as kept: its sentences in order, and the keys of the deeds that were dropped."""

    monday: date
    lines: list[Line] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    @property
    def decided(self) -> set[str]:
        return {line.key for line in self.lines if line.key} | set(self.dropped)


def _week(monday: date, said: dict[str, Any]) -> Week:
    kept = [Line(week=monday, **one) for one in said.get("lines", [])]
    return Week(monday, sorted(kept, key=lambda line: (line.when, line.id)), said.get("dropped", []))


def week(user: User, monday: date) -> Week:
    return _week(monday, content(user, Sheet.Kind.WEEK, monday))


def weeks(user: User, since: date, until: date) -> list[Week]:
    """The weeks that have sentences and belong to months from `since` on and before `until` (firsts of months)."""
    rows = Sheet.objects.filter(user=user, kind=Sheet.Kind.WEEK).order_by("begins")
    inside = [row for row in rows if since <= lines.month_of(row.begins) < until]
    return [found for row in inside if (found := _week(row.begins, sealing.unseal(row, user))).lines]


@dataclass(frozen=True, slots=True)
class Month:
    """A month: what is in it, and what was left out of it."""

    first: date
    chosen: list[Line] = field(default_factory=list)
    left_out: list[Line] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        return lines.by_kind(self.chosen)


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month(user: User, first: date) -> Month:
    return _month(first, weeks(user, first, next_month(first)), content(user, Sheet.Kind.MONTH, first))


def _month(first: date, found: list[Week], said: dict[str, Any]) -> Month:
    out = set(said.get("left_out", []))
    every = [line for one in found if lines.month_of(one.monday) == first for line in one.lines]
    return Month(
        first, [line for line in every if line.id not in out], [line for line in every if line.id in out]
    )


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months and the one page made of them. `opening` is what the person says first."""

    year: int
    months: list[Month]
    page: list[Line]
    opening: str = ""

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        return lines.by_kind(self.page)

    @property
    def not_on_it(self) -> list[Month]:
        """What the months hold beside what is on the page."""
        there = {line.id for line in self.page}
        rest = [Month(m.first, [line for line in m.chosen if line.id not in there]) for m in self.months]
        return [one for one in rest if one.chosen]

    @property
    def is_empty(self) -> bool:
        return not any(one.chosen or one.left_out for one in self.months)


def year(user: User, number: int) -> Year:
    found = weeks(user, date(number, 1, 1), date(number + 1, 1, 1))
    rows = Sheet.objects.filter(
        user=user, kind=Sheet.Kind.MONTH, begins__gte=date(number, 1, 1), begins__lt=date(number + 1, 1, 1)
    )
    said = {row.begins: sealing.unseal(row, user) for row in rows}
    firsts = [date(number, one, 1) for one in range(1, 13)]
    months = [_month(first, found, said.get(first, {})) for first in firsts]
    own = content(user, Sheet.Kind.YEAR, date(number, 1, 1))
    chosen = set(choosing.year([m.chosen for m in months])) | set(own.get("on", []))
    chosen -= set(own.get("off", []))
    page = [line for one in months for line in one.chosen if line.id in chosen]
    return Year(number, months, page, own.get("opening", ""))


def years(user: User) -> list[int]:
    """The years of which the person has kept something, newest first."""
    begun = Sheet.objects.filter(user=user, kind=Sheet.Kind.WEEK).values_list("begins", flat=True)
    return sorted({lines.year_of(one) for one in begun}, reverse=True)


def colleagues_names(user: User) -> set[str]:
    """What everybody else is called where the person is or was a member: names that are left out of what leaves."""
    mine = Member.objects.filter(user=user).values("workspace")
    others = Member.objects.filter(workspace__in=mine).exclude(user=user)
    return {name for name in others.values_list("user__name", flat=True) if name.strip()}


def wants_to_be_asked(user: User, now: datetime, monday: date) -> bool:
    """Whether the Desk may say that the week waits: it is kept, not done with, and not put off."""
    found = keeping(user)
    if found is None or found.on_since is None or (found.passed is not None and found.passed >= monday):
        return False
    return found.quiet_until is None or found.quiet_until <= now
