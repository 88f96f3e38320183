"""The shelf as a board: five columns, filters in the address."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.core import clock
from quarterdeck.crew.access import page
from quarterdeck.ideas import reads
from quarterdeck.ideas.models import TAG_LENGTH, Kind, State
from quarterdeck.ideas.reads import Wish

KINDS = {Kind.IDEA: "Ours", Kind.SWIPE: "Swipe file"}


@page("ideas.idea.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    given = request.GET
    wish = Wish(
        tag=given.get("tag", "").strip().lower()[:TAG_LENGTH],
        kind=given["kind"] if given.get("kind") in Kind.values else "",
        state=given["state"] if given.get("state") in State.values else "",
    )
    columns = reads.board(request.workspace, wish)
    shown = sum(len(column.cards) for column in columns)
    context = {
        "columns": columns,
        "aside": reads.aside(request.workspace, wish),
        "chips": _chips(request, wish),
        "states": list(State),
        "wish": wish,
        "none_shown": not shown,
        "has_any": bool(shown) or reads.has_any(request.workspace),
        "may_keep": request.member.may("ideas.idea.keep"),
        "here": request.get_full_path(),
        "today": clock.now().astimezone(request.workspace.zone).date(),
    }
    return render(request, "ideas/board.html", context)


def _chips(request: HttpRequest, wish: Wish) -> list[dict]:
    """The filters, each a link that sets it, or takes it away again where it is set."""
    now = {name: getattr(wish, name) for name in ("kind", "state", "tag") if getattr(wish, name)}

    def chip(name: str, value: str, label: str, count: int | None = None) -> dict:
        is_set = now.get(name) == value
        other = {k: v for k, v in now.items() if k != name} | ({} if is_set else {name: value})
        return {
            "label": label,
            "count": count,
            "is_set": is_set,
            "query": f"?{urlencode(other)}" if other else "?",
        }

    tags = reads.tags(request.workspace)
    if wish.tag and wish.tag not in dict(tags):
        tags = [(wish.tag, 0), *tags]
    return [
        *(chip("kind", str(kind), label) for kind, label in KINDS.items()),
        *(chip("state", str(state), str(state.label)) for state in State),
        *(chip("tag", tag, f"#{tag}", count) for tag, count in tags),
    ]
