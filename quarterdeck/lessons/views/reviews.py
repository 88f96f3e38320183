"""Reviews: the list, a new one, one to read, and what anybody can add."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core import clock
from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.lessons import counting, reads, things, verbs
from quarterdeck.lessons.forms import NoteForm
from quarterdeck.lessons.views.shared import address, put_into, review_page, uuid_in
from quarterdeck.shell import toasts


@page("lessons.review.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is looked back at now, what was, and the way to commitments and causes."""
    pages = Paginator(reads.closed_reviews(request.workspace), reads.PER_PAGE)
    running = reads.commitments(request.workspace)
    context = {
        "open": reads.open_reviews(request.workspace),
        "closed": pages.get_page(request.GET.get("page")),
        "running": running.count(),
        "late": reads.commitments(request.workspace, "late").count(),
        "came_back": sum(one.came_back for one in counting.returning(request.workspace, clock.now()).causes),
        "may_write": request.member.may("lessons.review.write"),
    }
    return render(request, "lessons/index.html", context)


@page("lessons.review.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What a review of this is for, with the button that opens it; without a thing, where to begin."""
    if "id" not in request.GET:
        return render(request, "lessons/new.html", {"thing": None})
    about, pk = request.GET.get("about", ""), uuid_in(request, "id")
    thing = things.reviewable(request.member, about, pk)
    if there := reads.open_review_of(request.workspace, about, pk):
        if request.method == "POST":
            toasts.add(request, f"A review of this {thing.word} is open already: here it is.")
        return redirect("lessons-review", workspace=request.workspace.slug, pk=there.pk)
    if request.method == "POST":
        review = verbs.open_review(request.member, about=about, about_id=pk)
        return redirect("lessons-review", workspace=request.workspace.slug, pk=review.pk)
    before = reads.reviews_of(request.workspace.pk, about, pk)
    return render(request, "lessons/new.html", {"thing": thing, "before": before})


@page("lessons.review.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return review_page(request, reads.review(request.workspace, pk))


@page("lessons.review.write")
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.reopen(reads.review(request.workspace, pk), by=request.member)
    toasts.add(request, "The review is open again. Nobody else reads it until you close it.")
    return redirect("lessons-review", workspace=request.workspace.slug, pk=pk)


@page("lessons.review.note")
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A line of one's own view; opened as an address (a refused form that was reloaded) it shows the review."""
    review = reads.review(request.workspace, pk)
    if request.method != "POST":
        return redirect("lessons-review", workspace=request.workspace.slug, pk=pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return review_page(request, review, note_form=form, status=422)
    try:
        said = verbs.note(review, by=request.member, **form.cleaned_data)
    except Problem as problem:
        put_into(form, problem)
        return review_page(request, review, note_form=form, status=problem.status)
    undo = address(request, "lessons-note-withdraw", pk=said.pk)
    toasts.add(request, "Your view is there.", undo_url=undo)
    return redirect(address(request, "lessons-review", pk=pk) + "#views")


@page("lessons.review.note")
@require_POST
def withdraw_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    said = reads.a_note(request.workspace, pk)
    verbs.withdraw_note(said, by=request.member)
    toasts.add(request, "Your view is taken back.")
    return redirect(address(request, "lessons-review", pk=said.review_id) + "#views")
