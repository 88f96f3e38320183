"""What pages ask about holds: what stands, what it covers, what left before it, what waits, what it cannot stop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Brand, Member, Workspace
from quarterdeck.crew.naming import by_role
from quarterdeck.publishing import holds_deciding
from quarterdeck.publishing.holds_deciding import Choice
from quarterdeck.publishing.models import Caught, Delivery, DeliveryState, Hold, Label, Outside, Post, Tick

LONGEST_LIST = 100
_PEOPLE = ("workspace", "placed_by__user", "lifted_by__user")


def hold(workspace: Workspace, pk: UUID) -> Hold:
    """One hold of this workspace; NotFound for any other."""
    found = Hold.objects.filter(workspace=workspace, pk=pk).select_related(*_PEOPLE).first()
    if found is None:
        raise NotFound("There is no such hold in this workspace.")
    return found


def outside(workspace: Workspace, pk: UUID) -> Outside:
    """One line of the list of what a hold cannot stop; NotFound for another workspace's."""
    found = Outside.objects.filter(workspace=workspace, pk=pk).first()
    if found is None:
        raise NotFound("There is no such line on the list of this workspace.")
    return found


def tick(hold: Hold, pk: UUID) -> Tick:
    """One tick of this hold."""
    found = hold.ticks.filter(pk=pk).select_related("hold", "ticked_by__user").first()
    if found is None:
        raise NotFound("It is not ticked any more.")
    return found


# --- what a hold covers -----------------------------------------------------------------------------


def covers(hold: Hold) -> Q:
    """Which deliveries of its workspace the hold covers: the same rule as `holding.HELD_SQL`, and tested to be."""
    where = {
        Hold.Scope.WORKSPACE: Q(),
        Hold.Scope.CHANNEL: Q(channel=hold.target),
        Hold.Scope.POST: Q(post=hold.target),
        Hold.Scope.BRAND: Q(post__brand=hold.target) | Q(channel__brand=hold.target),
        Hold.Scope.LABEL: Q(post__in=Post.labels.through.objects.filter(label=hold.target).values("post")),
    }
    return Q(workspace=hold.workspace_id) & where[Hold.Scope(hold.scope)]


def covered_by_any(holds: Iterable[Hold]) -> Q:
    """What any of these holds covers; nothing when there are none."""
    found = Q(pk__in=[])
    for one in holds:
        found |= covers(one)
    return found


def waiting(hold: Hold) -> QuerySet[Delivery]:
    """What is planned within the scope, and does not go out while the hold stands."""
    return Delivery.objects.filter(covers(hold), state=DeliveryState.INTENT)


def on_their_way(hold: Hold) -> QuerySet[Delivery]:
    """What has left our hands within the scope: being sent, in somebody's hands, or sent and not known to be out."""
    left = Q(state__in=[DeliveryState.SENDING, DeliveryState.HANDED]) | Q(
        state=DeliveryState.AMBIGUOUS, asked_at__isnull=True
    )
    rows = Delivery.objects.filter(covers(hold) & left)
    return rows.select_related("post__workspace", "channel", "handed_to__user").order_by("due_at", "pk")


def freed_by(hold: Hold, rows: Sequence[Delivery]) -> set[UUID]:
    """Those of the rows that no other standing hold covers: lifting this one sets them free."""
    others = [one for one in standing(hold.workspace) if one.pk != hold.pk]
    if not others:
        return {row.pk for row in rows}
    kept = Delivery.objects.filter(covered_by_any(others), pk__in=[row.pk for row in rows])
    return {row.pk for row in rows} - set(kept.values_list("pk", flat=True))


# --- what stands ------------------------------------------------------------------------------------


def standing(workspace: Workspace) -> list[Hold]:
    """The holds that stand, the widest first, then the oldest. One question."""
    found = Hold.objects.filter(workspace=workspace, lifted_at__isnull=True).select_related(*_PEOPLE)
    widest = list(Hold.Scope.values)
    return sorted(found, key=lambda one: (widest.index(one.scope), one.placed_at))


