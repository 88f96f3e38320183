"""What a form says before anybody asks: how long answers take, how much room there is, and what such a post reaches.
Each says what it rests on; where that is too little, it says so and gives no number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from django.db.models import Q

from quarterdeck.channels.models import Channel, Snapshot
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.core.registries import Proposed
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import held, queue, rules
from quarterdeck.publishing import objections, slots
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState
from quarterdeck.stakeholders import hours
from quarterdeck.stakeholders.models import Request, RequestPost
from quarterdeck.stakeholders.rows import monday

FEWEST = 3  # below this there is a count and no number
WEEKS = 13
PAST = timedelta(days=365)
MOST_ANSWERS = 200
MOST_POSTS = 200
AGES = {24: "a day", 168: "a week"}


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How long the team took to its first answer, in hours of workdays. None where fewer than FEWEST are known."""

    n: int
    middle: float | None = None
    shortest: float | None = None
    longest: float | None = None

    @property
    def words(self) -> str:
        if self.middle is None:
            known = {0: "No request of this kind has", 1: "Only one request of this kind has"}
            begins = known.get(self.n, f"Only {self.n} requests of this kind have")
            return f"{begins} been answered so far, so the usual time is not known yet."
        short, long = hours.in_words(self.shortest), hours.in_words(self.longest)
        span = f"all within {long}" if short == long else f"the quickest in {short}, the slowest in {long}"
        return (
            f"Usually {hours.in_words(self.middle)} to an answer: {span} "
            f"({self.n} answers within a year, counted on workdays)."
        )


def turnaround(workspace: Workspace, kind: str) -> Turnaround:
    """Median and range of the last answers to requests of a kind, within a year."""
    found = Request.objects.filter(
        workspace=workspace, kind=kind, answered_at__isnull=False, answered_at__gt=clock.now() - PAST
    )
    rows = list(found.order_by("-answered_at").values_list("asked_at", "answered_at")[:MOST_ANSWERS])
    if len(rows) < FEWEST:
        return Turnaround(len(rows))
    days = hours.workdays(workspace)
    took = [hours.between(days, asked, answered) for asked, answered in rows]
    return Turnaround(len(took), median(took), min(took), max(took))


# --- room in the weeks --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the plan: its slots that are still to come, how many of them nothing is planned at, and how many
    posts are planned. `slots` is None where the team keeps no weekly slots."""

    monday: date
    slots: int | None
    free: int
    planned: int

    @property
    def name(self) -> str:
        ends = self.monday + timedelta(days=6)
        same = ends.month == self.monday.month
        begins = f"{self.monday.day}" if same else f"{self.monday.day} {self.monday:%b}"
        return f"{begins} to {ends.day} {ends:%b}"

    @property
    def words(self) -> str:
        posts = f"{self.planned} post{'' if self.planned == 1 else 's'} planned"
        planned = posts if self.planned else "nothing planned yet"
        if self.slots is None:
            return planned
        if not self.slots:
            return f"no slot left, {planned}"
        return f"{self.free} of {self.slots} slot{'' if self.slots == 1 else 's'} free, {planned}"


def room(workspace: Workspace, weeks: int = WEEKS) -> list[Week]:
    """This week and those after it: six questions, however many weeks. A slot that is held, or whose time is forbidden
    whatever goes there, is not free."""
    now, zone = clock.now(), workspace.zone
    first = monday(now.astimezone(zone).date())
    begins, ends = _instant(first, workspace), _instant(first + timedelta(weeks=weeks), workspace)
    taken = list(
        Delivery.objects.filter(
            Q(state__in=OPEN) | Q(state=DeliveryState.ACCEPTED),
            workspace=workspace,
            part=0,
            due_at__gte=begins,
            due_at__lt=ends,
        ).values_list("due_at", "channel_id", "post_id")
    )
    weekly = [one for one in queue.slots_of(workspace) if one.channel.disconnected_at is None]
    near = rules.near(rules.of(workspace))
    kept = held.standing(workspace.pk, begins, ends)
    by_channel: dict = defaultdict(list)
    posts: dict[date, set] = defaultdict(set)
    for due, channel, post in taken:
        by_channel[channel].append(due)
        posts[monday(due.astimezone(zone).date())].add(post)
    for one in kept:
        by_channel[one.channel].append(one.at)
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    coming = [
        (here, at, one.channel)
        for here in mondays
        for one in weekly
        if (at := _slot(one, here, workspace)) is not None and at > now
    ]
    untaken = [one for one in coming if not any(abs(one[1] - due) < near for due in by_channel[one[2].pk])]
    slots_in, free_in = Counter(one[0] for one in coming), Counter(one[0] for one in _allowed(untaken))
    return [
        Week(here, slots_in[here] if weekly else None, free_in[here], len(posts[here])) for here in mondays
    ]


def _allowed(found: list[tuple[date, datetime, Channel]]) -> list[tuple[date, datetime, Channel]]:
    """Those at which a post of the channel's brand may go out."""
    said = objections.to_each(
        [Proposed(channel.workspace_id, at, channel.brand_id, [channel]) for _, at, channel in found]
    )
    return [one for one, against in zip(found, said, strict=True) if not objections.forbidden(against)]


