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
    for column in columns:
        column.query = _query(wish, state=str(column.state))
    shown = sum(len(column.cards) for column in columns)
    context = {
        "columns": columns,
        "aside": reads.aside(request.workspace, wish),
        "chips": _chips(wish, reads.tags(request.workspace)),
        "all_columns": _query(wish, state=""),
        "states": list(State),
        "wish": wish,
        "none_shown": not shown,
        "has_any": bool(shown) or reads.has_any(request.workspace),
        "may_keep": request.member.may("ideas.idea.keep"),
        "here": request.path + _query(wish).removesuffix("?"),
        "today": clock.now().astimezone(request.workspace.zone).date(),
    }
    return render(request, "ideas/board.html", context)


def _chips(wish: Wish, tags: list[tuple[str, int]]) -> list[dict]:
    """The filters by kind and tag, each a link that sets it, or takes it away again where it is set."""
    if wish.tag and wish.tag not in dict(tags):
        tags = [(wish.tag, 0), *tags]

    def chip(name: str, value: str, label: str, count: int | None = None) -> dict:
        is_set = getattr(wish, name) == value
        query = _query(wish, **{name: "" if is_set else value})
        return {"label": label, "count": count, "is_set": is_set, "query": query}

    return [
        *(chip("kind", str(kind), label) for kind, label in KINDS.items()),
        *(chip("tag", tag, f"#{tag}", count) for tag, count in tags),
    ]


def _query(wish: Wish, **other: str) -> str:
    """The address of the same board with other filters; “?” for all of it."""
    wanted = {name: getattr(wish, name) for name in ("kind", "state", "tag")} | other
    return "?" + urlencode({name: value for name, value in wanted.items() if value})
