"""When the pages of a private week are open: switched on by the person, and no works agreement in this workspace."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from quarterdeck.core.problems import Conflict
from quarterdeck.leadership import reads

View = Callable[..., HttpResponse]


def kept(view: View) -> View:
    """Only while it is on. A page leads to the switch, or says that an agreement closed it; a form is refused."""

    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        agreed = reads.agreement(request.workspace)
        if agreed is not None:
            if request.method == "POST":
                raise closed()
            return render(request, "leadership/closed.html", {"agreed": agreed})
        if request.method != "POST" and not reads.is_on(request.user):
            return redirect("leadership-settings", workspace=request.workspace.slug)
        return view(request)

    return guarded


def closed() -> Conflict:
    return Conflict(
        "Private weeks are switched off in this workspace, by a works agreement.",
        not_done="Nothing was kept or changed.",
        next_step="What you wrote before is yours: take it along or delete it under Workspaces, Your private week.",
    )


def to(request: HttpRequest, name: str, query: str = "", anchor: str = "") -> HttpResponse:
    """On to a page of the private week."""
    address = reverse(f"leadership-{name}", kwargs={"workspace": request.workspace.slug})
    return redirect(f"{address}{'?' if query else ''}{query}{'#' if anchor else ''}{anchor}")
