"""What of publishing belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from quarterdeck.core import clock
from quarterdeck.publishing.models import Caught, Delivery, Hold, Post, Tick


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The post itself, its deliveries, the holds that stood over them, and what was ticked off of them."""
    facts = ("pk", "channel_id", "channel__brand_id", "planned_at", "ended_at", "closed_at")
    rows = list(post.deliveries.values_list(*facts))
    deliveries = [row[0] for row in rows]
    yield Post.ledger_name, [post.pk]
    yield Delivery.ledger_name, deliveries
    holds = _holds(post, rows)
    caught = set(Caught.objects.filter(delivery__in=deliveries).values_list("hold_id", flat=True))
    yield Hold.ledger_name, [*{*holds, *caught}]
    yield Tick.ledger_name, list(Tick.objects.filter(delivery__in=deliveries).values_list("pk", flat=True))


def _holds(post: Post, rows: list[tuple]) -> list[UUID]:
    """The holds within whose scope a delivery waited, or that were placed on this very post."""
    now = clock.now()
    labels = list(post.labels.values_list("pk", flat=True))
    begins = [
        (channel, brand, planned, closed or ended or now)
        for _, channel, brand, planned, ended, closed in rows
    ]
    found = Hold.objects.filter(workspace_id=post.workspace_id)
    over = Q(scope=Hold.Scope.POST, target=post.pk)
    for channel, brand, since, until in begins:
        targets = Q(scope=Hold.Scope.WORKSPACE) | Q(scope=Hold.Scope.CHANNEL, target=channel)
        targets |= Q(scope=Hold.Scope.BRAND, target__in=[post.brand_id, brand])
        targets |= Q(scope=Hold.Scope.LABEL, target__in=labels)
        stood = Q(placed_at__lte=until) & (Q(lifted_at__isnull=True) | Q(lifted_at__gte=since))
        over |= targets & stood
    return list(found.filter(over).values_list("pk", flat=True))


def channels_of(post: Post) -> dict[UUID, str]:
    """The channel of each delivery of the post, in words."""
    found = post.deliveries.select_related("channel")
    return {one.pk: f"{one.channel.name} ({one.channel.title})" for one in found}
