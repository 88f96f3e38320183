"""The calendar: month, week and list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core import clock
from quarterdeck.crew.access import page
from quarterdeck.planning import board, entries, grid, marks, zones
from quarterdeck.planning.entries import STATES
from quarterdeck.publishing import holds_reads

VIEW_WORDS = (("month", "Month"), ("week", "Week"), ("list", "List"))


def _on_a_phone(request: HttpRequest) -> bool:
    """A phone says so itself (Sec-CH-UA-Mobile, or the old word in User-Agent)."""
    hint = request.headers.get("Sec-CH-UA-Mobile", "")
    return hint == "?1" or (not hint and "Mobi" in request.headers.get("User-Agent", ""))


@page("planning.calendar.view")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What goes out when, in the workspace's time zone."""
    now, workspace = clock.now(), request.workspace
    today = now.astimezone(workspace.zone).date()
    asked = grid.read(request.GET, today, STATES, "list" if _on_a_phone(request) else "month")
    period = grid.period(asked)
    found, cut = entries.between(workspace, *period.instants(workspace.zone), asked)
    tray, waiting = entries.tray(workspace, asked)
    choices = _choices(request)
    struck = _mark(found, choices)
    context = {
        "asked": asked,
        "period": period,
        "today": today,
        "zone_words": zones.words(request.member, now),
        "tray": tray,
        "waiting": waiting,
        "choices": choices,
        "holds": holds_reads.named(holds_reads.standing(workspace)),
        "struck": struck,
        "cut": cut,
        "gaps": [] if asked.filtered else marks.gaps(found, period.days(), today, choices["channels"]),
        "empty": not found and not tray and not asked.filtered,
        "may_move": request.member.may("publishing.post.schedule"),
        "may_draft": request.member.may("publishing.post.draft"),
        "here": request.get_full_path(),
        **_links(asked, period, today),
        **_shape(found, asked, period, today),
    }
    return render(request, "planning/calendar.html", context)


def _choices(request: HttpRequest) -> dict[str, dict]:
    """What one can filter by: each a mapping of id to name."""
    workspace = request.workspace
    return {
        "channels": dict(channel_reads.connected(workspace).values_list("pk", "name")),
        "brands": dict(workspace.brands.order_by("name").values_list("pk", "name")),
        "labels": entries.label_names(workspace),
        "states": STATES,
    }


def _mark(found: list, choices: dict) -> int:
    entries.put_labels(found)
    return marks.collisions(found, choices["brands"], choices["labels"])


def _links(asked: grid.Asked, period: grid.Period, today) -> dict:
    return {
        "views": [(word, asked.query(view=name, day=False), name == asked.view) for name, word in VIEW_WORDS],
        "before": asked.query(anchor=period.before),
        "after": asked.query(anchor=period.after),
        "now_link": asked.query(anchor=today),
        "without_filters": grid.Asked(asked.view, asked.anchor, asked.day).query(),
    }


def _shape(found: list, asked: grid.Asked, period: grid.Period, today) -> dict:
    layers: dict = {}
    if asked.view == "month":
        return {"weeks": board.month(found, asked, period, today, layers)}
    if asked.view == "week":
        heads, hours = board.week(found, asked, period, today, layers)
        return {"heads": heads, "hours": hours}
    days, goes_on = board.agenda(found, asked, period, today, layers)
    return {"days": days, "goes_on": goes_on}