def over(post: Post) -> list[Hold]:
    """The standing holds that cover anything of this post, planned or not yet."""
    holds = standing(post.workspace)
    if not holds:
        return []
    channels = {one.channel_id for one in post.deliveries.all()} | set(
        post.channels.values_list("pk", flat=True)
    )
    brands = {post.brand_id, *Channel.objects.filter(pk__in=channels).values_list("brand_id", flat=True)}
    mine = {
        Hold.Scope.WORKSPACE: {post.workspace_id},
        Hold.Scope.BRAND: brands,
        Hold.Scope.CHANNEL: channels,
        Hold.Scope.LABEL: set(post.labels.values_list("pk", flat=True)),
        Hold.Scope.POST: {post.pk},
    }
    return [one for one in holds if one.target in mine[Hold.Scope(one.scope)]]


def names(holds: Sequence[Hold]) -> dict[UUID, str]:
    """What each hold covers, in words inside a sentence: "everything", "the channel Harbour"."""
    by_scope: dict[str, dict] = {}
    for scope, model in (("brand", Brand), ("channel", Channel), ("label", Label), ("post", Post)):
        wanted = [one.target for one in holds if one.scope == scope]
        by_scope[scope] = model.objects.in_bulk(wanted) if wanted else {}

    def name(one: Hold) -> str:
        if one.scope == Hold.Scope.WORKSPACE:
            return "everything"
        found = by_scope[one.scope].get(one.target)
        if one.scope == Hold.Scope.POST:
            return f"the post “{found.short}”" if found else "one post"
        return f"the {one.scope} “{found}”" if found else f"one {one.scope}"

    return {one.pk: name(one) for one in holds}


@dataclass(frozen=True, slots=True)
class Named:
    """A hold with what it covers in words: "everything", and "Everything" to begin a sentence."""

    hold: Hold
    what: str

    @property
    def What(self) -> str:
        return self.what[0].upper() + self.what[1:]


def named(holds: Sequence[Hold]) -> list[Named]:
    """The same holds with their names."""
    known = names(holds)
    return [Named(one, known[one.pk]) for one in holds]


def lifted(workspace: Workspace) -> list[Hold]:
    """The last holds that ended, newest first."""
    found = Hold.objects.filter(workspace=workspace, lifted_at__isnull=False).select_related(*_PEOPLE)
    return list(found.order_by("-lifted_at")[:20])


# --- what left before, and what a hold cannot stop ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Left:
    """Something that had left our hands when the hold was placed, and how it stands now."""

    delivery: Delivery
    word: str
    tone: str
    words: str
    ended: bool
    tick: Tick | None = None


def left_before(hold: Hold) -> tuple[list[Left], list[Left]]:
    """What was on its way, and what was in somebody's hands, each with what has become of it by now."""
    ticks = {one.delivery_id: one for one in _ticks(hold) if one.delivery_id}
    rows = Caught.objects.filter(hold=hold).select_related(
        "delivery__post", "delivery__channel", "delivery__handed_to__user", "delivery__said_by__user"
    )
    rows = rows.prefetch_related("delivery__settlements").order_by("delivery__due_at", "pk")
    found = [(one.handed_out, _left(one.delivery, ticks.get(one.delivery_id), hold)) for one in rows]
    return [left for handed, left in found if not handed], [left for handed, left in found if handed]


def _left(row: Delivery, tick: Tick | None, hold: Hold) -> Left:
    word, tone, words, ended = _became(row)
    if row.state == DeliveryState.INTENT and hold.lifted_at is None:
        word, tone = "held", "amber"
    return Left(row, word, tone, words, ended, tick)


