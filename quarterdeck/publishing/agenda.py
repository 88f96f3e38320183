"""What publishing asks of a member on their Desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.publishing import clearing, policies, reads
from quarterdeck.publishing.models import Ask, Delivery, DeliveryState

AHEAD = timedelta(hours=36)
WEIGHT = {DeliveryState.AMBIGUOUS: 90, DeliveryState.REJECTED: 85, DeliveryState.MISSED: 80}


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    yield from _not_out(who)
    if who.may("publishing.post.approve"):
        yield from _to_approve(who, now)
    if who.may("publishing.post.draft"):
        yield from _returned(who)
        yield from _without_a_question(who, now)
        yield from _without_a_time(who)


def _address(who: Member, post_id) -> str:
    return reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": post_id})


def _not_out(who: Member) -> Iterable[AgendaItem]:
    """Deliveries in trouble: for who answers for the post, and for the leads when that person has left."""
    for delivery in reads.unsettled(who.workspace):
        answers = delivery.post.answerable
        mine = answers.pk == who.pk
        orphan = answers.left_at is not None and who.may("channels.channel.connect")
        if mine or orphan:
            yield _trouble(who, delivery)


def _trouble(who: Member, delivery: Delivery) -> AgendaItem:
    unknown = delivery.state == DeliveryState.AMBIGUOUS
    verb = {
        DeliveryState.AMBIGUOUS: "may or may not be out on",
        DeliveryState.REJECTED: "was refused by",
        DeliveryState.MISSED: "did not go out on",
    }[DeliveryState(delivery.state)]
    parts = {"workspace": who.workspace.slug, "pk": delivery.pk}
    actions = [ItemAction("Open", _address(who, delivery.post_id), primary=True)]
    if not unknown and delivery.is_approved and who.may("publishing.post.schedule"):
        again = reverse("publishing-delivery-now", kwargs=parts)
        actions = [
            ItemAction("Send now", again, "post", primary=True),
            ItemAction("Same time, next day", reverse("publishing-delivery-next", kwargs=parts), "post"),
            ItemAction("Drop", reverse("publishing-delivery-drop", kwargs=parts), "post"),
        ]
    return AgendaItem(
        key=f"publishing.delivery:{delivery.pk}",
        kind="decide" if unknown else "missed",
        title=f"“{delivery.post.short}” {verb} {delivery.channel.name}",
        why=delivery.failure,
        url=_address(who, delivery.post_id),
        since=delivery.ended_at,
        consequence=WEIGHT[DeliveryState(delivery.state)],
        actions=tuple(actions),
    )


def _to_approve(who: Member, now: datetime) -> Iterable[AgendaItem]:
    asks = reads.waiting_asks(who.workspace)
    stands = clearing.of_many([ask.post for ask in asks])
    for ask in asks:
        if policies.is_asked(stands[ask.post_id], who, ask.post.author):
            yield _approval(who, ask, now)


def _approval(who: Member, ask: Ask, now: datetime) -> AgendaItem:
    due: datetime | None = ask.due_at
    title = f"“{ask.post.short}” waits for approval"
    why = "Your approval is asked for. No time is chosen yet."
    if due is not None:
        title = f"“{ask.post.short}” needs approval before {clock_time(due, now, who)}"
        why = "If nobody answers, the slot passes and nothing is sent."
    return AgendaItem(
        key=f"publishing.approval:{ask.pk}",
        kind="approve",
        title=title,
        why=why,
        url=_address(who, ask.post_id),
        since=ask.asked_at,
        consequence=60 if due else 45,
        due=due,
        can_wait_until=_day_before(due, who, now),
        actions=(ItemAction("Read and decide", _address(who, ask.post_id), primary=True),),
        fold="" if due else "publishing.approval",
        fold_title=lambda items: f"{len(items)} posts wait for approval, the oldest {_age(items, now)}",
    )


def _returned(who: Member) -> Iterable[AgendaItem]:
    for given in reads.returned_to(who):
        edit = reverse("publishing-post-edit", kwargs={"workspace": who.workspace.slug, "pk": given.post_id})
        yield AgendaItem(
            key=f"publishing.return:{given.pk}",
            kind="make",
            title=f"“{given.post.short}” came back",
            why=f"{given.who} wrote: {given.reason}",
            url=_address(who, given.post_id),
            since=given.returned_at,
            consequence=55,
            actions=(ItemAction("Change it", edit, primary=True),),
        )


def _without_a_question(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """Planned soon, and nobody was asked to approve it."""
    seen: set = set()
    for delivery in reads.planned_without_approval(who, now + AHEAD):
        if delivery.post_id in seen:
            continue
        seen.add(delivery.post_id)
        yield AgendaItem(
            key=f"publishing.unasked:{delivery.post_id}:{delivery.post.version}",
            kind="due",
            title=f"“{delivery.post.short}” is planned for {clock_time(delivery.due_at, now, who)} without approval",
            why="Nobody was asked to approve the present text, so it will not go out.",
            url=_address(who, delivery.post_id),
            since=delivery.planned_at,
            consequence=65,
            due=delivery.due_at,
            actions=(ItemAction("Open", _address(who, delivery.post_id), primary=True),),
        )


def _without_a_time(who: Member) -> Iterable[AgendaItem]:
    for approval in reads.unplanned(who):
        yield AgendaItem(
            key=f"publishing.unplanned:{approval.pk}",
            kind="decide",
            title=f"When does “{approval.post.short}” go out?",
            why=f"{approval.who} approved it; no time is chosen.",
            url=_address(who, approval.post_id),
            since=approval.cleared_at,
            consequence=35,
            actions=(ItemAction("Choose a time", _address(who, approval.post_id), primary=True),),
            fold="publishing.unplanned",
            fold_title=lambda items: f"{len(items)} approved posts have no time yet",
        )


def clock_time(moment: datetime, now: datetime, who: Member) -> str:
    """ "11:30" today, "Tue 11:30" this week, "Tue 17 Mar, 11:30" later, in the member's zone."""
    local, here = moment.astimezone(who.zone), now.astimezone(who.zone)
    if local.date() == here.date():
        return f"{local:%H:%M}"
    if local - here < timedelta(days=6):
        return f"{local:%a %H:%M}"
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def _day_before(due: datetime | None, who: Member, now: datetime) -> datetime | None:
    """Nine o'clock on the day before it is due; what is due sooner cannot wait."""
    if due is None:
        return None
    day = due.astimezone(who.zone).date() - timedelta(days=1)
    morning = datetime.combine(day, time(9, 0), tzinfo=who.zone)
    return morning if morning > now else None


def _age(items: list[AgendaItem], now: datetime) -> str:
    hours = (now - min(item.since for item in items)).total_seconds() / 3600
    if hours < 1:
        return f"{max(1, int(hours * 60))} min"
    return f"{int(hours)} h" if hours < 48 else f"{int(hours // 24)} days"
