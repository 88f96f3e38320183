"""Who reads the comments in the first hour: named on the post's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterdeck.core.problems import NotFound
from quarterdeck.crew import reads as crew_reads
from quarterdeck.crew.access import page
from quarterdeck.planning import rules, watching
from quarterdeck.planning.verbs import watches as verbs
from quarterdeck.planning.views.shared import address
from quarterdeck.publishing import reads
from quarterdeck.publishing.models import OPEN, Post
from quarterdeck.shell import toasts


@page("planning.watch.name")
@require_POST
def name(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name a member, or nobody."""
    post = reads.post(request.workspace, pk)
    given, member = request.POST.get("member", ""), None
    if given:
        members = {str(one.pk): one for one in crew_reads.members(request.workspace)}
        if given not in members:
            raise NotFound("There is no such person in this workspace.")
        member = members[given]
    verbs.name_watch(post, by=request.member, member=member)
    said = f"{member} reads the comments in the first hour." if member else "Nobody is named any more."
    toasts.add(request, said)
    return toasts.back(request, address(request, "publishing-post", pk=pk))


def on_a_post(post: Post, who) -> dict | None:
    """For the post's page, while it is planned: who is named, and whether that is needed."""
    first = post.deliveries.filter(state__in=OPEN).order_by("due_at").first()
    if first is None or not who.may("planning.calendar.view"):
        return None
    named = watching.named(who.workspace, first.due_at, first.due_at).get((post.pk, first.due_at))
    outside = not rules.of(who.workspace).works_at(first.due_at.astimezone(who.workspace.zone))
    may = who.may("planning.watch.name")
    return {
        "named": named,
        "outside": outside,
        "members": list(crew_reads.members(who.workspace)) if may else [],
        "url": reverse("planning-watch", kwargs={"workspace": who.workspace.slug, "pk": post.pk}),
    }