def _instant(day: date, workspace: Workspace) -> datetime:
    return datetime.combine(day, time(0), tzinfo=workspace.zone).astimezone(UTC)


def _slot(one, first: date, workspace: Workspace) -> datetime | None:
    """The instant of a weekly slot in the week that begins there; None where the clock skips it."""
    day = first + timedelta(days=one.weekday)
    try:
        return slots.resolve(datetime.fromisoformat(f"{day}T{one.wall}"), workspace.timezone, fold=0).due_at
    except Invalid:
        return None


# --- what such a post reaches -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """From the least to the most of one number at one age on one network, over `n` posts."""

    network: str
    age: str
    name: str
    least: int
    most: int
    n: int

    @property
    def words(self) -> str:
        between = f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"
        return f"{between} {self.name} on {self.network} after {self.age} ({self.n} posts)"


@dataclass(frozen=True, slots=True)
class Reach:
    """What posts of a kind of request reached, as the networks counted it. No span where fewer than FEWEST posts
    were counted; `posts` is how many are out at all."""

    posts: int
    spans: Sequence[Span] = ()

    @property
    def words(self) -> str:
        if self.spans:
            return "; ".join(one.words for one in self.spans) + "."
        if not self.posts:
            return "Unknown: no post that was asked for like this is out yet."
        are = (
            "post that was asked for like this is"
            if self.posts == 1
            else "posts that were asked for like this are"
        )
        return f"Unknown: {self.posts} {are} out, too few with numbers to say anything."


def reach(workspace: Workspace, kind: str) -> Reach:
    """The range of what posts of this kind of request reached in their first day and their first week."""
    joined = RequestPost.objects.filter(
        request__workspace=workspace, request__kind=kind, parted_at__isnull=True
    ).values("post_id")
    out = list(publishing.out(workspace).filter(post__in=joined)[:MOST_POSTS])
    by_remote = {(row.channel_id, row.remote_id): row.post_id for row in out if row.remote_id}
    taken = Snapshot.objects.filter(
        channel__workspace=workspace,
        post__remote_id__in={remote for _, remote in by_remote},
        age_hours__in=AGES,
        taken_at__isnull=False,
        gone=False,
    ).select_related("post", "channel")
    counted: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for one in taken:
        if (one.channel_id, one.post.remote_id) in by_remote:
            for name, count in one.counts.items():
                counted[(network(one.channel), one.age_hours, name)].append(count)
    spans = [
        Span(where, AGES[age], counts_name(name), min(values), max(values), len(values))
        for (where, age, name), values in sorted(counted.items())
        if len(values) >= FEWEST and max(values)
    ]
    return Reach(len({row.post_id for row in out}), spans[:6])


def network(channel) -> str:
    """Where it stands, as one says it to somebody else; of a place without a network, what the team calls it."""
    said = channel.title.removesuffix(", by hand")
    return channel.name if said == "By hand" else said


def counts_name(name: str) -> str:
    """A count under its network's own name, as one says it: "favourites_count" is "favourites"."""
    return name.removesuffix("_count").replace("_", " ")


def numbers(deliveries: Iterable[Delivery], age: int | None = None) -> dict:
    """The newest raw numbers of each of these deliveries (or those of one age), by the delivery: a Snapshot."""
    rows = {(row.channel_id, row.remote_id): row.pk for row in deliveries if row.remote_id}
    if not rows:
        return {}
    found = Snapshot.objects.filter(
        channel__in={channel for channel, _ in rows},
        post__remote_id__in={remote for _, remote in rows},
        taken_at__isnull=False,
        gone=False,
        **({"age_hours": age} if age else {}),
    )
    said = {}
    for one in found.select_related("post").order_by("taken_at"):
        if (pk := rows.get((one.channel_id, one.post.remote_id))) is not None:
            said[pk] = one
    return said


def counted(snapshot: Snapshot) -> str:
    """ "12 favourites and 3 reblogs at an age of 24 h"; empty where nothing was counted."""
    given = [(name, count) for name, count in snapshot.counts.items() if count]
    if not given:
        return f"nothing counted yet at an age of {snapshot.age}"
    return (
        " and ".join(f"{count:,} {counts_name(name)}" for name, count in given[:3])
        + f" at an age of {snapshot.age}"
    )
