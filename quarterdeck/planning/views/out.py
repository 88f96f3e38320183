"""The calendar for those who only look: a feed by signed link, a PDF, a spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.crew import reads as crew_reads
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.access import page
from quarterdeck.crew.models import SignedLink
from quarterdeck.planning import entries, files, grid, ics, rules, watching, zones
from quarterdeck.planning.entries import STATES
from quarterdeck.planning.forms import FeedForm
from quarterdeck.planning.grid import Asked

FEED, ALL = "planning.feed", "all"
LASTS = timedelta(days=365)
BACK, AHEAD = timedelta(days=31), timedelta(days=366)


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    rows = channel_reads.connected(request.workspace)
    return [(ALL, "Everything"), *((str(one.pk), f"The channel {one.name}") for one in rows)]


@page("crew.link.issue")
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """The feeds given out; POST issues one, whose address is shown this once."""
    form = FeedForm(request.POST if request.method == "POST" else None, choices=_choices(request))
    issued = None
    if request.method == "POST" and form.is_valid():
        issued = crew.issue_link(
            by=request.member,
            purpose=FEED,
            object_id="" if form.cleaned_data["what"] == ALL else form.cleaned_data["what"],
            label=form.cleaned_data["label"],
            expires_at=clock.now() + LASTS,
        )
        form = FeedForm(choices=_choices(request))
    given = [one for one in crew_reads.issued_links(request.workspace) if one.purpose == FEED]
    names = dict(_choices(request))
    context = {
        "form": form,
        "issued": issued,
        "only_here": links.only_here(),
        "feeds": [
            {"link": one, "what": names.get(one.object_id or ALL, "A channel")}
            for one in given
            if one.is_open()
        ],
    }
    return render(request, "planning/feeds.html", context, status=422 if form.errors else 200)


def feed(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """What a subscribed calendar program reads. It only shows, by whatever method it is asked."""
    workspace, now = link.workspace, clock.now()
    zone = workspace.zone
    channel = UUID(link.object_id) if link.object_id else None
    asked = Asked("list", now.astimezone(zone).date(), channel=channel)
    found, _ = entries.between(workspace, now - BACK, now + AHEAD, asked)
    watching.put(found, workspace, rules.of(workspace))
    name = f"{workspace.name}: posts"
    body = ics.write(name, found, now, request.get_host())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(False, "posts.ics")
    response["Cache-Control"] = "private, max-age=900"
    return response


def _asked(request: HttpRequest):
    now, workspace = clock.now(), request.workspace
    asked = grid.read(request.GET, now.astimezone(workspace.zone).date(), STATES)
    period = grid.period(asked)
    found, _ = entries.between(workspace, *period.instants(workspace.zone), asked)
    watching.put(found, workspace, rules.of(workspace))
    return period, found, zones.words(request.member, now)


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@page("planning.calendar.view")
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The days of the address as a spreadsheet."""
    period, found, words = _asked(request)
    body = files.sheet(period, found, words)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(body, kind, f"calendar-{period.first}.xlsx")


@page("planning.calendar.view")
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The days of the address as a PDF."""
    period, found, words = _asked(request)
    body = files.pdf(period, found, words, request.workspace.name)
    return _file(body, "application/pdf", f"calendar-{period.first}.pdf")
