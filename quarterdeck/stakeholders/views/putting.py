"""A refusal put into the form it is about."""

from __future__ import annotations

from django.forms import Form

from quarterdeck.core.problems import Problem


def put_into(form: Form, problem: Problem) -> None:
    """Say a refusal beside the field it is about, else at the head of the form."""
    for name, words in (problem.fields or {"": ""}).items():
        if name in form.fields:
            form.add_error(name, words)
        else:
            form.add_error(None, f"{problem.title} {words or problem.next_step}".strip())
