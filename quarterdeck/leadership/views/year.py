"""The weeks become months, and twelve months become one page."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core import clock
from quarterdeck.crew.access import page
from quarterdeck.leadership import files, intake, lines, reads
from quarterdeck.leadership.forms import OpeningForm, asked_line, asked_month, asked_year, valid
from quarterdeck.leadership.views.shared import kept, to
from quarterdeck.leadership.views.week import KEEP
from quarterdeck.shell import toasts


@page(KEEP)
@require_safe
@kept
def month(request: HttpRequest) -> HttpResponse:
    first = asked_month(request)
    here = reverse("leadership-month", kwargs={"workspace": request.workspace.slug})
    context = {
        "month": reads.month(request.user, first),
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": after if (after := reads.next_month(first)) <= _this_month(request) else None,
        "here": f"{here}?of={first:%Y-%m}",
        "year": first.year,
    }
    return render(request, "leadership/month.html", context)


def _this_month(request: HttpRequest) -> date:
    return lines.month_of(lines.this_week(clock.now(), request.user.zone))


@page(KEEP)
@require_POST
@kept
def choose_for_month(request: HttpRequest) -> HttpResponse:
    first = asked_month(request)
    there = request.POST.get("there") == "yes"
    intake.choose_for_month(request.user, first, asked_line(request), there=there)
    return to(request, "month", f"of={first:%Y-%m}")


@page(KEEP)
@require_safe
@kept
def year(request: HttpRequest) -> HttpResponse:
    number = asked_year(request)
    found = reads.year(request.user, number)
    here = reverse("leadership-year", kwargs={"workspace": request.workspace.slug})
    context = {
        "year": found,
        "form": OpeningForm(initial={"opening": found.opening}),
        "others": files.names_in(request.user, found),
        "here": f"{here}?of={number}",
        "before": number - 1,
        "after": number + 1 if number < _this_month(request).year else None,
        "kinds_of_file": files.KINDS,
    }
    return render(request, "leadership/year.html", context)


@page(KEEP)
@require_POST
@kept
def choose_for_year(request: HttpRequest) -> HttpResponse:
    number = asked_year(request)
    there = request.POST.get("there") == "yes"
    intake.choose_for_year(request.user, number, asked_line(request), there=there)
    return to(request, "year", f"of={number}")


@page(KEEP)
@require_POST
@kept
def opening(request: HttpRequest) -> HttpResponse:
    number = asked_year(request)
    given = valid(OpeningForm(request.POST), "What you said first is as it was.")
    intake.open_year(request.user, number, given["opening"])
    toasts.add(request, "Kept.")
    return to(request, "year", f"of={number}")
