"""What the pages of planning share: addresses, a row of this workspace, a problem put into a form."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from quarterdeck.core.problems import NotFound, Problem


def address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def back_to(request: HttpRequest) -> str:
    """Where the person was (`next`), when that is a page of this workspace; else empty."""
    wish = request.POST.get("next") or request.GET.get("next", "")
    return wish if wish.startswith(f"/w/{request.workspace.slug}/") else ""


def row(model, request: HttpRequest, pk: UUID):
    """The row of this workspace; NotFound for any other."""
    found = model.objects.filter(pk=pk, workspace=request.workspace).first()
    if found is None:
        raise NotFound("There is no such thing in this workspace.")
    return found


def put_into(form, problem: Problem) -> None:
    """Say a refusal beside the field it is about, else at the head of the form."""
    for name, words in (problem.fields or {"": ""}).items():
        if name in form.fields:
            form.add_error(name, words)
        else:
            form.add_error(None, f"{problem.title} {words or problem.next_step}".strip())
