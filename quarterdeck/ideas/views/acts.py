"""Acts on one idea: each POST calls one verb, says what happened with its undo, and goes back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterdeck.crew.access import page
from quarterdeck.ideas import reads, verbs
from quarterdeck.ideas.models import State
from quarterdeck.shell import toasts


def _address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def _back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return toasts.back(request, _address(request, "ideas-idea", pk=pk))


@page("ideas.idea.keep")
@require_POST
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into another column: dragged, chosen in a menu or by a key, it comes here."""
    idea = reads.idea(request.workspace, pk)
    to = request.POST.get("state", "")
    act = verbs.move(idea, by=request.member, to=to)
    undo = _address(request, "ideas-move-back", pk=pk, act=act)
    toasts.add(request, f"“{idea.short}” is in {State(to).label} now.", undo_url=undo)
    return _back(request, pk)


@page("ideas.idea.keep")
@require_POST
def move_back(request: HttpRequest, pk: UUID, act: UUID) -> HttpResponse:
    verbs.move_back(reads.idea(request.workspace, pk), by=request.member, act=act)
    toasts.add(request, "It is back where it was.")
    return _back(request, pk)


@page("ideas.idea.keep")
@require_POST
def put_aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    idea = reads.idea(request.workspace, pk)
    verbs.put_aside(idea, by=request.member)
    undo = _address(request, "ideas-take-back", pk=pk)
    toasts.add(request, f"“{idea.short}” is put aside. Search still finds it.", undo_url=undo)
    return toasts.back(request, _address(request, "ideas-board"))


@page("ideas.idea.keep")
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    idea = reads.idea(request.workspace, pk)
    verbs.take_back(idea, by=request.member)
    toasts.add(request, f"“{idea.short}” is back on the board.")
    return _back(request, pk)


@page("ideas.idea.promote")
@require_POST
def promote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a draft of it and open that in the composer."""
    idea = reads.idea(request.workspace, pk)
    post = verbs.promote(idea, by=request.member, pictures="pictures" in request.POST)
    toasts.add(request, "It is a draft now. The draft remembers the idea it came from.")
    return redirect("publishing-post-edit", workspace=request.workspace.slug, pk=post.pk)
