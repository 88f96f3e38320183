"""What the pages of lessons share: addresses, a refusal put into a form, what other rooms offer on ours, and the page
of a review, which several acts show again when they were refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger
from quarterdeck.lessons import causes, hints, reads, things, timeline
from quarterdeck.lessons.forms import CommitForm, NoteForm, ReviewForm
from quarterdeck.lessons.models import Review
from quarterdeck.lessons.models.reviews import ANSWERS
from quarterdeck.shell import offered

HISTORY = 40


def address(request: HttpRequest, name: str, **parts: Any) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def put_into(form: Form, problem: Problem) -> None:
    """Say a refusal beside the field it is about, else at the head of the form."""
    for name, words in (problem.fields or {"": ""}).items():
        if name in form.fields:
            form.add_error(name, words)
        else:
            form.add_error(None, f"{problem.title} {words or problem.next_step}".strip())


def given(form: Form, not_done: str = "Nothing was changed.") -> dict:
    """What a small form holds; Invalid, with its fields, where it cannot be used."""
    if not form.is_valid():
        words = {name: " ".join(errors) for name, errors in form.errors.items()}
        first = next(iter(words.values()), "")
        raise Invalid("That cannot be used like this.", not_done=not_done, next_step=first, fields=words)
    return form.cleaned_data


def uuid_in(request: HttpRequest, name: str) -> UUID:
    """An id in the query; NotFound for none."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        raise NotFound("This address does not say what it is about.") from None


# --- the page of a review -----------------------------------------------------------------------------


def review_page(
    request: HttpRequest,
    review: Review,
    *,
    form: ReviewForm | None = None,
    lines: list[dict] | None = None,
    commit_form: CommitForm | None = None,
    note_form: NoteForm | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    """An open review for who leads it (to write) or for others (to add their view), or a closed one to read."""
    who = request.member
    leads = reads.may_write(review, who)
    thing = thing_of(who, review)
    shown = timeline.shown(lines_of(review, thing, leads) if lines is None else lines)
    writes = leads and review.is_open
    commitments = reads.commitments_of(review)
    context = {
        "review": review,
        "thing": thing,
        "word": things.word_of(review.about),
        "leads": leads,
        "lines": shown,
        "kept_lines": [one for one in shown if one["kept"]],
        "left_out": sum(1 for one in shown if not one["kept"]),
        "thanked": _by_moment(review),
        "form": (form or ReviewForm(review=review)) if writes else None,
        "hints": hints_for(review, {name: getattr(review, name) for name in ANSWERS}) if writes else [],
        "answers": [(label, getattr(review, name)) for name, label in ANSWERS.items()],
        "causes": causes.names(review.workspace, review.causes),
        "commitments": commitments,
        "standing": [one for one in commitments if one.state != "dropped"],
        "notes": reads.notes(review),
        "note_form": note_form or NoteForm(auto_id="note_%s"),
        "may_note": review.is_open and who.may("lessons.review.note"),
        "may_commit": review.is_open and who.may("lessons.commitment.make"),
        "may_thank": who.may("lessons.credit.give"),
        "commit_form": commit_form or CommitForm(who=who, auto_id="commit_%s"),
        "problem": problem,
        "history": ledger.history(review, who)[:HISTORY],
        "panels": offered.panels(review, who),
        "actions": offered.actions(review, who),
    }
    return render(request, "lessons/review.html", context, status=status)


def hints_for(review: Review, answers: dict[str, str]) -> list[str]:
    """Gentle words on what was written, with the names of everybody who is here."""
    return hints.hints(answers, [str(one) for one in crew.members(review.workspace)])


def lines_of(review: Review, thing: things.Thing | None, leads: bool) -> list[dict]:
    """The timeline: of a closed review as it was closed, of an open one with what has happened since. What was dropped
    and said on a line is an answer as well: before it is closed others get the bare facts."""
    if not review.is_open:
        return review.timeline
    happened = thing.kind.timeline(thing.row) if thing else []
    return timeline.merged(review.timeline, happened) if leads else timeline.begun(happened)


def thing_of(who: Member, review: Review) -> things.Thing | None:
    """What it is about; None when that is gone, or not theirs to see."""
    try:
        return things.reviewable(who, review.about, review.about_id)
    except NotFound:
        return None


def _by_moment(review: Review) -> dict[str, list]:
    """Who helped at a moment of the timeline and said so, by the moment's event."""
    found: dict[str, list] = {}
    for one in reads.confirmed(review.workspace_id, review.ledger_name, review.pk):
        if one.moment:
            found.setdefault(str(one.moment), []).append(one)
    return found
