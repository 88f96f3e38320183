"""What lessons asks of a member on their own Desk: what they took on, what they are asked, what others want looked at,
and the review they lead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.lessons import reads
from quarterdeck.lessons.models import Commitment
from quarterdeck.shell.templatetags.shell import moment

DAY_ENDS = time(18, 0)
AHEAD = timedelta(days=2)  # a commitment comes onto the Desk two days before it is due


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    yield from _credit(who)
    if who.may("lessons.commitment.make"):
        for one in reads.owned(who):
            yield _due(who, one, now)
        for one in reads.offered(who):
            yield _offered(who, one)
        for one in reads.unowned(who):
            yield _unowned(who, one)
    if who.may("lessons.commitment.verify"):
        for one in reads.to_verify(who):
            yield _to_verify(who, one)
    if who.may("lessons.review.write"):
        yield from _led(who)


def _page(who: Member, one: Commitment) -> str:
    return reverse("lessons-commitment", kwargs={"workspace": who.workspace.slug, "pk": one.pk})


def _end_of(who: Member, day: date) -> datetime:
    return datetime.combine(day, DAY_ENDS, tzinfo=who.workspace.zone)


def _due(who: Member, one: Commitment, now: datetime) -> AgendaItem:
    due, url = _end_of(who, one.due), _page(who, one)
    morning = datetime.combine(one.due - AHEAD, time(9, 0), tzinfo=who.workspace.zone)
    moved = f" It was first due {moment(one.first_due)}." if one.first_due != one.due else ""
    return AgendaItem(
        key=f"lessons.commitment:{one.pk}:{one.due}",
        kind="due",
        title=one.short,
        why=f"You took this on; it {'was' if due < now else 'is'} due {moment(one.due)}.{moved}"
        f" It comes from the review of “{one.review.short}”.",
        url=url,
        since=one.owner_at or one.made_at,
        consequence=52 if due < now else 42,
        due=due,
        can_wait_until=morning if morning > now else None,
        actions=(ItemAction("Open", url, primary=True),),
    )


def _offered(who: Member, one: Commitment) -> AgendaItem:
    url = _page(who, one)
    take = reverse("lessons-commitment-take", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
    no = reverse("lessons-commitment-pass", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
    return AgendaItem(
        key=f"lessons.offered:{one.pk}",
        kind="decide",
        title=f"Will you take on “{one.short}”?",
        why=f"You are asked; it would be due {moment(one.due)}. No is an answer too.",
        url=url,
        since=one.state_at,
        consequence=44,
        due=_end_of(who, one.due),
        actions=(
            ItemAction("I take it on", take, method="post", primary=True),
            ItemAction("No", no, method="post"),
            ItemAction("Open", url),
        ),
    )


def _unowned(who: Member, one: Commitment) -> AgendaItem:
    url = _page(who, one)
    title, why = f"Nobody has taken on “{one.short}”", ""
    if one.owner:
        title, why = f"Nobody has “{one.short}” any more", "Who took it on has left. "
    return AgendaItem(
        key=f"lessons.unowned:{one.pk}",
        kind="decide",
        title=title,
        why=f"{why}It is due {moment(one.due)}. Take it on, ask somebody else, or drop it with a reason.",
        url=url,
        since=one.state_at,
        consequence=36,
        due=_end_of(who, one.due),
        actions=(ItemAction("Open", url, primary=True),),
        fold="lessons.unowned",
        fold_title=lambda items: f"{len(items)} commitments that nobody has",
    )


def _to_verify(who: Member, one: Commitment) -> AgendaItem:
    url = _page(who, one)
    shown = one.word or one.evidence
    return AgendaItem(
        key=f"lessons.verify:{one.pk}:{one.state_at:%Y%m%d%H%M%S}",
        kind="approve",
        title=f"Look whether “{one.short}” was done",
        why=f"It is said to be done: {shown}"[:300] + ("" if shown.endswith(".") else "."),
        url=url,
        since=one.state_at,
        consequence=34,
        actions=(ItemAction("Look", url, primary=True),),
        fold="lessons.verify",
        fold_title=lambda items: f"{len(items)} commitments wait for a second look",
    )


def _credit(who: Member) -> Iterable[AgendaItem]:
    page = reverse("lessons-credit-list", kwargs={"workspace": who.workspace.slug})
    for one in reads.to_answer(who):
        parts = {"workspace": who.workspace.slug, "pk": one.pk}
        yes, no = (
            reverse("lessons-credit-confirm", kwargs=parts),
            reverse("lessons-credit-decline", kwargs=parts),
        )
        yield AgendaItem(
            key=f"lessons.credit:{one.pk}",
            kind="answer",
            title=f"{one.given_by} says that you helped",
            why=f"With: {one.helped_with}. It is shown only when you confirm it.",
            url=page,
            since=one.given_at,
            consequence=30,
            actions=(
                ItemAction("Yes, I did", yes, method="post", primary=True),
                ItemAction("Rather not", no, method="post"),
            ),
            fold="lessons.credit",
            fold_title=lambda items: f"{len(items)} times somebody says that you helped",
        )


def _led(who: Member) -> Iterable[AgendaItem]:
    for one in reads.led(who):
        url = reverse("lessons-review", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
        why = "It is open, and opens where you left off. Ten minutes are enough."
        if one.led_by_id != who.pk:
            why = "Who led it has left. Keep something and it is yours to finish; while it is open there is no other."
        yield AgendaItem(
            key=f"lessons.review:{one.pk}",
            kind="make",
            title=f"Finish the review of “{one.short}”",
            why=why,
            url=url,
            since=one.opened_at,
            consequence=38,
            actions=(ItemAction("Go on", url, primary=True),),
        )
