"""What the pages of consent share: addresses, and a refusal put into a form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse

from quarterdeck.core.problems import Problem

HISTORY = 40


def address(request: HttpRequest, name: str, **parts: Any) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def decision_page(request: HttpRequest, pk: UUID | None) -> str:
    """Where the record of a decision stands; empty where there is none, or it is not theirs to read."""
    may = request.member.may("strategy.decision.view")
    return address(request, "strategy-decision", pk=pk) if pk and may else ""


def put_into(form: Form, problem: Problem) -> None:
    """Say a refusal beside the field it is about, else at the head of the form."""
    for name, words in (problem.fields or {"": ""}).items():
        if name in form.fields:
            form.add_error(name, words)
        else:
            form.add_error(None, f"{problem.title} {words or problem.next_step}".strip())


def about_in(request: HttpRequest) -> tuple[str, UUID | None]:
    """What a query says a round is about: a ledger name and an id, or nothing."""
    about, given = request.GET.get("about", "")[:60], request.GET.get("id", "")
    try:
        return (about, UUID(given)) if about and given else ("", None)
    except ValueError:
        return "", None
