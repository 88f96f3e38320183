"""After a post got somewhere: the requests it serves are looked at again, and whoever asked hears of it."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.core import clock
from quarterdeck.ideas.models import Origin
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.stakeholders import going, intake
from quarterdeck.stakeholders.models import Request, RequestIdea, RequestPost
from quarterdeck.stakeholders.models.requests import State
from quarterdeck.stakeholders.verbs import becoming

KINDS = (
    "publishing.delivery.accepted",
    "publishing.delivery.posted",
    "publishing.delivery.settled",
    "ideas.idea.promoted",
)
LONGEST = timedelta(days=30)  # after which a first week is not told any more
MOST = 200  # in one look


def follow(event: Reacted) -> None:
    """A delivery got somewhere, or an idea became a post. A second call changes nothing."""
    if event.kind == "ideas.idea.promoted":
        _promoted(event)
        return
    delivery = Delivery.objects.filter(pk=event.about_id).select_related("post").first()
    if delivery is not None and delivery.is_out:
        went_out(delivery.post)


def went_out(post: Post) -> None:
    """Note on the requests that this post serves that it is out, where that says anything new."""
    waits = RequestPost.objects.filter(post=post, parted_at__isnull=True, request__state=State.ACCEPTED)
    for row in waits.select_related("request"):
        if row.request.told_out_at is None or not going.still_to_come(row.request):
            becoming.note_out(row.request, post)


def _promoted(event: Reacted) -> None:
    kept = RequestIdea.objects.filter(idea=event.about_id).select_related("idea").first()
    if kept is None:
        return
    for origin in Origin.objects.filter(idea=kept.idea_id).select_related("post"):
        if not RequestPost.objects.filter(request=kept.request_id, post=origin.post_id).exists():
            becoming.follow_idea(kept.idea, origin.post)


def tell_weeks() -> int:
    """Tell of the first weeks that are over and counted; how many were told."""
    since = clock.now() - LONGEST
    waits = Request.objects.filter(told_out_at__gt=since, told_week_at__isnull=True)
    over = waits.filter(told_out_at__lte=clock.now() - going.WEEK)
    found = over.select_related("workspace", "department", "stakeholder__department").order_by("told_out_at")
    return sum(1 for one in found[:MOST] if going.week_result(one) is not None and intake.tell_week(one))