def _became(row: Delivery) -> tuple[str, str, str, bool]:
    """Word, tone, sentence, and whether that is the end of it."""
    if row.is_out:
        said = (
            f"It is out; {by_role(row.said_by)} said so."
            if row.said_by_id
            else "It is out: the network took it."
        )
        return "out", "coral", said, True
    if row.state == DeliveryState.SENDING:
        return (
            "on its way",
            "amber",
            "Its call was let through before the hold. What becomes of it shows here.",
            False,
        )
    if row.state == DeliveryState.HANDED:
        return (
            "in hand",
            "amber",
            f"{row.handed_to} has it, to be posted by hand. A hold cannot stop a hand.",
            False,
        )
    if row.state == DeliveryState.INTENT:
        return row.word, "", row.failure or "It was stopped before its first byte left.", True
    if row.state == DeliveryState.AMBIGUOUS:
        if row.asked_at is None:
            return (
                "not known",
                "coral",
                "No answer came. The network is being asked whether it is out.",
                False,
            )
        return (
            "not known",
            "coral",
            "Nobody knows whether it is out. Please look at the channel and say.",
            False,
        )
    return row.word, "", row.failure or "Nothing of it went out.", True


@dataclass(frozen=True, slots=True)
class Unstoppable:
    """A line of the team's list, with who saw to it while this hold stood."""

    outside: Outside
    tick: Tick | None


def unstoppable(hold: Hold) -> list[Unstoppable]:
    """The team's list of what a hold cannot stop. Of a hold that was lifted: what was on it, with its ticks."""
    ticks = {one.outside_id: one for one in _ticks(hold) if one.outside_id}
    listed = Q(removed_at__isnull=True)
    if hold.lifted_at is not None:
        listed &= Q(added_at__lte=hold.lifted_at)
    rows = Outside.objects.filter(listed | Q(pk__in=ticks), workspace=hold.workspace_id)
    return [Unstoppable(row, ticks.get(row.pk)) for row in rows.order_by("added_at")]


def outside_list(workspace: Workspace) -> list[Outside]:
    """What a hold cannot stop, as the team keeps it."""
    found = Outside.objects.filter(workspace=workspace, removed_at__isnull=True)
    return list(found.select_related("added_by__user").order_by("added_at"))


def _ticks(hold: Hold) -> list[Tick]:
    return list(hold.ticks.select_related("ticked_by__user").order_by("ticked_at"))


# --- the choice and the review ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choices:
    """What a hold may be placed on."""

    brands: list[Brand]
    channels: list[Channel]
    labels: list[Label]


def choices(who: Member) -> Choices:
    """A brand only where there are several: the one brand is everything."""
    brands = list(who.workspace.brands.order_by("name"))
    return Choices(
        brands if len(brands) > 1 else [],
        list(who.workspace.channels.filter(disconnected_at__isnull=True).order_by("name")),
        list(Label.objects.filter(workspace=who.workspace_id).order_by("name")),
    )


def planned(workspace: Workspace) -> int:
    """How many deliveries a hold of everything would keep back."""
    return Delivery.objects.filter(workspace=workspace, state=DeliveryState.INTENT).count()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one post on one channel: one delivery, or the parts of a thread, decided together."""

    rows: list[Delivery]
    choice: Choice
    free: bool  # no other hold covers it

    @property
    def first(self) -> Delivery:
        return self.rows[0]

    @property
    def parts(self) -> int:
        return len(self.rows)


def review(hold: Hold, now: datetime) -> list[Waiting]:
    """Everything that waits under the hold, soonest first."""
    rows = list(
        waiting(hold)
        .select_related("post", "channel")
        .prefetch_related("post__labels")
        .order_by("due_at", "part", "pk")
    )
    free = freed_by(hold, rows)
    groups: dict[tuple[UUID, UUID], list[Delivery]] = {}
    for row in rows:
        groups.setdefault((row.post_id, row.channel_id), []).append(row)
    choices = holds_deciding.choices([group[0] for group in groups.values()], now)
    return [Waiting(group, choices[group[0].pk], group[0].pk in free) for group in groups.values()]
