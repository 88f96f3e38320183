"""What the pages of stakeholders share: addresses, small forms, and acts that are one POST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterdeck.core.problems import Invalid
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts

HISTORY = 40
SEE, ANSWER = "stakeholders.request.view", "stakeholders.request.answer"
MAP, CHANGE = "stakeholders.map.view", "stakeholders.map.change"


def address(request: HttpRequest, name: str, **parts: Any) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def given(form: Form, not_done: str = "Nothing was changed.") -> dict:
    """What a small form holds; Invalid, with its fields, where it cannot be used."""
    if not form.is_valid():
        words = {name: " ".join(errors) for name, errors in form.errors.items()}
        first = next(iter(words.values()), "")
        raise Invalid("That cannot be used like this.", not_done=not_done, next_step=first, fields=words)
    return form.cleaned_data


def act(permission: str, find: Callable, name: str) -> Callable:
    """A view that is an act on one row: POST only. `find(workspace, pk)` brings the row; the function calls a verb and
    returns what is told, or that and the address to go on to; else it goes back to the page `name` of the row."""

    def mark(does: Callable[[HttpRequest, Any], str | tuple[str, str]]) -> Callable[..., HttpResponse]:
        def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
            told = does(request, find(request.workspace, pk))
            words, to = told if isinstance(told, tuple) else (told, address(request, name, pk=pk))
            toasts.add(request, words)
            return toasts.back(request, to)

        posted.__doc__, posted.__name__ = does.__doc__, does.__name__
        return page(permission)(require_POST(posted))

    return mark
