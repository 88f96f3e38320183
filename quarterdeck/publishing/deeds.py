"""What a person did with posts, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from quarterdeck.channels.models import Channel, Snapshot
from quarterdeck.core.deeds import Deed, listed
from quarterdeck.crew.models import Member
from quarterdeck.publishing.holds_reads import names
from quarterdeck.publishing.models import Approval, Delivery, DeliveryState, Hold, Post, Settlement

TOLD_ALONE = 3  # posts of one week, beside the sentence that tells of all of them


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    yield from _written(me, since, until)
    yield from _approved(me, since, until)
    yield from _by_hand(me, since, until)
    yield from _settled(me, since, until)
    yield from _holds(me, since, until)


def _url(name: str, me: Member, **parts: Any) -> str:
    return reverse(name, kwargs={"workspace": me.workspace.slug, **parts})


# --- posts ----------------------------------------------------------------------------------------------


def _written(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    """Posts the member wrote that went out: those with most to tell one by one, and where there were many, all."""
    rows = Delivery.objects.filter(
        post__author=me, state=DeliveryState.ACCEPTED, ended_at__gte=since, ended_at__lt=until, part=0
    )
    out: dict[Any, list[Delivery]] = defaultdict(list)
    for row in rows.select_related("post__brand", "channel").order_by("ended_at", "pk"):
        out[row.post_id].append(row)
    told = [_post(me, went) for went in out.values()]
    told.sort(key=lambda deed: (-deed.weight, deed.when))
    yield from told[:TOLD_ALONE]
    if len(told) > TOLD_ALONE:
        every = [row for went in out.values() for row in went]
        yield Deed(
            key=f"publishing.written:{me.workspace_id}:{since:%Y-%m-%d}",
            kind="execution",
            when=every[-1].ended_at,
            did=f"wrote {len(told)} posts that went out",
            for_whom=f"for {listed(row.post.brand.name for row in every)}",
            result=f"They stand on {listed(_place(row.channel) for row in every)}.",
            weight=66,
            url=_url("publishing-post-out", me),
            event_ids=tuple(row.ledger_event_id for row in every[:50]),
        )


def _post(me: Member, went: list[Delivery]) -> Deed:
    post, first = went[0].post, went[0]
    number = _number(went)
    local = first.ended_at.astimezone(me.zone)
    where = listed(_place(row.channel) for row in went)
    return Deed(
        key=f"publishing.out:{post.pk}",
        kind="execution",
        when=first.ended_at,
        did=f"wrote {_named(post)}",
        for_whom=f"for {post.brand.name}",
        result=f"It went out on {where} on {local:%A} at {local:%H:%M}{number}.",
        weight=62 if number else 55,
        url=_url("publishing-post", me, pk=post.pk),
        event_ids=tuple(row.ledger_event_id for row in went),
    )


def _number(went: list[Delivery]) -> str:
    """The newest raw numbers a network gave of it, with the age they were taken at; empty where it gave none."""
    taken = (
        Snapshot.objects.filter(
            channel__in={row.channel_id for row in went},
            post__remote_id__in={row.remote_id for row in went if row.remote_id},
            taken_at__isnull=False,
            gone=False,
        )
        .select_related("post__channel")
        .order_by("-taken_at", "pk")
    )
    for snapshot in taken[:10]:
        counted = [(name, count) for name, count in snapshot.counts.items() if count]
        if counted:
            said = " and ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counted[:2])
            return f"; at an age of {snapshot.age}, {_place(snapshot.post.channel)} counted {said}"
    return ""


def _named(post: Post) -> str:
    return f"“{post.short}”" if post.text.strip() else "a post without text"


def _place(channel: Channel) -> str:
    """Where it stands, as one says it to somebody else: the network; of a place without one, what the team calls it."""
    network = channel.title.removesuffix(", by hand")
    return channel.name if network == "By hand" else network


def _approved(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    """Approvals of other people's texts: how many texts, for which brands."""
    rows = list(
        Approval.objects.filter(
            approved_by=me, approved_at__gte=since, approved_at__lt=until, withdrawn_at=None, alone=False
        )
        .exclude(post__author=me)
        .select_related("post__brand")
        .order_by("approved_at", "pk")
    )
    texts = list({row.post_id: row.post for row in rows}.values())
    if not texts:
        return
    one = len(texts) == 1
    yield Deed(
        key=f"publishing.approved:{me.workspace_id}:{since:%Y-%m-%d}",
        kind="together",
        when=rows[-1].approved_at,
        did=f"read and approved {_named(texts[0]) if one else f'{len(texts)} texts of colleagues'}",
        for_whom=f"for {listed(post.brand.name for post in texts)}",
        weight=48,
        url=_url("publishing-post", me, pk=texts[0].pk) if one else "",
        event_ids=tuple(row.ledger_event_id for row in rows[:50]),
    )


