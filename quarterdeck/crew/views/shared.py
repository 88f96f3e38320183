"""What crew's pages share: forms whose verb may still refuse, and toasts."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from quarterdeck.core.problems import Problem


def put_into(form: forms.Form, problem: Problem) -> None:
    """Show a verb's refusal beside the fields it names, or above the form."""
    known = {name: words for name, words in problem.fields.items() if name in form.fields}
    for name, words in known.items():
        form.add_error(name, words)
    if not known:
        form.add_error(None, " ".join(p for p in (problem.title, problem.not_done, problem.next_step) if p))


def toast(request: HttpRequest, text: str, *, failed: bool = False) -> None:
    # crew stands below shell: both speak through Django's messages
    from django.contrib import messages

    messages.add_message(request, messages.ERROR if failed else messages.SUCCESS, text[:300])
