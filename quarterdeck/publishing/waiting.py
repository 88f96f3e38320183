"""Posts that wait for approvals, looked at again after the rules changed: inside the verb that changed them."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.core import clock
from quarterdeck.core.claims import wake
from quarterdeck.publishing import clearing
from quarterdeck.publishing.models import Ask, Clearance, DeliveryState, Post
from quarterdeck.publishing.rows import WAKE, end_ask

MOST = 500


def settle_what_waits(workspace_id: UUID, event_id: UUID) -> None:
    """Voices given before may be enough by the rules of now: then nobody is asked a second time."""
    waiting = Ask.objects.filter(post__workspace=workspace_id, ended_at__isnull=True)
    spoken = waiting.filter(post__approvals__withdrawn_at__isnull=True, post__approvals__isnull=False)
    rows = Post.objects.select_for_update(of=("self",)).select_related("author").order_by("pk")
    for post in rows.filter(pk__in=spoken.values("post_id"), discarded_at__isnull=True)[:MOST]:
        settle_one(post, event_id)


def settle_one(post: Post, event_id: UUID) -> bool:
    """Clear one post, locked, when the voices given are enough by the rules of now; whether it is cleared."""
    if clearing.settle(post, event_id) is None:
        return False
    end_ask(post, clock.now(), Ask.End.APPROVED, event_id)
    wake(WAKE)
    return True


def end_what_went_past(workspace_id: UUID, event_id: UUID) -> list[Post]:
    """Posts that were cleared without somebody whom another room requires now, and are not out: their clearance ends,
    so that they wait. The newest first, at most a few hundred."""
    standing = Clearance.objects.filter(ended_at__isnull=True, post__workspace=workspace_id)
    rows = (
        Post.objects.select_for_update(of=("self",)).select_related("workspace").order_by("-changed_at", "pk")
    )
    gone = (DeliveryState.ACCEPTED, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)
    found = rows.filter(pk__in=standing.values("post_id"), discarded_at__isnull=True)
    found = found.exclude(deliveries__state__in=gone).prefetch_related("labels", "channels")
    wanted = clearing.required(workspace_id)
    return [post for post in found[:MOST] if clearing.end_unheard(post, event_id, wanted)]
