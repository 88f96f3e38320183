"""What posts name of strategy: asked by the post's own page, and by the pages of strategy through a registry, since
that room stands below this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse

from quarterdeck.channels import reads as channels
from quarterdeck.core import clock
from quarterdeck.core.registries import NamedCounts, NamedPost, PostsNaming
from quarterdeck.crew.models import Brand, Member
from quarterdeck.publishing import reads
from quarterdeck.publishing.models import Delivery, DeliveryState, Post, Purpose
from quarterdeck.publishing.status import Status
from quarterdeck.publishing.verbs.purpose import NOUNS
from quarterdeck.strategy.models import Campaign

COUNTED_DAYS = 28
MOST_LINES = 400
MOST_RESULTS = 3  # channels of one post
MOST_WENT = 100


def of(post: Post) -> Purpose | None:
    """What the post names; None where it names nothing."""
    found = Purpose.objects.filter(post=post).select_related("campaign", "objective", "pillar").first()
    return found if found is not None and found.names_something else None


# --- for the pages of strategy ------------------------------------------------------------------------


def _alive(**which: Any) -> QuerySet[Purpose]:
    return Purpose.objects.filter(post__discarded_at__isnull=True, **which)


def lines(who: Member, campaigns: Sequence[UUID], objectives: Sequence[UUID], each: int) -> list[NamedPost]:
    """See `registries.PostsNaming`."""
    if not who.may("publishing.post.view"):
        return []
    place = Window(
        RowNumber(),
        partition_by=[Coalesce("campaign", "objective")],
        order_by=F("post__changed_at").desc(),
    )
    wanted = Q(campaign__in=campaigns) | Q(objective__in=objectives)
    found = _alive(workspace=who.workspace_id).filter(wanted).annotate(place=place)
    rows = {row.post_id: row for row in found.filter(place__lte=each)[:MOST_LINES]}
    told = reads.lines(Post.objects.filter(pk__in=rows).order_by("-changed_at"))
    results = _results(
        [delivery for one in told for delivery in one.post.deliveries.all() if delivery.is_out]
    )
    return [_line(who, rows[one.post.pk], one, results.get(one.post.pk, [])) for one in told]


def _line(who: Member, row: Purpose, told: reads.Line, results: list[tuple[str, datetime]]) -> NamedPost:
    return NamedPost(
        campaign=row.campaign_id,
        objective=row.objective_id,
        pillar=row.pillar_id,
        title=told.post.title,
        url=reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": told.post.pk}),
        word=told.word,
        tone=told.tone,
        out=told.status in {Status.OUT, Status.GONE},
        when=told.when,
        afterwards=frozenset(noun for noun in NOUNS if getattr(row, f"{noun}_after")),
        results=tuple(results[:MOST_RESULTS]),
    )


def _results(deliveries: list[Delivery]) -> dict[UUID, list[tuple[str, datetime]]]:
    """By the post: the newest raw numbers of each channel in words, with the time they were taken."""
    newest = channels.newest_numbers([(one.channel_id, one.remote_id) for one in deliveries if one.remote_id])
    found: dict[UUID, list[tuple[str, datetime]]] = {}
    for one in deliveries:
        taken = newest.get((one.channel_id, one.remote_id))
        if taken is None:
            continue
        said = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in taken.counts.items())
        words = f"{one.channel.name} at {taken.age}: {said or 'nothing counted yet'}"
        found.setdefault(one.post_id, []).append((words, taken.taken_at))
    return found


def counts(workspace_id: UUID) -> NamedCounts:
    """See `registries.PostsNaming`."""
    named = _alive(workspace=workspace_id)

    def by(noun: str) -> dict[UUID, int]:
        rows = named.filter(**{f"{noun}__isnull": False}).values(noun).order_by(noun)
        return dict(rows.annotate(n=Count("pk")).values_list(noun, "n"))

    since = clock.now() - timedelta(days=COUNTED_DAYS)
    posts = Post.objects.filter(workspace=workspace_id, discarded_at__isnull=True)
    accepted = Delivery.objects.filter(post=OuterRef("pk"), state=DeliveryState.ACCEPTED, ended_at__gte=since)
    gone = (DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS)
    ever = Delivery.objects.filter(post=OuterRef("pk"), state__in=gone)
    without = Count("pk", filter=Q(purpose__isnull=True) | Q(purpose__objective__isnull=True))
    out = posts.filter(Exists(accepted)).aggregate(n=Count("pk"), without=without)
    making = posts.exclude(Exists(ever)).aggregate(n=Count("pk"), without=without)
    return NamedCounts(
        campaigns=by("campaign"),
        objectives=by("objective"),
        days=COUNTED_DAYS,
        out=out["n"],
        out_without=out["without"],
        making=making["n"],
        making_without=making["without"],
    )


def mix(brand_id: UUID, first: date, last: date) -> Mapping[UUID | None, int]:
    """See `registries.PostsNaming`. The days are those of the workspace's zone."""
    zone = Brand.objects.select_related("workspace").get(pk=brand_id).workspace.zone
    begins = datetime.combine(first, time(), tzinfo=zone)
    ends = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    went = Delivery.objects.filter(
        post=OuterRef("pk"), state=DeliveryState.ACCEPTED, ended_at__gte=begins, ended_at__lt=ends
    )
    return _by_pillar(Post.objects.filter(brand=brand_id).filter(Exists(went)))


def mix_of(campaign_id: UUID) -> Mapping[UUID | None, int]:
    """See `registries.PostsNaming`."""
    return _by_pillar(Post.objects.filter(purpose__campaign=campaign_id, discarded_at__isnull=True))


def _by_pillar(posts: QuerySet[Post]) -> dict[UUID | None, int]:
    rows = posts.values("purpose__pillar").order_by("purpose__pillar").annotate(n=Count("pk", distinct=True))
    return dict(rows.values_list("purpose__pillar", "n"))


def went_out(campaign_id: UUID) -> Sequence[tuple[datetime, str, UUID]]:
    """See `registries.PostsNaming`."""
    found = Delivery.objects.filter(
        post__purpose__campaign=campaign_id, state=DeliveryState.ACCEPTED, part=0
    ).select_related("post", "channel")
    return [
        (one.ended_at, f"“{one.post.short}” went out on {one.channel.name}", one.ledger_event_id)
        for one in found.order_by("-ended_at")[:MOST_WENT]
        if one.ended_at
    ]


def write_for(campaign: Campaign, who: Member) -> str | None:
    """Where a post for this campaign is begun (an action on its page)."""
    if not campaign.runs or not who.may("publishing.post.draft"):
        return None
    there = reverse("publishing-post-new", kwargs={"workspace": who.workspace.slug})
    return f"{there}?campaign={campaign.pk}"


NAMING = PostsNaming(lines=lines, counts=counts, mix=mix, mix_of=mix_of, went_out=went_out)
