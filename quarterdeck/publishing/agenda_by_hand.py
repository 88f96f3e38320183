"""What posting by hand asks of a member on their Desk, and what falls to them because they stand in for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member, Notification
from quarterdeck.publishing import reads
from quarterdeck.publishing.handing import STAND_IN_AFTER, TOLD_AGAIN_AFTER, left_at
from quarterdeck.publishing.models import Delivery, DeliveryState

UNREAD_AFTER = timedelta(minutes=30)


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    if who.may("publishing.delivery.answer"):
        standing_in = _StandingIn(who)
        yield from _handed_out(who, now, standing_in)
        yield from _failed_unread(who, now, standing_in)


class _StandingIn:
    """For whom `who` stands in; asked once a person."""

    def __init__(self, who: Member) -> None:
        self._who, self._known = who, {}

    def __call__(self, answerable: Member) -> bool:
        if answerable.pk not in self._known:
            self._known[answerable.pk] = self._who.pk in {one.pk for one in crew.stand_ins(answerable)}
        return self._known[answerable.pk]


def _handed_out(who: Member, now: datetime, standing_in: _StandingIn) -> Iterable[AgendaItem]:
    """Posts in somebody's hands: on their own Desk at once, on the stand-in's after an hour."""
    rows = Delivery.objects.filter(workspace=who.workspace, state=DeliveryState.HANDED)
    rows = rows.select_related("post__answerable__user", "channel").order_by("handed_at")
    for row in rows[: reads.LONGEST_LIST]:
        answers = row.post.answerable
        if answers.pk == who.pk:
            yield _item(who, row, now, "")
        elif (answers.left_at or now >= row.handed_at + STAND_IN_AFTER) and standing_in(answers):
            gone = "has left" if answers.left_at else "has not said whether it is out"
            yield _item(who, row, now, f"{answers} {gone}, and you stand in.")


def _item(who: Member, row: Delivery, now: datetime, why_you: str) -> AgendaItem:
    page = reverse("publishing-by-hand", kwargs={"workspace": who.workspace.slug, "pk": row.pk})
    at = row.handed_at.astimezone(who.zone)
    latest = row.latest_at.astimezone(who.zone)
    title, kind, weight = f"Post “{row.post.short}” by hand on {row.channel.name}", "due", 84
    why = f"Handed out at {at:%H:%M}, to be posted by {latest:%H:%M}. Then say whether it is out."
    if now >= left_at(row):
        kind, weight = "missed", 78
        title = f"“{row.post.short}” was handed out for {row.channel.name}, and never answered"
        why = f"Handed out on {at:%a} {at.day} {at:%b} at {at:%H:%M}. Say whether it went out."
    elif now >= row.handed_at + TOLD_AGAIN_AFTER:
        kind, weight = "missed", 86
        title = f"Is “{row.post.short}” out on {row.channel.name}?"
        why = f"Handed out at {at:%H:%M}; nobody has said since whether it is out."
    return AgendaItem(
        key=f"publishing.handed:{row.pk}",
        kind=kind,
        title=title,
        why=f"{why} {why_you}".strip(),
        url=page,
        since=row.handed_at,
        consequence=weight,
        due=row.latest_at if now < row.latest_at else None,
        actions=(ItemAction("Post it" if kind == "due" else "Say what became of it", page, primary=True),),
    )


def _failed_unread(who: Member, now: datetime, standing_in: _StandingIn) -> Iterable[AgendaItem]:
    """What failed half an hour ago, and neither was decided about nor read of by whoever answers for it."""
    pages = {
        row: reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": row.post_id})
        for row in reads.unsettled(who.workspace)
        if row.post.answerable_id != who.pk
        and row.post.answerable.left_at is None
        and row.ended_at
        and now >= row.ended_at + UNREAD_AFTER
        and standing_in(row.post.answerable)
    }
    told: dict[tuple, list[Notification]] = defaultdict(list)
    for one in Notification.objects.filter(url__in=pages.values()) if pages else ():
        told[one.member_id, one.url].append(one)
    for row, page in pages.items():
        answers = row.post.answerable
        since = [one for one in told[answers.pk, page] if one.created_at >= row.ended_at]
        if not since or any(one.read_at for one in since):
            continue
        yield AgendaItem(
            key=f"publishing.standing_in:{row.pk}",
            kind="missed",
            title=f"“{row.post.short}” on {row.channel.name}: {row.word}, and {answers} has not read of it",
            why=f"You stand in for {answers}. {row.failure}",
            url=page,
            since=row.ended_at,
            consequence=79,
            actions=(ItemAction("Open", page, primary=True),),
        )
