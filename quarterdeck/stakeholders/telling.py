"""Who hears of a request: whoever asked (by mail, from the worker, where they want that), and the team. And who has to
hear when a post that was asked for turns out to be wrong."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core.registries import Concerned
from quarterdeck.crew import mail, notify
from quarterdeck.crew import reads as crew
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders.models import Request, RequestPost

ANSWER = "stakeholders.request.answer"
MOST = 30


def address(request: Request) -> str:
    return reverse("stakeholders-request", kwargs={"workspace": request.workspace.slug, "pk": request.pk})


def to_requester(request: Request, what: str) -> None:
    """Have whoever asked written to, inside the verb's transaction: "receipt", "answer", "out" or "week"; nobody where
    no mail is set up. A demo writes to nobody: its people are made up, and their addresses may be somebody's."""
    if request.email and not request.workspace.is_demo and mail.server() is not None:
        from quarterdeck.stakeholders.jobs import mail_requester

        mail_requester.defer(request_id=str(request.pk), what=what)


def to_team(request: Request, subject: str, text: str) -> None:
    """Those of the team who answer requests."""
    able = [one for one in crew.members(request.workspace) if one.may(ANSWER)]
    for member in able[:MOST]:
        notify.tell(member, subject=subject, text=text, url=address(request))


def concerned(post: Post) -> Iterable[Concerned]:
    """Who asked for a post: they hear when it turns out to be wrong."""
    joined = RequestPost.objects.filter(post=post, parted_at__isnull=True)
    rows = joined.select_related("request__stakeholder__department", "request__department")
    for one in rows.order_by("joined_at"):
        yield Concerned(one.request.asker, "asked for it", address=one.request.email)
