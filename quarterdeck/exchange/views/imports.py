"""Bringing a spreadsheet in: choose the file, say what its columns are, see what became of it, undo it."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.access import page
from quarterdeck.exchange import asking, intake, jobs, reading, reads, verbs
from quarterdeck.exchange.forms import FileForm, MappingForm
from quarterdeck.exchange.models import Import, Row
from quarterdeck.shell import toasts

SHOWN = 20


@page("exchange.import.make")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Choose a file; the imports so far. POST takes the file."""
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        data = given.read(reading.LARGEST + 1)
        try:
            sheet = reading.read(data, given.name or "")
        except Invalid as refused:
            form.add_error("file", f"{refused.title} {refused.next_step}")
        else:
            found = verbs.receive(
                request.member, name=_name(given.name), sha256=hashlib.sha256(data).hexdigest(), sheet=sheet
            )
            return redirect("exchange-import", workspace=request.workspace.slug, pk=found.pk)
    imports = [
        {"import": one, "progress": reads.progress(one)} for one in reads.recent(request.workspace)[:SHOWN]
    ]
    return render(
        request,
        "exchange/imports.html",
        {"form": form, "imports": imports},
        status=422 if form.errors else 200,
    )


@page("exchange.import.make")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before it is confirmed: what its columns are (POST confirms). Afterwards: what became of its rows."""
    found = reads.one(request.workspace, pk)
    if request.method == "POST":
        return _confirm(request, found)
    if found.state == Import.State.RECEIVED:
        question = asking.question(found, _header(request.GET.get("header")))
        return _ask(request, found, MappingForm(None, found=found, question=question))
    return _so_far(request, found)


def _confirm(request: HttpRequest, found: Import) -> HttpResponse:
    if found.state != Import.State.RECEIVED:
        raise Conflict("It is being imported already, or was.", next_step="Its page shows how far it is.")
    question = asking.question(found, _header(request.POST.get("header")))
    form = MappingForm(request.POST, found=found, question=question)
    if not form.is_valid():
        return _ask(request, found, form, status=422)
    verbs.begin(found, by=request.member, answers=form.answers(), signature=question.signature)
    return redirect("exchange-import", workspace=request.workspace.slug, pk=found.pk)


def _ask(request: HttpRequest, found: Import, form: MappingForm, status: int = 200) -> HttpResponse:
    question = form.question
    context = {
        "import": found,
        "form": form,
        "question": question,
        "notes": found.guess.get("notes", []),
        "same": reads.same_file(found),
        "address": reverse("exchange-import", kwargs={"workspace": request.workspace.slug, "pk": found.pk}),
    }
    return render(request, "exchange/mapping.html", context, status=status)


def _so_far(request: HttpRequest, found: Import) -> HttpResponse:
    """The whole page; for its own question the part that changed, or 204 when nothing did."""
    progress = reads.progress(found)
    still = reads.stands_still(found)
    working = found.state in {Import.State.RUNNING, Import.State.UNDOING}
    seen = f"{found.state}-{progress.done}-{progress.gone}-{int(still)}"
    if request.htmx:
        if not working or still:
            return HttpResponseClientRefresh()
        if request.GET.get("seen") == seen:
            return HttpResponse(status=204)
    made = found.rows.filter(state=Row.State.DRAFT)
    context = {
        "import": found,
        "progress": progress,
        "working": working,
        "still": still,
        "seen": seen,
        "kept": made.exclude(kept_because="").order_by("number")[:SHOWN],
        "warned": made.exclude(warnings=[]).count(),
    }
    return render(request, "exchange/_progress.html" if request.htmx else "exchange/import.html", context)


@page("exchange.import.make")
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put aside what was not confirmed."""
    found = reads.one(request.workspace, pk)
    verbs.drop(found, by=request.member)
    toasts.add(request, f"“{found.name}” was put aside. Nothing was imported.")
    return redirect("exchange-import-list", workspace=request.workspace.slug)


@page("exchange.import.make")
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the whole import back."""
    verbs.undo(reads.one(request.workspace, pk), by=request.member)
    return redirect("exchange-import", workspace=request.workspace.slug, pk=pk)


@page("exchange.import.make")
@require_POST
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for its job again, where nobody seems to work on it. Two at once do no harm."""
    found = reads.one(request.workspace, pk)
    with transaction.atomic():
        intake.lives(found)
        job = {Import.State.RUNNING: jobs.run_import, Import.State.UNDOING: jobs.run_undo}.get(found.state)
        if job is not None:
            job.defer(import_id=str(found.pk))
    return redirect("exchange-import", workspace=request.workspace.slug, pk=pk)


def _header(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 8 else None


def _name(given: str | None) -> str:
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-120:].strip() or "A spreadsheet"
