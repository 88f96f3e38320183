"""After a post was asked for, planned or approved: the departments that have a say on it are asked, and where it went
past one of them it is caught before it goes out."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from quarterdeck.core import clock
from quarterdeck.core.problems import Problem
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing import clearing, requiring
from quarterdeck.publishing.models import OPEN, Ask, Delivery, DeliveryState, Post
from quarterdeck.stakeholders import consulting
from quarterdeck.stakeholders.models import Consult, ConsultRule
from quarterdeck.stakeholders.verbs import consults

log = logging.getLogger(__name__)

MOST = 300
LONGEST = timedelta(days=7)  # after which a link that ran out is renewed when something happens to its post
EDITED = "publishing.post.edited"
KINDS = (
    "publishing.post.asked",
    "publishing.post.approved",
    "publishing.post.scheduled",
    "publishing.post.rescheduled",
    "publishing.post.labelled",
    EDITED,
    "stakeholders.consult_rule.",
    "stakeholders.stakeholder.",
    "stakeholders.department.restored",
)


def follow(event: Reacted) -> None:
    """Ask who has to be asked and nobody else. A second call changes nothing."""
    if not ConsultRule.objects.filter(workspace=event.workspace_id, retired_at__isnull=True).exists():
        return
    if event.kind.startswith("publishing."):
        wanted = Q(pk=event.about_id)
    else:  # other rules, or other people: whatever waits is looked at again
        wanted = Q(pk__in=_waiting(event))
    _look_at(Post.objects.filter(wanted, workspace=event.workspace_id), asks=event.kind != EDITED)


def renew() -> None:
    """Ask again whose link to a post ran out within the last days, where the post still waits for them. A second call
    changes nothing."""
    now = clock.now()
    over = Consult.objects.filter(
        ended_at__isnull=True,
        guest__link__revoked_at__isnull=True,
        guest__link__expires_at__gt=now - LONGEST,
        guest__link__expires_at__lte=now,
    )
    _look_at(Post.objects.filter(pk__in=over.values("post")))


def _look_at(posts: QuerySet[Post], *, asks: bool = True) -> None:
    found = posts.filter(discarded_at__isnull=True).select_related("workspace")
    for post in found.prefetch_related("labels", "channels").order_by("-changed_at")[:MOST]:
        try:
            look(post, asks=asks)
        except Problem as problem:  # what refuses once refuses again: the others are looked at all the same
            log.warning("the departments of post %s were not asked: %s", post.pk, problem)


def _waiting(event: Reacted) -> list[UUID]:
    """The posts of the workspace that wait for approval or have a time."""
    asks = Ask.objects.filter(post__workspace=event.workspace_id, ended_at__isnull=True)
    planned = Delivery.objects.filter(workspace=event.workspace_id, state__in=OPEN)
    return [*asks.values_list("post_id", flat=True)[:MOST], *planned.values_list("post_id", flat=True)[:MOST]]


def look(post: Post, *, asks: bool = True) -> None:
    """Where a post is on its way out, catch it if it went past somebody, and ask whom it makes us ask: not at each save
    (`asks`), but when somebody asks for its approval or gives it a time."""
    states = set(post.deliveries.values_list("state", flat=True))
    on_its_way = bool(states & set(OPEN)) or post.asks.filter(ended_at__isnull=True).exists()
    if not on_its_way and states & {DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS}:
        return  # it is out: what it said is corrected there, not caught
    stands = clearing.clearance(post)
    if stands is not None:
        given = clearing.voices(post, clearing.origin(stands).text_hash)
        if requiring.unheard(clearing.rules_for(post, []), given):
            consults.catch(post)
            on_its_way = True
    if asks and on_its_way and consulting.to_ask(post):
        consults.ask_around(post)
