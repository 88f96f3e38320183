"""What planning asks of a member on their Desk: posts inside a blackout or an embargo, posts nobody watches, and the
comments they are named to read while a first hour runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.planning import entries, layers, rules, watching
from quarterdeck.planning.entries import Entry
from quarterdeck.planning.models import Watch
from quarterdeck.planning.watching import FIRST_HOUR
from quarterdeck.publishing.models import Delivery, DeliveryState

INSIDE_AHEAD = timedelta(days=60)
WATCH_AHEAD = timedelta(hours=36)
MOST_INSIDE = 50  # items of one member


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks. Asks little where there are no spans and nothing goes out soon."""
    yield from _reading(who, now)
    if not who.may("publishing.post.schedule"):
        return
    spans = [one for one in layers.standing(who.workspace, now, now + INSIDE_AHEAD) if one.blocks]
    if spans:
        yield from _inside(who, now, spans)
    yield from _unwatched(who, now)


def _address(who: Member, entry: Entry, name: str = "publishing-post") -> str:
    return reverse(name, kwargs={"workspace": who.workspace.slug, "pk": entry.post_id})


def _reading(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """What this member is named for and is out, until its first hour is over."""
    named = Watch.objects.filter(member=who, ended_at__isnull=True, due_at__range=(now - FIRST_HOUR, now))
    out = Delivery.objects.filter(
        post=OuterRef("post"), due_at=OuterRef("due_at"), state=DeliveryState.ACCEPTED
    )
    for watch in named.filter(Exists(out)).select_related("post"):
        ends = watch.due_at + FIRST_HOUR
        url = reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": watch.post_id})
        yield AgendaItem(
            key=f"planning.reading:{watch.pk}",
            kind="answer",
            title=f"Read the comments on “{watch.post.short}”",
            why=f"It is out, and you are named for its first hour, until {ends.astimezone(who.zone):%H:%M}.",
            url=url,
            since=watch.due_at,
            consequence=65,
            due=ends,
            actions=(ItemAction("Open it", url, primary=True),),
            fold="planning.reading",
            fold_title=lambda items: f"Read the comments on {len(items)} posts that are just out",
        )


def _inside(who: Member, now: datetime, spans: list) -> Iterable[AgendaItem]:
    """For whoever answers for the post, and for the leads, who keep the layers."""
    found, _ = entries.between(who.workspace, now, now + INSIDE_AHEAD)
    entries.put_labels(found)
    brands = dict(who.workspace.channels.values_list("pk", "brand_id"))
    lead = who.may("planning.layer.change")
    theirs = [one for one in layers.note(found, spans, brands) if lead or one.answerable_id == who.pk]
    unsaid = max(0, len(theirs) - MOST_INSIDE)
    for one in theirs[:MOST_INSIDE]:
        move = _address(who, one, "planning-move")
        yield AgendaItem(
            key=f"planning.inside:{one.anchor}",
            kind="decide",
            title=f"“{one.title}” is planned where nothing should go out",
            why=f"{one.notes[0].words} It goes out at its time unless somebody moves it.",
            url=_address(who, one),
            since=now,
            consequence=70,
            due=one.due_at,
            actions=(ItemAction("Move it…", move, primary=True),),
            fold="planning.inside",
            fold_title=lambda items: f"{len(items) + unsaid} posts are planned where nothing should go out",
        )


def _unwatched(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """The day before, for whoever answers for the post."""
    soon = Delivery.objects.filter(post__answerable=who, state=DeliveryState.INTENT)
    times = set(soon.filter(due_at__range=(now, now + WATCH_AHEAD)).values_list("due_at", flat=True))
    own, zone = rules.of(who.workspace), who.workspace.zone
    outside = [at for at in times if not own.works_at(at.astimezone(zone))]
    if not outside:
        return
    found, _ = entries.between(who.workspace, min(outside), max(outside) + timedelta(seconds=1))
    mine = [one for one in found if one.answerable_id == who.pk and one.open]
    watching.put(mine, who.workspace, own)
    for one in mine:
        if one.watcher != watching.NOBODY:
            continue
        yield AgendaItem(
            key=f"planning.unwatched:{one.anchor}",
            kind="decide",
            title=f"Who reads the comments on “{one.title}”?",
            why=f"It goes out on {one.local:%A} at {one.at}, outside the working hours, and nobody is named.",
            url=_address(who, one),
            since=now,
            consequence=40,
            due=one.due_at,
            actions=(ItemAction("Name somebody", f"{_address(who, one)}#watch", primary=True),),
            fold="planning.unwatched",
            fold_title=lambda items: f"{len(items)} posts go out with nobody reading the comments",
        )