def _by_hand(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    rows = list(
        Delivery.objects.filter(
            said_by=me, state=DeliveryState.ACCEPTED, ended_at__gte=since, ended_at__lt=until, part=0
        )
        .select_related("post__brand", "channel")
        .order_by("ended_at", "pk")
    )
    if rows:
        what = _named(rows[0].post) if len(rows) == 1 else f"{len(rows)} posts"
        yield Deed(
            key=f"publishing.by-hand:{me.workspace_id}:{since:%Y-%m-%d}",
            kind="hats",
            when=rows[-1].ended_at,
            did=f"posted {what} by hand on {listed(_place(row.channel) for row in rows)}",
            for_whom=f"for {listed(row.post.brand.name for row in rows)}",
            weight=46,
            url=_url("publishing-post", me, pk=rows[0].post_id),
            event_ids=tuple(row.ledger_event_id for row in rows[:50]),
        )


# --- what went wrong, and what was stopped --------------------------------------------------------------

_DECIDED = {
    "sent again": "It was sent again.",
    "moved": "It was given another time.",
    "dropped": "It was left out on purpose, and the record says so.",
    "out": "It had gone out after all, and the record says so.",
    "absent": "It was not out, and was sent again.",
}
_WRONG = {
    DeliveryState.MISSED: "it had missed its time",
    DeliveryState.REJECTED: "it had been refused",
}


def _settled(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    rows = Settlement.objects.filter(
        settled_by=me, settled_at__gte=since, settled_at__lt=until, undone_at=None
    )
    for row in rows.select_related("delivery__post__brand", "delivery__channel").order_by("settled_at", "pk"):
        delivery = row.delivery
        wrong = _WRONG.get(DeliveryState(delivery.state), "nobody could tell whether it was out")
        yield Deed(
            key=f"publishing.settled:{row.pk}",
            kind="accountability",
            when=row.settled_at,
            did=f"saw to {_named(delivery.post)} for {delivery.post.brand.name}: {wrong} on {_place(delivery.channel)}",
            result=_DECIDED.get(row.how, ""),
            weight=70,
            url=_url("publishing-post", me, pk=delivery.post_id),
            event_ids=(row.ledger_event_id,),
        )


def _holds(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    placed = Hold.objects.filter(placed_by=me, placed_at__gte=since, placed_at__lt=until)
    lifted = Hold.objects.filter(lifted_by=me, lifted_at__gte=since, lifted_at__lt=until)
    named = names([*placed, *lifted])
    for hold in placed.order_by("placed_at", "pk"):
        because = f" The reason: “{hold.reason}”." if hold.reason else ""
        yield Deed(
            key=f"publishing.hold:{hold.pk}",
            kind="always-on",
            when=hold.placed_at,
            did=f"put {named[hold.pk]} on hold",
            result=f"From then on nothing more was sent.{because}",
            weight=75,
            url=_url("publishing-hold", me, pk=hold.pk),
            event_ids=(hold.ledger_event_id,),
        )
    for hold in lifted.exclude(placed_by=me).order_by("lifted_at", "pk"):
        yield Deed(
            key=f"publishing.lifted:{hold.pk}",
            kind="always-on",
            when=hold.lifted_at,
            did=f"lifted the hold on {named[hold.pk]}, after deciding what became of each post it kept back",
            weight=58,
            url=_url("publishing-hold", me, pk=hold.pk),
            event_ids=(hold.ledger_event_id,),
        )
