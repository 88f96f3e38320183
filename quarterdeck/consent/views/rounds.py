"""Consent rounds for the members of the workspace: the list, a new one, one of them, and its end."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.consent import proposals, reads, silence, verbs
from quarterdeck.consent.forms import AdoptForm, RoundForm, WithdrawForm
from quarterdeck.consent.models import Round
from quarterdeck.consent.models.rounds import CHANGE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from quarterdeck.consent.views.shared import HISTORY, about_in, address, decision_page, put_into
from quarterdeck.core import clock
from quarterdeck.core.problems import Problem
from quarterdeck.crew import links
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import toasts

VIEW, OPEN = "consent.round.view", "consent.round.open"


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    pages = Paginator(reads.rounds(request.workspace), reads.PER_PAGE)
    context = {"pages": pages.get_page(request.GET.get("page")), "may_open": request.member.may(OPEN)}
    return render(request, "consent/rounds.html", context)


@page(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A proposal to named stakeholders; from a conflict it begins with one of its ways."""
    about, about_id = about_in(request)
    found = proposals.find(request.workspace, about, about_id)
    begun = found[0].begins(found[1], request.GET.get("way", "")[:4000]) if found else None
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, workspace=request.workspace, initial=_initial(request, begun))
    if form.is_bound and form.is_valid():
        subject = {"about": about, "about_id": about_id} if found else {}
        try:
            made = verbs.open_round(request.member, **subject, **form.cleaned_data)
        except Problem as problem:
            put_into(form, problem)
        else:
            asked = made.voices.count()
            whom = "One person is" if asked == 1 else f"{asked} people are"
            toasts.add(request, f"The round is open. {whom} asked.")
            return redirect(address(request, "consent-round", pk=made.pk))
    context = {"form": form, "subject": begun.subject if begun else None}
    return render(request, "consent/new.html", context, status=422 if form.is_bound else 200)


def _initial(request: HttpRequest, begun: proposals.Begun | None) -> dict:
    """What the form begins with; those whose departments it concerns are ticked."""
    if begun is None:
        return {}
    here = {one.pk for one in begun.departments}
    asked = [one for one in reads.can_be_heard(request.workspace) if one.department_id in here]
    return {
        "title": begun.title[:TITLE_LENGTH],
        "proposal": begun.proposal[:TEXT_LENGTH],
        "changes": begun.changes[:CHANGE_LENGTH],
        "stakeholders": [str(one.pk) for one in asked],
    }


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _shown(request, reads.round_(request.workspace, pk))


def _shown(
    request: HttpRequest,
    round_: Round,
    *,
    adopt_form: AdoptForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    who, voices = request.member, reads.voices(round_)
    may_settle = round_.is_open and silence.may_settle(round_, who)
    objections = [one for one in voices if one.is_against]
    adopt_form = adopt_form or AdoptForm(initial={"outcome": round_.proposal}, auto_id="adopt_%s")
    adopt_form.fields["answer"].required = bool(objections)
    runs = round_.runs(clock.now())
    context = {
        "round": round_,
        "runs": runs,
        "voices": voices,
        "may_names": who.may("stakeholders.map.view"),
        "objections": objections,
        "silent": [one for one in voices if one.is_silent],
        "unreached": silence.never_reached(voices) if round_.is_open else [],
        "subject": proposals.subject(request.workspace, round_.about, round_.about_id),
        "decision": decision_page(request, round_.decision),
        "may_settle": may_settle,
        "settled_by": "A lead" if silence.is_settled_by_leads(round_) else round_.opened_by,
        "may_adopt": may_settle and (not runs or not any(one.is_silent for one in voices)),
        "adopt_form": adopt_form,
        "withdraw_form": withdraw_form or WithdrawForm(auto_id="withdraw_%s"),
        "urls": {one.pk: links.link_url(one.token) for one in voices} if may_settle else {},
        "only_here": links.only_here(),
        "problem": problem,
        "history": ledger.history(round_, who)[:HISTORY],
    }
    refused = adopt_form.is_bound or withdraw_form is not None
    status = problem.status if problem else 422 if refused else 200
    return render(request, "consent/round.html", context, status=status)


@page(OPEN)
@require_POST
def adopt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adopt it, as proposed or as it was changed in the form."""
    form = AdoptForm(request.POST, auto_id="adopt_%s")
    return _ended(request, pk, form, verbs.adopt, "adopt_form")


@page(OPEN)
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    return _ended(request, pk, form, verbs.withdraw, "withdraw_form")


def _ended(request: HttpRequest, pk: UUID, form, verb, name: str) -> HttpResponse:
    round_, problem = reads.round_(request.workspace, pk), None
    if form.is_valid():
        try:
            ended = verb(round_, by=request.member, **form.cleaned_data)
        except Problem as refused:
            if refused.fields:
                put_into(form, refused)
            else:
                problem = refused
        else:
            toasts.add(request, f"The round is {ended.get_state_display()}. Everybody who was asked is told.")
            return redirect(address(request, "consent-round", pk=pk))
    return _shown(request, reads.round_(request.workspace, pk), problem=problem, **{name: form})
