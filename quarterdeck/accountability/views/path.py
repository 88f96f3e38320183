"""The guided path: one page with four steps (what happened, the channels, who is told, send). What is typed is kept
while it is typed, so that it can be left and gone on with elsewhere.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.accountability import intake, path, reads, verbs
from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.path import Path
from quarterdeck.accountability.views.shared import address
from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts

CORRECT = "accountability.slip.correct"


@page(CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def walk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the page as it was left; POST keeps it, tells those inside, or corrects."""
    slip = reads.slip(request.workspace, pk)
    if request.method != "POST":
        return _page(request, path.read(slip, None, request.member))
    found = path.read(slip, request.POST, request.member)
    do = request.POST.get("do", "")
    try:
        if do == "send":
            verbs.correct(slip, by=request.member, given=found.given())
            toasts.add(request, "It is on its way on every channel. Here you see what became of it.")
            return redirect(address(request, "accountability-slip", pk=slip.pk))
        intake.keep_draft(slip, found.typed)
        if do == "tell":
            told = verbs.tell_inside(slip, by=request.member, told=found.told())
            toasts.add(request, f"{told.told} {'person was' if told.told == 1 else 'people were'} told.")
            return redirect(address(request, "accountability-path", pk=slip.pk))
    except Problem as problem:
        intake.keep_draft(slip, found.typed)
        return _page(request, found, problem=problem)
    return _page(request, found)


@page(CORRECT)
@require_POST
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what was typed; the answer proposes the words that follow from it, and what the note still lacks."""
    slip = reads.slip(request.workspace, pk)
    found = path.read(slip, request.POST, request.member)
    intake.keep_draft(slip, found.typed)
    return render(request, "accountability/_proposed.html", {"path": found, "swapped": True})


def _page(request: HttpRequest, found: Path, *, problem: Problem | None = None) -> HttpResponse:
    slip: Slip = found.slip
    context = {
        "slip": slip,
        "post": slip.post,
        "path": found,
        "problem": problem,
        "wrong": found.parts.wrong,
        "words": {name: found.said(name) for name in ("note", "line", "inside")},
        "public": reads.is_public(slip.post.brand),
        "over": not slip.is_open or slip.corrected_at is not None,
        "others": slip.owner if slip.owner_id not in {None, request.member.pk} else None,
    }
    return render(request, "accountability/path.html", context, status=problem.status if problem else 200)


@page(CORRECT)
@require_POST
def reroute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One channel another way, where the first did not work."""
    slip = reads.slip(request.workspace, pk)
    cover = verbs.Cover(request.POST.get("how", ""), request.POST.get("reason", ""))
    verbs.reroute(slip, by=request.member, channel=_channel(request.POST.get("channel", "")), cover=cover)
    toasts.add(request, "It is corrected another way there.")
    return redirect(address(request, "accountability-slip", pk=slip.pk))


def _channel(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        raise NotFound("This correction has no such channel.") from None
