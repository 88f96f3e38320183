"""After a post got somewhere: the requests it serves are looked at again, and whoever asked hears of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

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
    "publishing.post.discarded",
    "ideas.idea.promoted",
    "stakeholders.request.joined",
    "stakeholders.request.parted",
)
LONGEST = timedelta(days=30)  # after which a first week is not told any more
MOST = 200  # in one look


def follow(event: Reacted) -> None:
    """A delivery got somewhere, an idea became a post, or a request has other posts than before. A second call changes
    nothing."""
    if event.kind == "ideas.idea.promoted":
        _promoted(event)
    elif event.kind == "publishing.post.discarded":
        for request in _served_by(event.about_id):
            _look(request)
    elif event.kind.startswith("stakeholders.request."):
        for request in Request.objects.filter(pk=event.about_id, state=State.ACCEPTED):
            _look(request)
    else:
        delivery = Delivery.objects.filter(pk=event.about_id).select_related("post").first()
        if delivery is not None and delivery.is_out:
            went_out(delivery.post)


def went_out(post: Post) -> None:
    """Note on the requests that this post serves that it is out, where that says anything new."""
    for request in _served_by(post.pk):
        _note(request, post)


def _served_by(post_id: UUID) -> list[Request]:
    """The requests that wait for a post, and perhaps for others."""
    rows = RequestPost.objects.filter(post=post_id, parted_at__isnull=True, request__state=State.ACCEPTED)
    return [one.request for one in rows.select_related("request")]


def _look(request: Request) -> None:
    """The same where not a post got anywhere, but what the request waits for has changed."""
    out = [one.post for one in going.deliveries(going.posts(request)) if one.is_out]
    if out:
        _note(request, out[-1])


def _note(request: Request, post: Post) -> None:
    if request.told_out_at is None or not going.still_to_come(request):
        becoming.note_out(request, post)


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
