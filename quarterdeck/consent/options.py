"""What can be done about a conflict: two or three ways, and in words what each costs whom. Worked out anew whenever it
is asked, from the plan as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from quarterdeck.consent import world
from quarterdeck.consent.conflicts import every
from quarterdeck.consent.conflicts.every import Plan
from quarterdeck.consent.matters import Matter, Side, joined, whose
from quarterdeck.consent.models import Conflict
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.planning import queue
from quarterdeck.publishing import objections, slots
from quarterdeck.publishing.slots import Slot
from quarterdeck.shell.templatetags.shell import moment

Kind = Conflict.Kind
LOOKED_AT = 60  # free slots tried for one post
DAYS_WITHOUT_SLOTS = 21  # the same time of day on these days, where its channels have no weekly slots
MANY = 6  # posts in one conflict, beyond which only the first may stay
MOST_MOVED = 3  # posts that one option moves
FEW = {
    1: "one day",
    2: "two days",
    3: "three days",
    4: "four days",
    5: "five days",
    6: "six days",
    7: "a week",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One post to a free slot."""

    side: Side
    to: Slot

    @property
    def wall(self) -> datetime:
        """The wall time in the workspace's zone, naive."""
        return datetime.fromisoformat(self.to.wall)

    @property
    def key(self) -> str:
        return f"{self.side.post.pk.hex}@{self.to.wall}"


@dataclass(frozen=True, slots=True)
class Option:
    """One way: its key, what it is called, and what it costs whom, a sentence each. One with a `url` is done on another
    page; `keeps`: nothing moves, which a lead decides with a reason."""

    key: str
    title: str
    costs: list[str]
    moves: list[Move] = field(default_factory=list)
    url: str = ""
    keeps: bool = False


def of(matter: Matter) -> list[Option]:
    """Two or three ways, the gentlest first; the last keeps everything as it is."""
    plan = world.read(matter.conflict.workspace, rooms=False)
    ways = _ways(matter, plan)
    return [*ways[:2], _keep(matter)]


def _ways(matter: Matter, plan: Plan) -> list[Option]:
    movable = [one for one in matter.posts if one.movable]
    found: list[Option] = []
    for going in _who_gives_way(matter, movable):
        made = _moving(matter, plan, going)
        if made is not None and made.key not in {one.key for one in found}:
            found.append(made)
    found += [_asking(matter, one) for one in matter.requests[:1]]
    if matter.conflict.kind == Kind.MESSAGE and len(matter.posts) == 1:
        url = reverse("publishing-post", kwargs=_parts(matter, matter.posts[0].post.pk))
        words = [
            "It keeps its time. Whoever looks for one of the labels does not find it under that one any more."
        ]
        found = [Option("labels", "Take one of the two labels off", words, url=url)]
    return sorted(found, key=_harm)


def _who_gives_way(matter: Matter, movable: Sequence[Side]) -> list[list[Side]]:
    """Sets of posts that could move, so that the rest may stay."""
    kind, facts = matter.conflict.kind, matter.conflict.facts
    if kind == Kind.CLOSED:
        return [movable[:1]] if movable else []
    if kind in {Kind.OVERUSE, Kind.ROOM}:
        over = facts["count"] - facts["limit"] if kind == Kind.OVERUSE else 1
        unasked = sorted(movable, key=lambda one: len(one.requests))
        return [chosen for chosen in (list(movable[:over]), unasked[:over]) if 0 < len(chosen) <= MOST_MOVED]
    if len(matter.posts) < 2:
        return []
    if any(not one.movable for one in matter.posts):  # what is out, or on its way, stays
        return [list(movable)] if 0 < len(movable) <= MOST_MOVED else []
    tried = MOST_MOVED + 1 if len(movable) <= MANY else 1  # each looks for free slots for all the others
    return [[one for one in movable if one is not stays] for stays in movable[:tried]]


def _moving(matter: Matter, plan: Plan, going: Sequence[Side]) -> Option | None:
    """The option in which these move, each to a free slot that brings no other conflict; None where one has none."""
    moves = []
    for side in going:
        slot = free_slot(matter, plan, side)
        if slot is None:
            return None
        moves.append(Move(side, slot))
        plan = _with(plan, side, slot, matter)
    if not moves:
        return None
    zone = matter.conflict.workspace.zone
    names = joined([f"{one.side.name} to {moment(one.to.due_at, zone.key)}" for one in moves])
    costs = [words for one in moves for words in _costs(one, zone)]
    return Option(" ".join(one.key for one in moves), f"Move {names}", costs, moves)


# --- where a post could go -------------------------------------------------------------------------------


def free_slot(matter: Matter, plan: Plan, side: Side) -> Slot | None:
    """Where this post could go instead: the first free slot after its time that keeps the latest day of whoever asked;
    else the last before it; else the first after."""
    zone = matter.conflict.workspace.zone
    good = [slot for slot in _candidates(side, zone) if _is_clear(matter, plan, side, slot, zone)]
    after = [slot for slot in good if side.at is None or slot.due_at > side.at]
    before = [slot for slot in good if side.at is not None and slot.due_at < side.at]
    latest = min((one.latest for one in side.requests if one.latest), default=None)
    in_time = [slot for slot in after if latest is None or slot.due_at.astimezone(zone).date() <= latest]
    return next(iter(in_time), None) or (before[-1] if before else None) or next(iter(after), None)


def _candidates(side: Side, zone: ZoneInfo) -> list[Slot]:
    times = queue.weekly_times(side.channels)
    if times:
        return queue.free(side.post, side.channels, times, LOOKED_AT)
    return _same_time(side, zone)


