"""Root causes: which came back, and the list they are chosen from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core import clock
from quarterdeck.core.problems import Forbidden, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.lessons import causes, counting, verbs
from quarterdeck.lessons.forms import CauseForm
from quarterdeck.lessons.views.shared import address, put_into
from quarterdeck.shell import toasts

CHANGE = "lessons.cause.change"


@page("lessons.review.view")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What came back; for the leads the list too, to which POST adds."""
    may_change, status = request.member.may(CHANGE), 200
    form = CauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_change:
            raise Forbidden("The leads of the workspace keep this list.", next_step="Ask one of them.")
        status = 422
        if form.is_valid():
            try:
                cause = verbs.add_cause(request.member, **form.cleaned_data)
            except Problem as problem:
                put_into(form, problem)
            else:
                undo = address(request, "lessons-cause-end", value=cause.pk.hex)
                toasts.add(request, f"“{cause}” is on the list.", undo_url=undo)
                return redirect(address(request, "lessons-causes") + "#list")
    listed = causes.every(request.workspace)
    context = {
        "told": counting.returning(request.workspace, clock.now()),
        "fewest": counting.FEWEST_POSTS,
        "formula": counting.FORMULA,
        "causes": listed,
        "any_ended": any(one.ended for one in listed),
        "may_change": may_change,
        "form": form,
    }
    return render(request, "lessons/causes.html", context, status=status)


@page(CHANGE)
@require_POST
def end(request: HttpRequest, value: str) -> HttpResponse:
    cause = verbs.end_cause(request.member, value=_known(request, value))
    undo = address(request, "lessons-cause-restore", value=cause.pk.hex)
    toasts.add(request, f"“{cause}” is off the list. Reviews that carry it keep it.", undo_url=undo)
    return redirect(address(request, "lessons-causes") + "#list")


@page(CHANGE)
@require_POST
def restore(request: HttpRequest, value: str) -> HttpResponse:
    cause = verbs.restore_cause(request.member, value=_known(request, value))
    toasts.add(request, f"“{cause}” is on the list again.")
    return redirect(address(request, "lessons-causes") + "#list")


def _known(request: HttpRequest, value: str) -> str:
    if all(value != one.value for one in causes.every(request.workspace)):
        raise NotFound("There is no such cause in this workspace.")
    return value
