"""A typo: the text with the cursor in it, and one button. What was wrong is said by the difference."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterdeck.accountability import texts, verbs, ways
from quarterdeck.accountability.models import REASON_LENGTH, How, Level
from quarterdeck.accountability.texts import Group
from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.shell import toasts

CORRECT = "accountability.slip.correct"
LINE_LENGTH = 500


@page(CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def fix(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the text; POST points the typo out, takes it on and corrects it in one act."""
    post = publishing_reads.post(request.workspace, pk)
    if request.method != "POST":
        return _page(request, post, texts.groups(post))
    found = texts.groups(post, request.POST)
    reasons = {pk: request.POST.get(f"reason-{pk.hex}", "")[:REASON_LENGTH] for pk in ways.standing(post)}
    line = request.POST.get("line", "")[:LINE_LENGTH]
    try:
        slip = verbs.fix(post, by=request.member, texts=texts.given(found), line=line, reasons=reasons)
    except Problem as problem:
        return _page(request, post, found, problem=problem)
    toasts.add(request, _told(slip))
    return redirect("publishing-post", workspace=request.workspace.slug, pk=post.pk)


def _told(slip) -> str:
    every = ways.stands(slip)
    edited = [one.coverage.channel.name for one in every if one.coverage.how == How.EDIT]
    left = [one.coverage.channel.name for one in every if one.coverage.how == How.LEAVE]
    waits = any(one.word == "waits for approval" for one in every)
    words = [f"It is being corrected on {', '.join(edited)}." if edited else "Nothing could be edited."]
    if waits:
        words = [f"It is corrected on {', '.join(edited)} as soon as somebody approves the new text."]
    if left:
        words.append(f"It is left as it is on {', '.join(left)}.")
    return " ".join(words)


def _page(
    request: HttpRequest, post: Post, found: list[Group], *, problem: Problem | None = None
) -> HttpResponse:
    standing = ways.standing(post)
    open_slip = next((one for one in post.slips.filter(ended_at__isnull=True)), None)
    context = {
        "post": post,
        "groups": found,
        "channels": [_channel(rows, request) for rows in standing.values()],
        "problem": problem,
        "line": request.POST.get("line", "")[:LINE_LENGTH],
        "open": open_slip,
        "worse": open_slip is not None and open_slip.level > Level.SMALL,
    }
    return render(request, "accountability/fix.html", context, status=problem.status if problem else 200)


def _channel(rows: list[Delivery], request: HttpRequest) -> dict:
    name = f"reason-{rows[0].channel_id.hex}"
    reason = request.POST.get(name, "")[:REASON_LENGTH]
    return {"row": rows[0], "edit": ways.offered_for(rows)[0], "name": name, "reason": reason}
