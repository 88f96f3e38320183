"""A conflict with the rows it is about, and in words: read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from quarterdeck.channels.models import Channel
from quarterdeck.consent.conflicts.shapes import CHANNEL, POST, REQUEST, SPAN
from quarterdeck.consent.models import Against, Conflict
from quarterdeck.consent.world import LABEL
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.models import Span
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Label, Post
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders.models import Department, Request, RequestPost

Kind = Conflict.Kind
NAMED = 3


@dataclass(slots=True)
class Side:
    """A post of a conflict: where it is planned, whether it can still move, and which requests it serves."""

    post: Post
    at: datetime | None = None
    channels: list[Channel] = field(default_factory=list)
    movable: bool = False
    out: bool = False
    requests: list[Request] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"“{self.post.short}”"

    @property
    def departments(self) -> list[Department]:
        return list({one.department_id: one.department for one in self.requests}.values())

    @property
    def whose(self) -> str:
        """ "for Sales", "for Sales and HR", or nothing."""
        return f"for {joined([str(one) for one in self.departments])}" if self.requests else ""


@dataclass(slots=True)
class Matter:
    """A conflict, its sides, and what it is in words."""

    conflict: Conflict
    posts: list[Side]
    requests: list[Request]
    span: Span | None = None
    channel: Channel | None = None
    title: str = ""
    words: str = ""

    @property
    def departments(self) -> list[Department]:
        """Those whose requests are in it, each once."""
        found = {one.pk: one for side in self.posts for one in side.departments}
        found |= {one.department_id: one.department for one in self.requests}
        return list(found.values())

    @property
    def whom(self) -> str:
        """ "Sales and Legal"."""
        return joined([str(one) for one in self.departments])


def joined(words: Sequence[str], most: int = 6) -> str:
    """ "a", "a and b", "a, b and 3 more"."""
    words = list(words)
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def whose(name: str) -> str:
    """ "Sales’", "Legal’s"."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


def read(workspace: Workspace, conflicts: Sequence[Conflict]) -> list[Matter]:
    """These conflicts with everything they are about, in their order; what is gone meanwhile is left out of them."""
    sides = _sides(workspace, {pk for one in conflicts for pk in one.ids_of(POST)})
    requests = Request.objects.filter(workspace=workspace).select_related("department", "stakeholder")
    asked = requests.in_bulk({pk for one in conflicts for pk in one.ids_of(REQUEST)})
    spans = Span.objects.filter(workspace=workspace).in_bulk(
        {pk for one in conflicts for pk in one.ids_of(SPAN)}
    )
    channels = Channel.objects.filter(workspace=workspace).in_bulk(
        {pk for one in conflicts for pk in one.ids_of(CHANNEL)} | set(_named(conflicts, "channels"))
    )
    words = _Words(workspace, conflicts, channels)
    found = []
    for one in conflicts:
        matter = Matter(
            conflict=one,
            posts=[sides[pk] for pk in one.ids_of(POST) if pk in sides],
            requests=[asked[pk] for pk in one.ids_of(REQUEST) if pk in asked],
            span=next((spans[pk] for pk in one.ids_of(SPAN) if pk in spans), None),
            channel=next((channels[pk] for pk in one.ids_of(CHANNEL) if pk in channels), None),
        )
        if one.kind in {Kind.SLOT, Kind.AUDIENCE, Kind.MESSAGE}:
            matter.posts.sort(key=lambda side: (side.at is None, side.at))
        matter.title, matter.words = words.of(matter)
        found.append(matter)
    return found


def one(conflict: Conflict) -> Matter:
    return read(conflict.workspace, [conflict])[0]


def _named(conflicts: Iterable[Conflict], name: str) -> list[UUID]:
    return [UUID(hex=pk) for one in conflicts for pk in one.facts.get(name, ())]


def _sides(workspace: Workspace, posts: set[UUID]) -> dict[UUID, Side]:
    found = {
        pk: Side(post)
        for pk, post in Post.objects.filter(workspace=workspace, discarded_at__isnull=True)
        .prefetch_related("labels")
        .in_bulk(posts)
        .items()
    }
    states: dict[UUID, set[str]] = {}
    rows = Delivery.objects.filter(post__in=found, part=0, state__in=(*OPEN, DeliveryState.ACCEPTED))
    for row in rows.select_related("channel").order_by("due_at"):
        side = found[row.post_id]
        side.at = side.at or row.due_at
        side.channels.append(row.channel)
        states.setdefault(row.post_id, set()).add(row.state)
    for pk, side in found.items():
        side.movable = states.get(pk) == {DeliveryState.INTENT}
        side.out = DeliveryState.ACCEPTED in states.get(pk, set())
    serves = RequestPost.objects.filter(post__in=found, parted_at__isnull=True)
    for row in serves.select_related("request__department", "request__stakeholder").order_by("joined_at"):
        found[row.post_id].requests.append(row.request)
    return found


