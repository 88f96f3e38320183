"""Fair plans for the members of the workspace: how they are made, one with all it is laid beside, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.consent import verbs
from quarterdeck.consent.fair import points, reads, words
from quarterdeck.consent.plan_forms import AsideForm, PlanForm, PointsForm, WeightForm
from quarterdeck.consent.reads import PER_PAGE, rounds_about
from quarterdeck.consent.views.shared import HISTORY, address, decision_page, put_into
from quarterdeck.core.problems import Problem
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import toasts
from quarterdeck.stakeholders.rows import today

VIEW, ASK, ADOPT, SET = "consent.plan.view", "consent.plan.ask", "consent.plan.adopt", "consent.points.set"


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The plans, and what they are made by: the table of points and the weights, open to everybody."""
    return _index(request)


def _index(request: HttpRequest, *, problem: Problem | None = None, **forms) -> HttpResponse:
    workspace, who = request.workspace, request.member
    table = points.table_of(workspace)
    context = {
        "pages": Paginator(reads.plans(workspace), PER_PAGE).get_page(request.GET.get("page")),
        "table": table,
        "rows": points.shown(table),
        "tables": points.tables(workspace),
        "weights": reads.weights(workspace),
        "may_ask": who.may(ASK),
        "may_set": who.may(SET),
        "plan_form": PlanForm(initial={"day": today(workspace)}, auto_id="plan_%s"),
        "points_form": PointsForm(initial=_of(table), auto_id="points_%s"),
        "weight_form": WeightForm(workspace=workspace, auto_id="weight_%s"),
        "problem": problem,
        "refused": next(iter(forms), ""),
    }
    status = problem.status if problem else 422 if forms else 200
    return render(request, "consent/plans.html", context | forms, status=status)


def _of(table) -> dict:
    return {name: getattr(table, name) for name in ("must", "good", "free", "weekly_loss", "musts")}


@page(ASK)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST, auto_id="plan_%s")
    made, answer = _done(
        request, "plan_form", form, lambda: verbs.ask_plan(request.member, **form.cleaned_data)
    )
    if made is None:
        return answer
    toasts.add(request, "The plan is being worked out. It takes less than a minute.")
    return redirect(address(request, "consent-plan", pk=made.pk))


@page(SET)
@require_POST
def set_points(request: HttpRequest) -> HttpResponse:
    form = PointsForm(request.POST, auto_id="points_%s")
    made, answer = _done(
        request, "points_form", form, lambda: verbs.set_points(request.member, **form.cleaned_data)
    )
    if made is None:
        return answer
    toasts.add(request, "The table is published. Plans asked for from now on use it.")
    return redirect(address(request, "consent-plans"))


@page(SET)
@require_POST
def set_weight(request: HttpRequest) -> HttpResponse:
    form = WeightForm(request.POST, workspace=request.workspace, auto_id="weight_%s")
    made, answer = _done(
        request, "weight_form", form, lambda: verbs.set_weight(by=request.member, **form.cleaned_data)
    )
    if made is None:
        return answer
    toasts.add(request, "The weight is set. Every department reads it with its reason.")
    return redirect(address(request, "consent-plans"))


def _done(request: HttpRequest, name: str, form, act: Callable) -> tuple:
    """What a verb made of a form, or None and the page with what was refused."""
    problem = None
    if form.is_valid():
        try:
            return act(), None
        except Problem as refused:
            if refused.fields:
                put_into(form, refused)
            else:
                problem = refused
    return None, _index(request, problem=problem, **{name: form})


# --- one plan -------------------------------------------------------------------------------------------


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _shown(request, pk)


def _shown(
    request: HttpRequest, pk: UUID, *, problem: Problem | None = None, form: AsideForm | None = None
) -> HttpResponse:
    plan, who = reads.plan(request.workspace, pk), request.member
    context = {
        "plan": plan,
        "told": words.tell(plan),
        "decision": decision_page(request, plan.decision),
        "rounds": rounds_about(request.workspace.pk, plan.ledger_name, plan.pk),
        "may_adopt": who.may(ADOPT) and plan.is_proposed,
        "may_round": who.may("consent.round.open") and plan.is_proposed,
        "may_aside": who.may(ADOPT) and plan.state not in {"adopted", "aside"},
        "may_ask": who.may(ASK),
        "form": form or AsideForm(),
        "problem": problem,
        "history": ledger.history(plan, who)[:HISTORY],
    }
    status = problem.status if problem else 422 if form else 200
    return render(request, "consent/plan.html", context, status=status)


@page(ADOPT)
@require_POST
def adopt(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        plan = verbs.adopt_plan(reads.plan(request.workspace, pk), by=request.member)
    except Problem as problem:
        return _shown(request, pk, problem=problem)
    toasts.add(request, f"{plan} is adopted. Whoever asked reads when their turn is.")
    return redirect(address(request, "consent-plan", pk=pk))


@page(ADOPT)
@require_POST
def put_aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = AsideForm(request.POST)
    if not form.is_valid():
        return _shown(request, pk, form=form)
    try:
        verbs.put_plan_aside(reads.plan(request.workspace, pk), by=request.member, **form.cleaned_data)
    except Problem as problem:
        return _shown(request, pk, problem=problem)
    toasts.add(request, "The plan is put aside, with your reason.")
    return redirect(address(request, "consent-plans"))
