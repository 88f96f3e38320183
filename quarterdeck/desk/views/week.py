"""The week: plan and look-back on one page. Of the team as a whole; nobody is named, and no hours are entered."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import page
from quarterdeck.desk import verbs, week_room
from quarterdeck.desk import week as weeks
from quarterdeck.desk.forms import CapacityForm, ReasonForm
from quarterdeck.desk.week import Fate, Span, Week
from quarterdeck.publishing.models import Size
from quarterdeck.publishing.weeks import monday_of
from quarterdeck.shell import toasts

WEEK = timedelta(weeks=1)
FAR = timedelta(weeks=520)


@page("desk.week.view")
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The week of the day `of` (ISO), else this one."""
    return _week(request, _monday(request, request.GET.get("of", "")))


def _today(request: HttpRequest) -> date:
    return monday_of(clock.now().astimezone(request.workspace.zone).date())


def _monday(request: HttpRequest, given: str) -> date:
    """The Monday of the week that any day of it names: 2026-11-23. This week's where none is given."""
    if not given:
        return _today(request)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = None
    if day is None or abs(day - _today(request)) > FAR:
        raise NotFound("There is no such week.", next_step="Open this week, and go on from there.")
    return monday_of(day)


def _week(
    request: HttpRequest, monday: date, capacity_form: CapacityForm | None = None, status: int = 200
) -> HttpResponse:
    who, now = request.member, clock.now()
    found = weeks.week(request.workspace, monday, now)
    holds = week_room.holds(request.workspace, monday)
    may_plan = who.may("desk.week.plan")
    context = {
        "week": found,
        "span": found.span,
        "name": _name(found.span),
        "days": _days(found, Fate.AHEAD, Fate.DONE),
        "unsettled": found.unsettled,
        "otherwise": found.of(Fate.MOVED, Fate.OFF),
        "kept": weeks.kept(found),
        "holds": holds,
        "room": week_room.room_words(holds.now, found.taken) if holds.now is not None else "",
        "full": holds.now is not None and found.taken > holds.now,
        "meter": max(holds.now or 0, found.taken, 1),
        "sizes": Size.values,
        "capacity_form": capacity_form or CapacityForm(initial={"points": holds.usual}),
        "may_plan": may_plan,
        "may_size": who.may("publishing.post.draft"),
        "may_set": who.may("desk.capacity.set"),
        "can_keep": may_plan and _can_keep(found),
        "before": _address(request, monday - WEEK),
        "after": _address(request, monday + WEEK),
        "here": _address(request, monday),
        "is_this": monday == _today(request),
    }
    return render(request, "desk/week.html", context, status=status)


def _can_keep(found: Week) -> bool:
    """Whether the plan can be kept now: the verb says why not."""
    span = found.span
    early = found.plan is None or span.day(span.now) <= span.monday
    return not span.over and early and any(item.counts for item in found.items)


def _days(found: Week, *fates: Fate) -> list[tuple[str, list]]:
    """What goes as planned, by day."""
    grouped = groupby(found.of(*fates), key=lambda item: item.day)
    return [(f"{day:%A} {day.day} {day:%B}", list(items)) for day, items in grouped]


def _name(span: Span) -> str:
    """ "23 to 29 November 2026"."""
    first, last = span.monday, span.sunday
    month = f" {first:%B}" if first.month != last.month else ""
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day}{month}{year} to {last.day} {last:%B %Y}"


def _address(request: HttpRequest, monday: date) -> str:
    return f"{reverse('desk-week', kwargs={'workspace': request.workspace.slug})}?of={monday.isoformat()}"


@page("desk.week.plan")
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    day = _monday(request, request.POST.get("of", ""))
    kept = verbs.plan_week(request.member, monday=day)
    many = "One item" if len(kept.items) == 1 else f"{len(kept.items)} items"
    toasts.add(request, f"The plan is kept: {many}. The look-back compares with it.")
    return toasts.back(request, _address(request, day))


@page("desk.week.plan")
@require_POST
def reason(request: HttpRequest) -> HttpResponse:
    day, form = _monday(request, request.POST.get("of", "")), ReasonForm(request.POST)
    form.is_valid()  # what is missing is refused in words by the verb
    given = form.cleaned_data
    verbs.say_why(
        request.member,
        monday=day,
        key=given.get("key", ""),
        words=given.get("words", form.data.get("words", "")),
    )
    toasts.add(request, "Noted. The item is settled with this reason.")
    return toasts.back(request, _address(request, day))


@page("desk.capacity.set")
@require_POST
def capacity(request: HttpRequest) -> HttpResponse:
    form = CapacityForm(request.POST)
    if not form.is_valid():
        return _week(request, _today(request), form, status=422)
    set_to = verbs.set_capacity(request.member, points=form.cleaned_data["points"])
    toasts.add(request, f"A week of the team holds {set_to.points} points now. Everybody here sees that.")
    return toasts.back(request, reverse("desk-week", kwargs={"workspace": request.workspace.slug}))
