"""Taking everything out: ask for it, see how far it is, fetch it."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from quarterdeck.core import clock, registries
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import page
from quarterdeck.exchange import exporting, reads, verbs
from quarterdeck.exchange.models import Export
from quarterdeck.exchange.verbs.exports import STILL

SHOWN = 10


@page("exchange.export.make")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The exports so far; POST asks for one."""
    if request.method == "POST":
        verbs.ask_export(request.member)
        return redirect("exchange-export-list", workspace=request.workspace.slug)
    exports = list(reads.exports(request.workspace)[:SHOWN])
    making = next((one for one in exports if one.state == Export.State.ASKED), None)
    seen = f"{making.pk}-{making.done}" if making else ""
    if request.htmx and request.GET.get("seen"):
        if making is None:
            return HttpResponseClientRefresh()
        if request.GET["seen"] == seen:
            return HttpResponse(status=204)
        return render(request, "exchange/_export_progress.html", {"making": making, "seen": seen})
    context = {
        "lines": [_line(request, one) for one in exports if one is not making],
        "making": making,
        "still": making is not None and clock.now() - making.moved_at > STILL,
        "seen": seen,
        "parts": [(name, part.about) for name, part in registries.exports],
    }
    return render(request, "exchange/exports.html", context)


def _line(request: HttpRequest, export: Export) -> dict:
    return {"export": export, "mine": export.by_id == request.member.pk, "there": exporting.is_there(export)}


@page("exchange.export.make")
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The archive itself, for whoever asked for it; anybody else is led to the list, which says so."""
    export = reads.export(request.workspace, pk)
    if export.by_id != request.member.pk:
        return redirect("exchange-export-list", workspace=request.workspace.slug)
    if not exporting.is_there(export):
        raise NotFound(
            "This export is not there any more.",
            next_step="Ask for another; each is kept for seven days.",
        )
    name = f"{request.workspace.slug}-{export.asked_at:%Y-%m-%d}.zip"
    response = FileResponse(
        exporting.path(export).open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response