class _Words:
    """Titles and sentences, with the names they need read once for all."""

    def __init__(
        self, workspace: Workspace, conflicts: Sequence[Conflict], channels: dict[UUID, Channel]
    ) -> None:
        self.zone = workspace.timezone
        self.channels = channels
        rules = Against.objects.filter(workspace=workspace).select_related("one", "other")
        wanted = [UUID(hex=one.facts["rule"]) for one in conflicts if "rule" in one.facts]
        self.rules = rules.in_bulk(wanted) if wanted else {}
        labels = {
            UUID(hex=name.removeprefix(LABEL))
            for one in conflicts
            for name in one.facts.get("audiences", ())
            if name.startswith(LABEL)
        }
        self.labels = Label.objects.filter(workspace=workspace).in_bulk(labels) if labels else {}

    def of(self, matter: Matter) -> tuple[str, str]:
        """The title of a conflict and one sentence of what it means."""
        return getattr(self, f"_{matter.conflict.kind}")(matter)

    def _names(self, matter: Matter) -> str:
        return joined([one.name for one in matter.posts], NAMED) or "Posts that are gone"

    def _at(self, matter: Matter) -> str:
        return moment(next((one.at for one in matter.posts if one.at), matter.conflict.at), self.zone)

    def _slot(self, matter: Matter) -> tuple[str, str]:
        names = [
            str(self.channels[pk].name) for pk in _named([matter.conflict], "channels") if pk in self.channels
        ]
        where = joined(names) or "one channel"
        return (
            f"{self._names(matter)} want the same slot",
            f"They are planned within minutes of each other on {where}, {self._at(matter)}.",
        )

    def _audience(self, matter: Matter) -> tuple[str, str]:
        named = []
        for name in matter.conflict.facts.get("audiences", ()):
            label = self.labels.get(UUID(hex=name.removeprefix(LABEL))) if name.startswith(LABEL) else None
            named.append(
                f"“{label or name.partition(':')[2]}”"
                if label or not name.startswith(LABEL)
                else "one audience"
            )
        times = [one.at for one in matter.posts if one.at]
        apart = _apart(max(times) - min(times)) if len(times) > 1 else "a short time"
        often = f"would hear {_count(len(matter.posts))} times within {apart}"
        return (
            f"{self._names(matter)} reach the same people too soon",
            f"{joined(named) or 'One audience'} {often}, from {self._at(matter)} on.",
        )

    def _closed(self, matter: Matter) -> tuple[str, str]:
        span = matter.span
        what = f"{span.get_kind_display().lower()} “{span.title}”" if span else "a closed date"
        until = f" It lasts until {moment(span.ends_at, self.zone)}." if span else ""
        if matter.requests:
            asked = matter.requests[0]
            return (
                f"“{asked.short}” was promised inside the {what}",
                f"{asked.department} was told yes, and no day is left on which it may go out.{until}",
            )
        return (
            f"{self._names(matter)} lies in the {what}",
            f"It is planned for {self._at(matter)}, and nothing should go out then.{until}",
        )

    def _message(self, matter: Matter) -> tuple[str, str]:
        rule = self.rules.get(UUID(hex=matter.conflict.facts.get("rule", "0" * 32)))
        pair = f"“{rule.one}” and “{rule.other}”" if rule else "two labels"
        why = f" {rule.why}" if rule and rule.why else ""
        days = f" within {rule.days} day{'' if rule.days == 1 else 's'} of each other" if rule else ""
        if len(matter.posts) == 1:
            return f"{self._names(matter)} says two things at once", f"It has the labels {pair}.{why}"
        return (
            f"{self._names(matter)} contradict each other",
            f"Posts with {pair} should not go out{days} for one brand.{why}",
        )

    def _overuse(self, matter: Matter) -> tuple[str, str]:
        facts, name = matter.conflict.facts, matter.channel.name if matter.channel else "A channel"
        first = date.fromisoformat(facts["first"])
        when = f"on {moment(first)}" if facts["stretch"] == "day" else f"in the week of {moment(first)}"
        limit = (
            f"more than twice what it usually carries ({facts['limit']} would be twice)"
            if facts["rhythm"]
            else f"your rule allows {facts['limit']}"
        )
        return f"{name} carries {facts['count']} posts {when}", f"That is too much: {limit}."

    def _room(self, matter: Matter) -> tuple[str, str]:
        facts = matter.conflict.facts
        over = facts["used"] - facts["capacity"]
        return (
            f"The week of {moment(date.fromisoformat(facts['monday']))} has no room left",
            f"It holds {facts['used']} points of work and has room for {facts['capacity']}: {over} too many.",
        )


def _apart(length) -> str:
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"


def _count(number: int) -> str:
    return {2: "two", 3: "three", 4: "four", 5: "five"}.get(number, str(number))
