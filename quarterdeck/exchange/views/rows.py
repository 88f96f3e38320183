"""The rows of an import: what they became, and those that wait to be fixed."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Invalid
from quarterdeck.crew.access import page
from quarterdeck.exchange import importing, intake, reads
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.forms import RowForm
from quarterdeck.exchange.models import Import, Row
from quarterdeck.publishing.models import Post
from quarterdeck.shell import toasts

PER_PAGE = 20


@page("exchange.import.make")
@require_safe
def fixing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each row that is no draft, with the reasons and its cells to correct."""
    return _fixing(request, reads.one(request.workspace, pk))


def _fixing(request: HttpRequest, found: Import, status: int = 200) -> HttpResponse:
    waiting = Paginator(found.rows.filter(state=Row.State.FIX).order_by("number"), PER_PAGE)
    shown = waiting.get_page(request.GET.get("page"))
    answers = Answers.of(found.answers) if found.answers else None
    forms = [RowForm(None, row=row, answers=answers) for row in shown] if answers else []
    left = found.rows.filter(state=Row.State.LEFT).exclude(reasons=[]).order_by("number")
    context = {
        "import": found,
        "page": shown,
        "forms": forms,
        "left": left[:PER_PAGE],
        "left_count": left.count(),
        "may_fix": found.state == Import.State.DONE,
    }
    return render(request, "exchange/fixing.html", context, status=status)


@page("exchange.import.make")
@require_safe
def drafts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the rows became: all, or those with a word about them."""
    found = reads.one(request.workspace, pk)
    made = found.rows.filter(state=Row.State.DRAFT)
    if request.GET.get("with") == "words":
        made = made.exclude(warnings=[])
    shown = Paginator(made.order_by("number"), 50).get_page(request.GET.get("page"))
    posts = Post.objects.in_bulk([row.post for row in shown])
    lines = [{"row": row, "post": posts[row.post]} for row in shown if row.post in posts]
    context = {"import": found, "page": shown, "lines": lines, "words": request.GET.get("with") == "words"}
    return render(request, "exchange/drafts.html", context)


@page("exchange.import.make")
@require_POST
def mend(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Try a row again with other cells."""
    row = reads.row(request.workspace, pk, number)
    if not row.of.answers:
        raise Invalid(
            "It is not said yet what the columns of this file are.",
            not_done="No row was changed.",
            next_step="Confirm the columns first.",
        )
    form = RowForm(request.POST, row=row, answers=Answers.of(row.of.answers))
    if not form.is_valid():
        raise Invalid("The row could not be read as it was sent.", next_step="Reload the page and try again.")
    anyway = request.POST.get("wish") == "anyway"
    row = importing.mend(row, by=request.member, cells=form.cells(), said=form.said(anyway))
    if row.state == Row.State.DRAFT:
        toasts.add(request, f"Row {number} is a draft now.")
    elif row.state == Row.State.FIX:
        words = row.reasons[0]["words"]
        toasts.add(request, f"Row {number} still cannot be a draft. {words}", tone="coral")
    return _back(request, pk, number if row.state == Row.State.FIX else None)


@page("exchange.import.make")
@require_POST
def leave(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Leave a row out."""
    row = reads.row(request.workspace, pk, number)
    intake.leave_out(row)
    undo = {"workspace": request.workspace.slug, "pk": pk, "number": number}
    toasts.add(request, f"Row {number} was left out.", reverse("exchange-import-row-return", kwargs=undo))
    return _back(request, pk)


@page("exchange.import.make")
@require_POST
def return_(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Take a row that was left out back among those to fix."""
    intake.take_in(reads.row(request.workspace, pk, number))
    toasts.add(request, f"Row {number} waits to be fixed again.")
    return _back(request, pk, number)


def _back(request: HttpRequest, pk: UUID, number: int | None = None) -> HttpResponse:
    address = reverse("exchange-import-fixing", kwargs={"workspace": request.workspace.slug, "pk": pk})
    at = request.POST.get("page", "")
    query = f"?page={at}" if at.isdecimal() and len(at) < 6 else ""
    return redirect(f"{address}{query}{f'#row-{number}' if number else ''}")
