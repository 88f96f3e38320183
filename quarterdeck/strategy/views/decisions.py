"""Decisions: the list, the form, one with what was expected beside what happened, and the acts on it."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import offered, toasts
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.strategy import decided
from quarterdeck.strategy.forms_decisions import DecisionForm, OutcomeForm, again
from quarterdeck.strategy.models import Decision
from quarterdeck.strategy.pace import plain
from quarterdeck.strategy.verbs.decisions import About, decide, note_outcome

HISTORY = 30


@page(decided.VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What has come back stands first; then every decision, the newest first."""
    today = clock.now().astimezone(request.workspace.zone).date()
    shown = Paginator(decided.every(request.workspace), decided.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "due": [_line(one) for one in decided.due(request.workspace, today)] if shown.number == 1 else [],
        "lines": [_line(one) for one in shown],
        "shown": shown,
        "may_make": request.member.may(decided.MAKE),
    }
    return render(request, "strategy/decisions.html", context)


def _line(one: Decision) -> dict:
    """A decision in a list: what was expected, and what came of it."""
    last = next(iter(decided.outcomes(one)), None)
    return {
        "row": one,
        "expected": decided.expectation(one),
        "outcome": last,
        "came": decided.came(one, last) if last else "",
        "superseded": getattr(one, "superseded_by", None),
    }


@page(decided.MAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a decision: about a thing (`about` and `about_id`), or in the place of another (`supersedes`)."""
    former = _former(request)
    about = _about(request, former)
    if request.method != "POST":
        return _form(request, DecisionForm(initial=again(former) if former else None), about, former)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _form(request, form, about, former, status=422)
    try:
        made = decide(request.member, **form.given(), about=about, supersedes=former)
    except Problem as refused:
        _put_into(form, refused)
        return _form(request, form, about, former, status=refused.status)
    toasts.add(request, f"Decided. It comes back to your Desk on {moment(made.due)}.")
    return redirect(_address(request, made))


def _form(
    request: HttpRequest, form: DecisionForm, about: About | None, former: Decision | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "about": about, "former": former, "lines": form.lines}
    return render(request, "strategy/decision_new.html", context, status=status)


def _put_into(form: DecisionForm | OutcomeForm, refused: Problem) -> None:
    """Beside the fields it is about; what no field is about, above them all."""
    for name, words in refused.fields.items():
        form.add_error(name if name in form.fields else None, words)
    if not refused.fields:
        form.add_error(None, f"{refused.title} {refused.next_step}".strip())


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound("There is no such thing in this workspace.") from None


def _former(request: HttpRequest) -> Decision | None:
    given = request.GET.get("supersedes", "")
    return decided.decision(request.workspace, _uuid(given)) if given else None


def _about(request: HttpRequest, former: Decision | None) -> About | None:
    if former is not None:
        return About(former.about, former.about_id, former.about_title) if former.about_id else None
    kind, given = request.GET.get("about", ""), request.GET.get("about_id", "")
    if not kind and not given:
        return None
    found = decided.about(request.member, kind, _uuid(given))
    if found is None:
        raise NotFound("There is no such thing in this workspace, or it is not yours to see.")
    return found


@page(decided.VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, decided.decision(request.workspace, pk))


def _show(
    request: HttpRequest, row: Decision, form: OutcomeForm | None = None, status: int = 200
) -> HttpResponse:
    who, today = request.member, clock.now().astimezone(request.workspace.zone).date()
    noted = [
        {
            "row": one,
            "came": decided.came(row, one),
            "number": plain(one.number) if one.number is not None else "",
        }
        for one in decided.outcomes(row)
    ]
    superseded = getattr(row, "superseded_by", None)
    context = {
        "decision": row,
        "options": [{"words": one, "chosen": n == row.choice} for n, one in enumerate(row.options)],
        "expected": decided.expectation(row),
        "number": plain(row.number) if row.expects else "",
        "has_come": row.due is not None and row.due <= today,
        "noted": noted,
        "superseded": superseded,
        "about_url": decided.about_url(who, row.about, row.about_id),
        "form": form or OutcomeForm(),
        "may_note": who.may(decided.MAKE) and row.expects and superseded is None,
        "may_supersede": who.may(decided.MAKE) and superseded is None,
        "history": _history(row, noted, who),
        "panels": offered.panels(row, who),
        "actions": offered.actions(row, who),
    }
    return render(request, "strategy/decision.html", context, status=status)


def _history(row: Decision, noted: list[dict], who: Member) -> list:
    """What is recorded of it and of what was laid beside it, the newest first."""
    every = [item for one in (row, *(n["row"] for n in noted)) for item in ledger.history(one, who)]
    return sorted(every, key=lambda item: item.when, reverse=True)[:HISTORY]


@page(decided.MAKE)
@require_POST
def outcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lay beside it what happened."""
    row, form = decided.decision(request.workspace, pk), OutcomeForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    try:
        note_outcome(row, by=request.member, **form.cleaned_data)
    except Problem as refused:
        _put_into(form, refused)
        return _show(request, row, form, status=refused.status)
    toasts.add(request, "Noted beside what was expected. Both stay.")
    return redirect(_address(request, row))


def _address(request: HttpRequest, row: Decision) -> str:
    return reverse("strategy-decision", kwargs={"workspace": request.workspace.slug, "pk": row.pk})
