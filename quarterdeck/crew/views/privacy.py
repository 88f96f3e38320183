"""Who looked at a person's records, for that person; and who is behind an entry of the ledger, for an audit."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew import forms, reads, verbs
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Unmasking
from quarterdeck.crew.views.shared import put_into, toast


@page("crew.workspace.view")
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    """Who opened what about the reader: by role; by name where their own name was shown."""
    context = {"looks": reads.looks(request.member), "unmasked": reads.unmaskings_of(request.member)}
    return render(request, "crew/looked.html", context)


@page("crew.unmasking.ask")
def unmaskings(request: HttpRequest) -> HttpResponse:
    """Ask for a name behind an entry, decide what others asked, and see what was granted for its day."""
    given = request.POST if request.method == "POST" else None
    form = forms.Unmask(given, initial={"entry": request.GET.get("entry", "")[:36]})
    if given is not None and form.is_valid():
        try:
            verbs.ask_unmasking(request.member, **form.cleaned_data)
            toast(
                request,
                "The other owners and leads are asked. Nobody’s name is shown until one of them grants it.",
            )
            return redirect("crew-unmaskings", workspace=request.workspace.slug)
        except Problem as refused:
            put_into(form, refused)
    status = 422 if given is not None else 200
    context = {"form": form, **reads.unmaskings(request.member)}
    return render(request, "crew/unmaskings.html", context, status=status)


@page("crew.unmasking.decide")
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = Unmasking.objects.filter(workspace=request.workspace, pk=pk).first()
    if found is None:
        raise NotFound("Nobody asked for that in this workspace.")
    grant = request.POST.get("grant") == "yes"
    verbs.decide_unmasking(found, by=request.member, grant=grant)
    said = "The name is shown to the two of you for 24 hours." if grant else "Refused. No name was shown."
    toast(request, said)
    return redirect("crew-unmaskings", workspace=request.workspace.slug)
