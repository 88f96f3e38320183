"""Writing a review, for who leads it: kept, hinted at, promised from, closed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core.problems import Conflict, Forbidden, Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.lessons import reads, verbs
from quarterdeck.lessons.forms import CommitForm, ReviewForm, lines_given
from quarterdeck.lessons.models import Review
from quarterdeck.lessons.models.reviews import ANSWER_LENGTH, ANSWERS
from quarterdeck.lessons.rows import Stale
from quarterdeck.lessons.views.shared import (
    address,
    hints_for,
    lines_of,
    put_into,
    review_page,
    thing_of,
)
from quarterdeck.shell import toasts


@page("lessons.review.write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is written so far."""
    return _written(request, pk, verbs.write, "Kept. Nobody else reads it before you close the review.")


@page("lessons.review.write")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep it and let everybody read it."""
    return _written(request, pk, verbs.close, "The review is closed. Everybody here can read it now.")


def _written(request: HttpRequest, pk: UUID, verb, said: str) -> HttpResponse:
    review = reads.review(request.workspace, pk)
    if request.method != "POST":
        return redirect("lessons-review", workspace=request.workspace.slug, pk=pk)
    if not reads.may_write(review, request.member):
        raise Forbidden("Who leads a review writes it.", next_step="Add a line of your own view to it.")
    form = ReviewForm(request.POST, review=review)
    try:
        if not form.is_valid():
            return _again(request, review, form, status=422)
        verb(review, by=request.member, version=form.cleaned_data["version"], written=form.written())
    except Stale as stale:
        data = request.POST.copy()
        data["version"] = str(reads.review(request.workspace, pk).version)
        return _again(request, review, ReviewForm(data, review=review), problem=stale, status=409)
    except Invalid as refused:
        put_into(form, refused)
        return _again(request, review, form, status=422)
    except Conflict as refused:
        return _again(request, review, form, problem=refused, status=409)
    toasts.add(request, said)
    return redirect("lessons-review", workspace=request.workspace.slug, pk=pk)


def _again(request: HttpRequest, review: Review, form: ReviewForm, **more) -> HttpResponse:
    """The page once more, with every line of the timeline as it was chosen, also one that no save has kept yet."""
    lines, choices = [], lines_given(request.POST)
    for one in lines_of(review, thing_of(request.member, review), leads=True):
        choice = choices.get(one["key"])
        lines.append(one | {"kept": choice.kept, "note": choice.note} if choice else one)
    return review_page(request, review, form=form, lines=lines, **more)


@page("lessons.review.write")
@require_POST
def hinted(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gentle words on what stands in the fields now; nothing is kept and nothing is refused."""
    review = reads.review(request.workspace, pk)
    answers = {name: request.POST.get(name, "")[:ANSWER_LENGTH] for name in ANSWERS}
    return render(request, "lessons/_hints.html", {"hints": hints_for(review, answers)})


@page("lessons.commitment.make")
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A commitment of an open review; opened as an address it shows the review."""
    review = reads.review(request.workspace, pk)
    if request.method != "POST":
        return redirect("lessons-review", workspace=request.workspace.slug, pk=pk)
    form = CommitForm(request.POST, who=request.member, auto_id="commit_%s")
    if not form.is_valid():
        return review_page(request, review, commit_form=form, status=422)
    try:
        made = verbs.commit(review, by=request.member, **form.cleaned_data)
    except Problem as problem:
        put_into(form, problem)
        return review_page(request, review, commit_form=form, status=422)
    if made.offered_to:
        toasts.add(request, f"{made.offered_to} is asked. It is nobody’s until they say yes.")
    return redirect(address(request, "lessons-review", pk=pk) + "#commitments")
