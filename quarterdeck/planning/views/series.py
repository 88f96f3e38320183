"""Series: which posts come again, and the form that lets one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import Problem
from quarterdeck.crew import reads as crew_reads
from quarterdeck.crew.access import page
from quarterdeck.planning import repeating
from quarterdeck.planning.forms import SeriesForm
from quarterdeck.planning.models import Series
from quarterdeck.planning.verbs import series as verbs
from quarterdeck.planning.views.moving import proposed
from quarterdeck.planning.views.shared import address, put_into, row
from quarterdeck.publishing import reads
from quarterdeck.shell import toasts


@page("planning.calendar.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "lines": repeating.of(request.workspace),
        "zone": request.workspace.timezone,
        "may_change": request.member.may("planning.series.change"),
        "may_watch": request.member.may("planning.watch.name"),
    }
    return render(request, "planning/series.html", context)


@page("planning.series.change")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a post come again. Its first drafts are made at once."""
    post, members = reads.post(request.workspace, pk), crew_reads.members(request.workspace)
    if request.method != "POST":
        initial = {"begins": proposed(request, post), "every": 1, "ahead_days": 28}
        form = SeriesForm(initial=initial, members=members)
        return render(request, "planning/repeat.html", _context(request, post, form))
    form = SeriesForm(request.POST, members=members)
    if form.is_valid():
        try:
            series = verbs.begin_series(post, by=request.member, **form.cleaned_data)
        except Problem as problem:
            put_into(form, problem)
        else:
            made = repeating.fill(series)
            drafts = "One draft is" if made == 1 else f"{made} drafts are"
            toasts.add(request, f"{drafts} made and planned. Each needs its own approval.")
            return redirect(address(request, "planning-series"))
    return render(request, "planning/repeat.html", _context(request, post, form), status=422)


def _context(request: HttpRequest, post, form: SeriesForm) -> dict:
    return {"post": post, "form": form, "zone": request.workspace.timezone}


@page("planning.series.change")
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.end_series(row(Series, request, pk), by=request.member)
    toasts.add(request, "The series has ended. The drafts it made stay, with their times.")
    return redirect(address(request, "planning-series"))
