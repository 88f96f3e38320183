"""Switching it on and off, and the works agreement that closes it for a whole workspace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.crew.access import page
from quarterdeck.crew.permissions import Role
from quarterdeck.leadership import intake, reads, verbs
from quarterdeck.leadership.forms import OffForm, valid
from quarterdeck.leadership.views.shared import closed, to
from quarterdeck.leadership.views.week import KEEP
from quarterdeck.shell import toasts

AGREE = "leadership.agreement.set"


@page(KEEP)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """What it is, who sees it, what it is never used for; and the switch."""
    context = {
        "on": reads.is_on(request.user),
        "form": OffForm(),
        "years": reads.years(request.user),
        "agreed": reads.agreement(request.workspace),
    }
    return render(request, "leadership/settings.html", context)


@page(KEEP)
@require_POST
def switch_on(request: HttpRequest) -> HttpResponse:
    if reads.agreement(request.workspace) is not None:
        raise closed()
    intake.switch_on(request.user)
    toasts.add(request, "Your private week is on. Only you see it.")
    return to(request, "week")


@page(KEEP)
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    """Also where an agreement stands: whoever wants it gone is not kept from it."""
    given = valid(OffForm(request.POST), "Your private week is as it was.")
    delete = given["what"] == "delete"
    intake.switch_off(request.user, delete=delete)
    said = (
        "All of it is deleted." if delete else "What you wrote stays sealed, and is there if you come back."
    )
    toasts.add(request, f"Your private week is off. {said}")
    return to(request, "settings")


@page(KEEP)
@require_POST
def put_offer_away(request: HttpRequest) -> HttpResponse:
    intake.put_offer_away(request.user)
    return toasts.back(request, f"/w/{request.workspace.slug}/")


@page(AGREE)
def agreement(request: HttpRequest) -> HttpResponse:
    """Only says and changes that the module is off here; who uses it is told to nobody."""
    if request.method == "POST":
        if request.POST.get("stands") == "yes":
            verbs.make_agreement(request.member)
            toasts.add(request, "Private weeks are switched off in this workspace, for everybody.")
        else:
            verbs.end_agreement(request.member)
            toasts.add(request, "Private weeks may be kept here again, by whoever wants to.")
        return to(request, "agreement")
    context = {"agreed": reads.agreement(request.workspace)}
    return render(request, "leadership/agreement.html", context)


@page(KEEP)
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The processing description, to print and to lay before a works council."""
    context = {"agreed": reads.agreement(request.workspace), "roles": Role.labels}
    return render(request, "leadership/description.html", context)
