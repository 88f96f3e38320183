"""A department's window, opened by signed link: its calendar (a month as a list, or for calendar programs), what was
asked and answered, and a form for a question. Opening changes nothing; a question is sent by a visible button.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew import links
from quarterdeck.crew.models import SignedLink
from quarterdeck.stakeholders import experts_reads as reads
from quarterdeck.stakeholders import rows, theirs
from quarterdeck.stakeholders.calendar_out import write
from quarterdeck.stakeholders.forms_consults import AskForm
from quarterdeck.stakeholders.models import Department, Door, Window
from quarterdeck.stakeholders.verbs import experts
from quarterdeck.stakeholders.views.putting import put_into

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
QUERY_LENGTH = 200
MONTH = re.compile(r"(\d{4})-(\d{2})")
YEARS = range(2000, 2101)


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind a link of purpose “stakeholders.window”."""
    window = Window.objects.filter(link=link).select_related("department__workspace").first()
    if window is None:
        raise NotFound("The department of this link is gone.", not_done="Nothing was changed.")
    department = window.department
    if not department.is_active:
        raise NotFound(
            "This department takes part no more, so there is nothing to see here.",
            not_done="Nothing was changed.",
            next_step="Ask the team for another link.",
        )
    if request.method == "POST":
        return _ask(request, department, link)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.GET.get("format") == "ics":
        return _feed(request, department)
    if request.GET.get("part") == "questions":
        return _questions(request, department)
    return _calendar(request, department)


def _shared(department: Department, part: str) -> dict:
    """What both parts show: whose window it is, and the department's form for requests, where it has one."""
    doors = Door.objects.filter(department=department).select_related("link").order_by("-made_at")
    door = next((one for one in doors if one.link.is_open()), None)
    asks = links.link_url(door.token) if door is not None else ""
    return {"department": department, "part": part, "asks_url": asks, "zone": department.workspace.timezone}


# --- the calendar -------------------------------------------------------------------------------------


def _calendar(request: HttpRequest, department: Department) -> HttpResponse:
    workspace, zone = department.workspace, department.workspace.zone
    first = _month(request.GET.get("month", ""), rows.today(workspace))
    after = (first + timedelta(days=32)).replace(day=1)
    begins, ends = (datetime.combine(day, time(0), tzinfo=zone) for day in (first, after))
    found = theirs.entries_of(department, begins, ends)
    urls = theirs.addresses_out(one.post_id for one in found if one.state == "out")
    days: dict[date, list[dict]] = {}
    for one in found:
        days.setdefault(one.local.date(), []).append({"entry": one, "url": urls.get(one.post_id, "")})
    context = _shared(department, "calendar") | {
        "days": list(days.items()),
        "month": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": after,
        "today": rows.today(workspace),
        "feed": f"{request.build_absolute_uri(request.path)}?format=ics",
    }
    return render(request, "stakeholders/window_calendar.html", context)


def _month(given: str, today: date) -> date:
    """The first day of the month asked for ("2026-03"); of the present one where that is none."""
    found = MONTH.fullmatch(given)
    if found is None or int(found[1]) not in YEARS or not 1 <= int(found[2]) <= 12:
        return today.replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def _feed(request: HttpRequest, department: Department) -> HttpResponse:
    now = clock.now()
    found = theirs.entries_of(department, now - BACK, now + AHEAD)
    body = write(f"{department.workspace}: {department}", found, now, request.get_host())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(False, "posts.ics")
    response["Cache-Control"] = "private, max-age=900"
    return response


# --- questions ----------------------------------------------------------------------------------------


def _questions(
    request: HttpRequest,
    department: Department,
    form: AskForm | None = None,
    alike: list | None = None,
    status: int = 200,
) -> HttpResponse:
    query = request.GET.get("q", "")[:QUERY_LENGTH]
    context = _shared(department, "questions") | {
        "query": query,
        "found": reads.answered(department.workspace, query, most=50),
        "own": reads.own(department),
        "form": form or AskForm(),
        "alike": alike,
        "asked": request.GET.get("said") == "asked",
    }
    return render(request, "stakeholders/window_questions.html", context, status=status)


def _ask(request: HttpRequest, department: Department, link: SignedLink) -> HttpResponse:
    """Send a question; what was answered to words like these is shown before, once."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return _questions(request, department, form, status=422)
    if not request.POST.get("sure"):
        alike = reads.like(department.workspace, form.cleaned_data["words"])
        if alike:
            return _questions(request, department, form, alike)
    try:
        experts.ask_expert(department, by=link, **form.cleaned_data)
    except Problem as problem:
        put_into(form, problem)
        return _questions(request, department, form, status=problem.status)
    return HttpResponseRedirect(f"{request.path}?part=questions&said=asked")
