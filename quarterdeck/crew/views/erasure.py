"""Settings, “Erase what the record says”: a person of themself, an owner of anybody. It cannot be undone, so it is
typed; what goes and what stays is said before.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from quarterdeck.core.problems import Problem
from quarterdeck.crew import forms, intake, reads, verbs
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Look, Member
from quarterdeck.crew.views.shared import put_into, toast


@page("crew.workspace.view")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """What the record says of oneself; for owners with the way to everybody else's."""
    others = reads.ever_members(request.workspace) if request.member.may("crew.member.change") else []
    return _erase(request, request.member, {"others": [one for one in others if one != request.member]})


@page("crew.member.change")
@require_http_methods(["GET", "HEAD", "POST"])
def of(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    """What the record says of somebody who is or was a member."""
    return _erase(request, get_object_or_404(Member, pk=member, workspace=request.workspace), {})


def _erase(request: HttpRequest, whose: Member, context: dict) -> HttpResponse:
    form = forms.Erasure(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            basis = form.cleaned_data["legal_basis"]
            verbs.erase_record(whose, by=request.member, legal_basis=basis)
        except Problem as refused:
            put_into(form, refused)
        else:
            told = "you" if whose == request.member else str(whose)
            toast(request, f"What the record said of {told} is erased. Every proof still holds.")
            return redirect(request.path)
    if whose != request.member:
        intake.looked(request.member, Look.What.ERASURE, concerned=whose)
    context |= {"form": form, "whose": whose, "own": whose == request.member}
    return render(request, "crew/erasure.html", context, status=422 if form.errors else 200)
