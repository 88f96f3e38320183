"""One post's whole life, as a page and as a file that names nobody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.core import clock
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.publishing import life, reads


@page("publishing.post.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = reads.post(request.workspace, pk)
    steps = life.told(post, request.member)
    context = {"post": post, "steps": steps, "answer": life.answer(post, steps, request.member.zone)}
    return render(request, "publishing/life.html", context)


@page("publishing.post.view")
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same without names and without anybody's words: each event by role, with its number in the log."""
    post = reads.post(request.workspace, pk)
    steps = life.told(post, None)
    told = {
        "post": str(post.pk),
        "log": ledger_reads.open_log(post.workspace_id).origin,
        "written_at": clock.now().isoformat(),
        "answer": life.answer(post, steps, request.workspace.zone),
        "events": [_event(step) for step in steps],
    }
    response = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="post-{post.pk}-life.json"'
    return response


def _event(step: life.Step) -> dict[str, object]:
    item = step.item
    return {
        "recorded_at": item.when.isoformat(),
        "kind": item.kind,
        "title": item.title,
        "by": item.actor,
        "about": item.about_type,
        "about_id": str(item.about_id),
        "version": item.version,
        "fields": step.told,
        "event_id": str(item.event_id),
        "epoch": item.epoch,
        "entry": item.seq,
        "signed": item.state == "checkpointed",
    }
