"""Friday, ten minutes: what was drafted from the person's own events, what they keep, and what happened outside."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core import clock, ids
from quarterdeck.core.deeds import KINDS, Deed
from quarterdeck.core.problems import Conflict
from quarterdeck.crew.access import page
from quarterdeck.leadership import choosing, drafting, intake, lines, reads
from quarterdeck.leadership.forms import OwnWordsForm, asked_line, asked_week, valid
from quarterdeck.leadership.views.shared import kept, to
from quarterdeck.shell import toasts

KEEP = "leadership.week.keep"


@page(KEEP)
@require_safe
@kept
def show(request: HttpRequest) -> HttpResponse:
    """The week. `?all` shows everything that could be said of it, not only the three to five that were chosen."""
    monday = asked_week(request)
    now = lines.this_week(clock.now(), request.user.zone)
    found = reads.week(request.user, monday)
    told = drafting.drafted(request.user, monday)
    proposed, more = _proposed(told.deeds, found, everything="all" in request.GET)
    context = {
        "week": found,
        "said": lines.week_said(monday),
        "is_now": monday == now,
        "proposed": [_as_shown(deed) for deed in proposed],
        "everything": "all" in request.GET,
        "more": more,
        "silent": told.silent,
        "nothing": not told.deeds and not found.lines,
        "form": OwnWordsForm(auto_id="own_%s"),
        "kinds": KINDS,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7) if monday < now else None,
        "month": lines.month_of(monday),
        "year": lines.year_of(monday),
    }
    return render(request, "leadership/week.html", context)


def _as_shown(deed: Deed) -> dict[str, Any]:
    """A draft speaks to the person (“You …”); kept, it is theirs (“I …”)."""
    return {"deed": deed, "you": deed.said("You"), "me": deed.said("I"), "kind": KINDS[deed.kind]}


def _proposed(deeds: list[Deed], found: reads.Week, *, everything: bool) -> tuple[list[Deed], int]:
    """What is proposed now, and how many other sentences there would be. What was decided leaves no gap to be filled:
    the five of a week are chosen once, so that the list gets shorter."""
    undecided = [deed for deed in deeds if deed.key not in found.decided]
    if everything:
        return sorted(undecided, key=lambda deed: (deed.when, deed.key)), 0
    first = [deed for deed in choosing.week(deeds) if deed.key not in found.decided]
    return first, len(undecided) - len(first)


def _still_there(request: HttpRequest, monday: date) -> Deed:
    """The deed a form names, drafted anew: its words never come from the browser."""
    deed = drafting.drafted(request.user, monday).find(request.POST.get("key", ""))
    if deed is None:
        raise Conflict(
            "That sentence is not drafted any more: what it told of was undone.",
            not_done="Nothing was kept.",
            next_step="Open the week again, or write it down in words of your own.",
        )
    return deed


def _back(request: HttpRequest, monday: date, anchor: str) -> HttpResponse:
    return to(request, "week", f"week={monday}{'&all' if 'all' in request.GET else ''}", anchor)


@page(KEEP)
@require_POST
@kept
def keep(request: HttpRequest) -> HttpResponse:
    monday = asked_week(request)
    deed = _still_there(request, monday)
    intake.keep(request.user, monday, deed, line_id=ids.new().hex, text=request.POST.get("text", ""))
    return _back(request, monday, "drafted")


@page(KEEP)
@require_POST
@kept
def keep_all(request: HttpRequest) -> HttpResponse:
    """Everything that is proposed now, as it is drafted."""
    monday = asked_week(request)
    told = drafting.drafted(request.user, monday)
    everything = "all" in request.GET
    for deed in _proposed(told.deeds, reads.week(request.user, monday), everything=everything)[0]:
        intake.keep(request.user, monday, deed, line_id=ids.new().hex)
    return to(request, "week", f"week={monday}", "kept")


@page(KEEP)
@require_POST
@kept
def drop(request: HttpRequest) -> HttpResponse:
    """A drafted sentence, by the key of its deed, or a kept one by its id."""
    monday = asked_week(request)
    if request.POST.get("line"):
        line = asked_line(request)
        intake.drop_line(request.user, monday, line)
        toasts.add(request, "Dropped.", undo_url=_undo_url(request, monday, line=line))
        return _back(request, monday, "kept")
    key = _still_there(request, monday).key
    intake.drop(request.user, monday, key)
    toasts.add(request, "Dropped.", undo_url=_undo_url(request, monday, key=key))
    return _back(request, monday, "drafted")


def _undo_url(request: HttpRequest, monday: date, **what: str) -> str:
    address = reverse("leadership-bring-back", kwargs={"workspace": request.workspace.slug})
    return f"{address}?{urlencode({'week': monday} | what)}"


@page(KEEP)
@require_POST
@kept
def bring_back(request: HttpRequest) -> HttpResponse:
    """What was dropped a moment ago."""
    monday = asked_week(request)
    line, key = request.GET.get("line", ""), request.GET.get("key", "")
    intake.bring_back(request.user, monday, line_id=line, key=key)
    toasts.add(request, "It is back.")
    return _back(request, monday, "")


@page(KEEP)
@require_POST
@kept
def edit(request: HttpRequest) -> HttpResponse:
    monday = asked_week(request)
    words, kind = request.POST.get("text", ""), request.POST.get("kind", "")
    intake.edit(request.user, monday, asked_line(request), text=words, kind=kind)
    toasts.add(request, "Said in your words.")
    default = reverse("leadership-week", kwargs={"workspace": request.workspace.slug})
    return toasts.back(request, f"{default}?week={monday}#kept")


@page(KEEP)
@require_POST
@kept
def add(request: HttpRequest) -> HttpResponse:
    monday = asked_week(request)
    given = valid(OwnWordsForm(request.POST))
    intake.add(request.user, monday, kind=given["kind"], text=given["text"], line_id=given["line"])
    return _back(request, monday, "kept")


@page(KEEP)
@require_POST
@kept
def finish(request: HttpRequest) -> HttpResponse:
    """Done with it, written or not: the Desk does not ask again."""
    monday = asked_week(request)
    intake.pass_week(request.user, monday)
    there = bool(reads.week(request.user, monday).lines)
    first = lines.month_of(monday)
    toasts.add(
        request, f"That was your week. It waits in {first:%B}." if there else "This week stays unwritten."
    )
    return toasts.back(request, _desk(request))


@page(KEEP)
@require_POST
@kept
def put_off(request: HttpRequest) -> HttpResponse:
    """Tomorrow at nine, where the person is."""
    here = clock.now().astimezone(request.user.zone)
    tomorrow = here.date() + timedelta(days=1)
    intake.put_off(request.user, datetime.combine(tomorrow, time(9, 0), tzinfo=request.user.zone))
    toasts.add(request, "Put off until tomorrow, 09:00.")
    return toasts.back(request, _desk(request))


def _desk(request: HttpRequest) -> str:
    return f"/w/{request.workspace.slug}/"
