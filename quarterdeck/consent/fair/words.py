"""A fair plan in words: what each department gets, whether it would rather have another's, and what anything else would
cost whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from quarterdeck.channels.models import Channel
from quarterdeck.consent.fair.weights import Weight
from quarterdeck.consent.models import FairPlan
from quarterdeck.stakeholders.models import Department, Request
from quarterdeck.stakeholders.models.requests import Need

GONE = "something that was asked for"
UNSERVED = "each lies outside its time, on other brands’ channels, or is planned or promised already."
MOST_NAMED = 5


@dataclass(slots=True)
class Line:
    """One request of a plan: where it stands, or that it has no place."""

    request: Request | None
    what: str
    when: datetime | None
    channel: str
    words: str


@dataclass(slots=True)
class Share:
    """What a plan gives to one department."""

    department: Department
    placed: int
    asked: int
    points: int
    first: int
    sum: int
    weight: Weight
    sentences: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def gets(self) -> str:
        those = "request" if self.asked == 1 else "requests"
        return f"{self.placed} of {self.asked} {those}, {points_in(self.points)}"


@dataclass(slots=True)
class Told:
    """A plan, told."""

    plan: FairPlan
    shares: list[Share] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    clash: list[str] = field(default_factory=list)
    outside: str = ""

    @property
    def proof(self) -> str:
        if self.plan.gap == 0:
            return "Proven: no other plan is fairer by this measure."
        return (
            f"Time ended before it was proven. A fairer one could be better by at most "
            f"{100 * (2.718281828**self.plan.gap - 1):.1f} percent in the product of all shares."
        )

    @property
    def served(self) -> int:
        return sum(one.points > 0 for one in self.shares)


def points_in(points: int) -> str:
    return f"{points} point{'' if points == 1 else 's'}"


def day_of(plan: FairPlan, at: datetime) -> str:
    """ "Tuesday 10 March, 11:00", on the workspace's clock."""
    local = at.astimezone(plan.workspace.zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"


def promise(plan: FairPlan, at: datetime) -> str:
    """What whoever asked reads when a plan is adopted."""
    return f"It has a place in the fair plan for {plan.name}: {day_of(plan, at)}."


def promised_again(plan: FairPlan, at: datetime | None, before: datetime | None) -> str:
    """What whoever asked reads when what was accepted already gets a time, another time, or none any more."""
    if before is None:
        return promise(plan, at) if at is not None else ""
    gone = f"It was promised {day_of(plan, before)}, which cannot be had any more"
    if at is not None:
        return f"{gone}. Its place in the fair plan for {plan.name} is now {day_of(plan, at)}."
    return (
        f"{gone}, and the fair plan for {plan.name} has no other place for it. It is accepted all the same: "
        "the team has to find it a time."
    )


def tell(plan: FairPlan) -> Told:
    """In three questions, however many requests."""
    found = plan.found
    told = Told(plan)
    requests = _requests(plan)
    if "clash" in found:
        told.clash = [_clash(plan, part, requests) for part in found["clash"]]
    if "departments" not in found:
        return told
    rows = found["departments"]
    names = {one.pk.hex: one for one in Department.objects.filter(workspace=plan.workspace_id)}
    channels = {one.pk.hex: str(one) for one in Channel.objects.filter(brand__workspace=plan.workspace_id)}
    weights = sum(row["counts"] for row in rows)
    for who, row in enumerate(rows):
        weight = Weight(row["set"], row["factor"], row["out"], row["total"], row["due"])
        share = Share(
            names[row["id"]], row["placed"], row["asked"], row["points"], row["first"], row["sum"], weight
        )
        share.sentences = [_proportion(row, row["counts"] / weights), *_envy(row, rows, names)]
        share.lines = [
            _line(plan, one, requests, channels) for one in found["requests"] if one["department"] == who
        ]
        told.shares.append(share)
    told.outside = _unserved(plan, found.get("unserved", ()), requests)
    told.others = [_other(plan, one, rows, names, requests) for one in found["others"]]
    return told


def _requests(plan: FairPlan) -> dict[str, Request]:
    wanted = {one["id"] for one in plan.found.get("requests", ())}
    wanted |= {pk for _, those, _ in plan.found.get("clash", ()) for pk in those}
    wanted |= set(plan.found.get("unserved", ()))
    rows = Request.objects.filter(workspace=plan.workspace_id, pk__in=[UUID(pk) for pk in wanted])
    return {one.pk.hex: one for one in rows}


def _unserved(plan: FairPlan, those: Sequence[str], requests: dict) -> str:
    """What is asked for in its days and is no part of it."""
    if not those:
        return ""
    names = [f"“{requests[pk].short}”" if pk in requests else GONE for pk in those[:MOST_NAMED]]
    more = [f"{len(those) - MOST_NAMED} more"] if len(those) > MOST_NAMED else []
    return f"No slot of {plan.name} can serve {_listed([*names, *more])}: {UNSERVED}"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _line(plan: FairPlan, one: dict[str, Any], requests: dict, channels: dict) -> Line:
    request = requests.get(one["id"])
    what = request.short if request else GONE
    demoted = request is not None and request.need == Need.MUST and one["counts"] != Need.MUST
    note = " A must beyond the ration of the quarter: it counts as good." if demoted else ""
    if one["slot"] < 0:
        return Line(
            request,
            what,
            None,
            "",
            f"No place. In its best slot it would count {points_in(one['best'])}.{note}",
        )
    at, channel = plan.found["slots"][one["slot"]]
    when = datetime.fromisoformat(at)
    best = "" if one["points"] == one["best"] else f" of {one['best']}"
    stays = " It keeps the time it was promised." if one.get("own") == "promised" else ""
    words = f"{one['points']}{best} points.{stays}{note}"
    return Line(request, what, when, channels.get(channel, "a channel that is gone"), words)


def _proportion(row: dict[str, Any], part: float) -> str:
    due = row["alone"] * part
    says = "not less than" if row["points"] >= due else "less than"
    return (
        f"Alone with every slot it would have {points_in(row['alone'])}; by its weight {round(due)} of those are its "
        f"part. It gets {row['points']}, {says} that."
    )


def _envy(row: dict[str, Any], rows: list[dict[str, Any]], names: dict) -> list[str]:
    """Whether it would rather have another's slots for its own requests."""
    own, me = row["points"], names[row["id"]]
    rather = [(names[rows[other]["id"]], worth) for other, worth in row["envies"] if worth > own]
    if rather:
        return [
            f"{me} would rather have {other}’s slots: {worth} against {own} points."
            for other, worth in rather
        ]
    most = max(row["envies"], key=lambda one: one[1], default=None)
    if most is None:
        return []
    other, worth = names[rows[most[0]]["id"]], most[1]
    return [f"Would {me} rather have another’s slots? No: {own} points, and at most {worth} with {other}’s."]


def _other(plan: FairPlan, one: dict[str, Any], rows: list, names: dict, requests: dict) -> str:
    asked = plan.found["requests"][one["request"]]
    row, at = requests.get(asked["id"]), datetime.fromisoformat(plan.found["slots"][one["slot"]][0])
    begins = f"“{row.short if row else GONE}” on {day_of(plan, at)} instead"
    if one["clash"]:
        return f"{begins}: not possible with what has to be placed."
    changes = [
        f"{names[rows[who]['id']]} {abs(by)} point{'' if abs(by) == 1 else 's'} {'more' if by > 0 else 'less'}"
        for who, by in sorted(one["changes"], key=lambda change: -change[1])
    ]
    return f"{begins}: {', '.join(changes) if changes else 'nobody would get more or less'}."


def _clash(plan: FairPlan, part: list[Any], requests: dict) -> str:
    kind, those, at = part
    names = [f"“{requests[pk].short}”" if pk in requests else GONE for pk in those]
    named = _listed(names)
    when = day_of(plan, datetime.fromisoformat(at)) if at else ""
    return {
        "required": f"{named} must happen.",
        "fixed": f"{named} is planned or promised already and keeps its time.",
        "allowed": f"{named} counts only from its preferred week to its latest day, on its own brand’s channels.",
        "capacity": f"The slot on {when} takes one post.",
        "bundle": f"{named} belong together: all or none.",
        "order": f"{named} come one after the other.",
        "conflict": f"{named} are for the same audience, which gets no two posts so close together.",
    }[kind]


def proposal(told: Told) -> str:
    """The plan as it is proposed to the departments."""
    gives = "\n".join(f"{one.department}: {one.gets}." for one in told.shares)
    return f"We propose the fair plan for {told.plan.name}. {told.proof}\n\n{gives}"


def changes(told: Told) -> str:
    """What it changes for whom, beside the two other rules."""
    return "\n".join(
        f"{one.department}: {points_in(one.points)}, where first come, first served would give {one.first} and the "
        f"greatest sum {one.sum}."
        for one in told.shares
    )
