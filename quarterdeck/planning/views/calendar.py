"""The calendar: month, week and list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core import clock
from quarterdeck.crew.access import page
from quarterdeck.planning import board, entries, grid, layers, marks, rules, watching, zones
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
    start, end = period.instants(workspace.zone)
    found, cut = entries.between(workspace, start, end, asked)
    tray, waiting = entries.tray(workspace, asked)
    choices, own = _choices(request), rules.of(workspace)
    spans = layers.standing(workspace, start, end)
    if choices["labels"]:
        entries.put_labels(found)
    shape = _shape(found, asked, period, today, layers.marks(workspace, period, own, spans))
    near, shown = rules.near(own), _shown(shape)
    struck = marks.collisions(found, choices["brands"], choices["labels"], near, shown)
    inside = layers.note(found, spans, choices["channel_brands"])
    watching.put(found, workspace, own)
    context = {
        "asked": asked,
        "period": period,
        "today": today,
        "zone_words": zones.words(request.member, now),
        "tray": tray,
        "waiting": waiting,
        "choices": choices,
        "holds": holds_reads.named(holds_reads.standing(workspace)),
        "near": own.near_minutes,
        "struck": struck,
        "inside": len(inside),
        "unwatched": [one for one in found if one.watcher == watching.NOBODY],
        "may_watch": request.member.may("planning.watch.name"),
        "cut": cut,
        "gaps": []
        if asked.filtered
        else marks.gaps(found, period.days(), today, choices["channels"], frozenset(own.days)),
        "empty": not found and not tray and not asked.filtered,
        "may_move": request.member.may("publishing.post.schedule"),
        "may_layers": request.member.may("planning.layer.change"),
        "may_slots": request.member.may("planning.slot.change"),
        "may_feed": request.member.may("crew.link.issue"),
        "may_draft": request.member.may("publishing.post.draft"),
        "here": request.path + asked.query(),
        **_links(asked, period, today),
        **shape,
    }
    return render(request, "planning/calendar.html", context)


def _choices(request: HttpRequest) -> dict[str, dict]:
    """What one can filter by: each a mapping of id to name."""
    workspace = request.workspace
    channels = list(channel_reads.connected(workspace).values_list("pk", "name", "brand_id"))
    return {
        "channels": {pk: name for pk, name, _ in channels},
        "channel_brands": {pk: brand for pk, _, brand in channels},
        "brands": dict(workspace.brands.order_by("name").values_list("pk", "name")),
        "labels": entries.label_names(workspace),
        "states": STATES,
    }


def _links(asked: grid.Asked, period: grid.Period, today) -> dict:
    return {
        "views": [(word, asked.query(view=name, day=False), name == asked.view) for name, word in VIEW_WORDS],
        "before": asked.query(anchor=period.before),
        "after": asked.query(anchor=period.after),
        "now_link": asked.query(anchor=today),
        "without_filters": grid.Asked(asked.view, asked.anchor, asked.day).query(),
    }


def _shape(found: list, asked: grid.Asked, period: grid.Period, today, over: dict) -> dict:
    if asked.view == "month":
        return {"weeks": board.month(found, asked, period, today, over)}
    if asked.view == "week":
        heads, hours = board.week(found, asked, period, today, over)
        return {"heads": heads, "hours": hours}
    days, goes_on = board.agenda(found, asked, period, today, over)
    return {"days": days, "goes_on": goes_on}


def _shown(shape: dict) -> set[int]:
    """Which entries the page shows, by `id()`: a full day shows few of its own."""
    rows = [*shape.get("weeks", ()), *(hour.cells for hour in shape.get("hours", ())), shape.get("days", ())]
    return {id(entry) for cells in rows for cell in cells for entry in cell.first}
