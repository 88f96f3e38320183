"""Naming what a post is for: from its own page, and with the composer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing import purposes, reads
from quarterdeck.publishing.forms_purpose import PurposeForm
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs.purpose import name_purpose
from quarterdeck.shell import toasts

MAY = "publishing.post.name"


@page(MAY)
@require_POST
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name the campaign, the objective and the pillar of one post."""
    post = reads.post(request.workspace, pk)
    purpose = purposes.of(post)
    form = PurposeForm(request.POST, workspace=request.workspace, purpose=purpose)
    if not form.is_valid():
        raise Invalid(
            "One of them is not offered any more.",
            not_done="What the post names is as it was.",
            next_step="Open the post again and choose from the present lists.",
        )
    named = form.named().whole()
    if named.same_as(purpose):
        toasts.add(request, "The post names that already.")
    else:
        name_purpose(post, by=request.member, named=named)
        toasts.add(request, "Saved.")
    there = reverse("publishing-post", kwargs={"workspace": request.workspace.slug, "pk": pk})
    return toasts.back(request, there)


def on_a_post(post: Post, who: Member) -> dict | None:
    """For the post's page: what can be named, for who may. None where there is nothing to choose."""
    if not who.may(MAY) or post.discarded_at is not None:
        return None
    purpose = purposes.of(post)
    form = PurposeForm(workspace=who.workspace, purpose=purpose, auto_id="purpose_%s")
    return {"post": post, "form": form, "purpose": purpose} if form.offers else None


def in_the_composer(request: HttpRequest, post: Post | None) -> PurposeForm | None:
    """The same three choices beside the text, as they were sent, else as the post has them."""
    if not request.member.may(MAY):
        return None
    sent = request.POST if "purpose" in request.POST else None
    named = {"purpose": purposes.of(post)} if post else {"campaign": request.GET.get("campaign", "")[:40]}
    form = PurposeForm(sent, workspace=request.workspace, **named)
    return form if form.offers else None


def saved(request: HttpRequest, post: Post) -> str:
    """Name what the composer sent with the text. What is said of it: nothing where all is well or nothing changes."""
    if "purpose" not in request.POST or not request.member.may(MAY):
        return ""
    purpose = purposes.of(post)
    form = PurposeForm(request.POST, workspace=request.workspace, purpose=purpose)
    if not form.is_valid():
        return " What it is for was not saved: one of them is not offered any more."
    named = form.named().whole()
    if named.same_as(purpose):
        return ""
    try:
        name_purpose(post, by=request.member, named=named)
    except Problem as problem:
        return f" What it is for was not saved: {problem.title} {problem.next_step}".rstrip()
    return ""
