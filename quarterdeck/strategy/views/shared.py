"""What the pages of strategy share: addresses, refusals put into forms, and small forms read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts

VIEW = "strategy.plan.view"
HISTORY = 40


def address(request: HttpRequest, name: str, **parts: Any) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def put_into(form: Form, problem: Problem) -> None:
    """Say a refusal beside the field it is about, else at the head of the form."""
    for name, words in (problem.fields or {"": ""}).items():
        if name in form.fields:
            form.add_error(name, f"{problem.title} {words}" if len(problem.fields) == 1 else words)
        else:
            form.add_error(None, f"{problem.title} {words or problem.next_step}".strip())


def given(form: Form, not_done: str = "Nothing was changed.") -> dict:
    """What a small form holds; Invalid, with its fields, where it cannot be used."""
    if not form.is_valid():
        words = {name: " ".join(errors) for name, errors in form.errors.items()}
        first = next(iter(words.values()), "")
        raise Invalid("That cannot be used like this.", not_done=not_done, next_step=first, fields=words)
    return form.cleaned_data


def act(permission: str, find: Callable, leads_to: Callable[[HttpRequest, Any], str]) -> Callable:
    """A view that is an act on one row: POST only. The function calls a verb and returns what is told; then the page
    that `leads_to` names is shown."""

    def mark(function: Callable[[HttpRequest, Any], str]) -> Callable[..., HttpResponse]:
        def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
            row = find(request.workspace, pk)
            toasts.add(request, function(request, row))
            return toasts.back(request, leads_to(request, row))

        return page(permission)(require_POST(posted))

    return mark
