"""Who reads the comments in the first hour: named from the calendar, and on the post's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quarterdeck.core.problems import NotFound
from quarterdeck.crew import reads as crew_reads
from quarterdeck.crew.access import page
from quarterdeck.planning import rules, watching
from quarterdeck.planning.verbs import watches as verbs
from quarterdeck.planning.views.shared import address, back_to
from quarterdeck.publishing import reads
from quarterdeck.publishing.models import Post
from quarterdeck.shell import toasts


@page("planning.watch.name")
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name a member, or nobody, and go back to where one was."""
    post = reads.post(request.workspace, pk)
    if request.method != "POST":
        home = address(request, "planning-calendar")
        context = {
            "post": post,
            "panel": on_a_post(post, request.member),
            "next": back_to(request) or home,
            "zone": request.workspace.zone,
        }
        return render(request, "planning/watch.html", context)
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
    """For the post's page, until its first hour is over: who is named, and whether that is needed."""
    first = watching.first_of(post)
    if first is None or not who.may("planning.calendar.view"):
        return None
    named = watching.named(who.workspace, first.due_at, first.due_at).get((post.pk, first.due_at))
    outside = not rules.of(who.workspace).works_at(first.due_at.astimezone(who.workspace.zone))
    may = who.may("planning.watch.name")
    return {
        "named": named,
        "due_at": first.due_at,
        "outside": outside,
        "members": list(crew_reads.members(who.workspace)) if may else [],
        "url": reverse("planning-watch", kwargs={"workspace": who.workspace.slug, "pk": post.pk}),
    }
