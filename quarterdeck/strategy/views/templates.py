"""The templates of checklists."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.shell import toasts
from quarterdeck.strategy import reads, verbs
from quarterdeck.strategy.forms import TemplateForm
from quarterdeck.strategy.models import ChecklistTemplate
from quarterdeck.strategy.views.shared import act, address, put_into

CHANGE = "strategy.template.change"


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The templates; POST makes one."""
    form = TemplateForm(request.POST if request.method == "POST" else None, auto_id="new_%s")
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.make_template(request.member, **form.given())
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, f"“{made.name}” can be copied into campaigns now.")
            return redirect("strategy-template-list", workspace=request.workspace.slug)
    return _index(request, form)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a template anew. Opened as an address, it leads to the list."""
    row = reads.template(request.workspace, pk)
    if request.method != "POST":
        return redirect("strategy-template-list", workspace=request.workspace.slug)
    form = TemplateForm(request.POST, auto_id=_ids(row))
    if form.is_valid():
        try:
            verbs.change_template(row, by=request.member, **form.given())
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, "Saved. Checklists that were copied before stay as they are.")
            return redirect("strategy-template-list", workspace=request.workspace.slug)
    return _index(request, TemplateForm(auto_id="new_%s"), changed=(row.pk, form))


def _index(
    request: HttpRequest, form: TemplateForm, changed: tuple[UUID, TemplateForm] | None = None
) -> HttpResponse:
    lines = []
    for row in reads.templates(request.workspace):
        initial = {"name": row.name, "lines": "\n".join(row.lines)}
        refused = changed is not None and changed[0] == row.pk
        own = changed[1] if changed and refused else TemplateForm(initial=initial, auto_id=_ids(row))
        lines.append({"row": row, "form": own, "refused": refused})
    context = {"form": form, "lines": lines, "retired": reads.templates(request.workspace, retired=True)}
    status = 422 if changed or form.errors else 200
    return render(request, "strategy/templates.html", context, status=status)


def _ids(row: ChecklistTemplate) -> str:
    return f"template_{row.pk.hex[-12:]}_%s"


def _list(request: HttpRequest, row: ChecklistTemplate) -> str:
    return address(request, "strategy-template-list")


@act(CHANGE, reads.template, _list)
def retire(request: HttpRequest, row: ChecklistTemplate) -> str:
    verbs.retire_template(row, by=request.member)
    return f"“{row.name}” is offered no more."


@act(CHANGE, reads.template, _list)
def restore(request: HttpRequest, row: ChecklistTemplate) -> str:
    verbs.restore_template(row, by=request.member)
    return f"“{row.name}” is offered again."