def _same_time(side: Side, zone: ZoneInfo) -> list[Slot]:
    """The same time of day on other days, where no weekly slots are set and nothing forbids it."""
    local, now, found = (side.at or clock.now()).astimezone(zone), clock.now(), []
    for days in (n for n in range(-7, DAYS_WITHOUT_SLOTS + 1) if n):
        wall = (local + timedelta(days=days)).replace(tzinfo=None)
        try:
            slot = slots.resolve(wall, zone.key, fold=0)
        except Invalid:  # that time does not exist on that day
            continue
        if slot.due_at > now + timedelta(hours=1):
            found.append(slot)
    about = [objections.proposed(side.post, slot.due_at, side.channels) for slot in found]
    said = objections.to_each(about)
    return [slot for slot, against in zip(found, said, strict=True) if not objections.forbidden(against)]


def _is_clear(matter: Matter, plan: Plan, side: Side, slot: Slot, zone: ZoneInfo) -> bool:
    day = slot.due_at.astimezone(zone).date()
    facts = matter.conflict.facts
    if matter.conflict.kind == Kind.ROOM and world.monday_of(day).isoformat() == facts["monday"]:
        return False
    if matter.conflict.kind == Kind.OVERUSE:
        here = day if facts["stretch"] == "day" else world.monday_of(day)
        if here.isoformat() == facts["first"]:
            return False
    there = every.moved(plan, side.post.pk, slot.due_at, day)
    return not every.brings(there, side.post.pk, slot.due_at)


def _with(plan: Plan, side: Side, slot: Slot, matter: Matter) -> Plan:
    """The whole plan once this post has moved, for placing the next."""
    day = slot.due_at.astimezone(matter.conflict.workspace.zone).date()
    return every.moved(plan, side.post.pk, slot.due_at, day)


# --- what it costs whom -------------------------------------------------------------------------------------


def _costs(move: Move, zone: ZoneInfo) -> list[str]:
    side = move.side
    shift = _shift(side.at, move.to.due_at, zone)
    if not side.requests:
        return [f"{side.name} goes out {shift}. No department asked for it."]
    return [
        f"{whose(str(one.department))} “{one.short}” comes {shift} than planned{_measured(one, move.to.due_at, zone)}."
        if shift.endswith(("later", "earlier"))
        else f"{whose(str(one.department))} “{one.short}” comes {shift}{_measured(one, move.to.due_at, zone)}."
        for one in side.requests
    ]


def _shift(before: datetime | None, after: datetime, zone: ZoneInfo) -> str:
    """ "two days later", "three hours earlier", between two instants in a zone."""
    if before is None:
        return f"on {moment(after, zone.key)}"
    days = (after.astimezone(zone).date() - before.astimezone(zone).date()).days
    way = "later" if after > before else "earlier"
    if days:
        return f"{FEW.get(abs(days), f'{abs(days)} days')} {way}"
    hours = max(1, round(abs((after - before).total_seconds()) / 3600))
    return f"{'an hour' if hours == 1 else f'{hours} hours'} {way}, on the same day"


def _measured(request, at: datetime, zone: ZoneInfo) -> str:
    """Against what was asked for: the latest day, and the week."""
    day, said = at.astimezone(zone).date(), []
    if request.latest is not None:
        last = f"its latest day ({moment(request.latest)})"
        if day > request.latest:
            said.append(f"after {last}, so they have to agree")
        else:
            said.append(f"on {last}" if day == request.latest else f"still before {last}")
    week = request.agreed_week or request.preferred_week
    if week is not None and world.monday_of(day) != week:
        said.append(f"not in the week they {'agreed to' if request.agreed_week else 'wanted'}")
    return f", {' and '.join(said)}" if said else ""


def _harm(option: Option) -> tuple[int, int, float]:
    """For the order alone: broken promises, then requests touched, then how far things move."""
    late = far = touched = 0
    for one in option.moves:
        touched += len(one.side.requests)
        day = one.to.due_at.date()
        late += sum(1 for asked in one.side.requests if asked.latest and day > asked.latest)
        far += abs((one.to.due_at - one.side.at).total_seconds()) if one.side.at else 0
    return late, touched, far


def _asking(matter: Matter, request) -> Option:
    url = reverse("stakeholders-request", kwargs=_parts(matter, request.pk))
    words = [
        f"{request.department} was told yes. They hear why it cannot be kept, and are offered another week."
    ]
    return Option("ask", f"Agree on another week with {request.department}", words, url=url)


def _parts(matter: Matter, pk) -> dict:
    return {"workspace": matter.conflict.workspace.slug, "pk": pk}


def _keep(matter: Matter) -> Option:
    kind = matter.conflict.kind
    often = _times(len(matter.posts))
    brand = next((str(one.post.brand) for one in matter.posts), "us")
    words = {
        Kind.SLOT: "Nobody has to wait. On the channel they stand on each other’s feet, and each is seen less.",
        Kind.AUDIENCE: f"Nobody has to wait. The same people hear from {brand} {often} in a short time.",
        Kind.CLOSED: "Nobody has to wait. It goes out although that date was closed, so whoever closed it should know.",
        Kind.MESSAGE: f"Nobody has to wait. Whoever reads both may ask what {brand} means.",
        Kind.OVERUSE: "Nobody has to wait. Everything on the channel is seen by fewer people each.",
        Kind.ROOM: "Nobody has to wait. The team works more than it has room for, and something may slip.",
    }
    title = {1: "Keep it as it is", 2: "Keep both as they are"}.get(len(matter.posts), "Keep all as they are")
    return Option("keep", title, [words[kind]], keeps=True)


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"
