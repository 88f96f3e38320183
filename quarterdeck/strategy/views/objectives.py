"""The tree of what runs, and one objective with its key results and its read-out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Brand
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import offered, toasts
from quarterdeck.strategy import reads, sight, verbs
from quarterdeck.strategy.forms import (
    CheckInForm,
    KeyResultForm,
    MoveForm,
    ObjectiveForm,
    ObjectiveWordsForm,
    ReadOutForm,
    ReasonForm,
    TargetForm,
)
from quarterdeck.strategy.models import KeyResult, Objective
from quarterdeck.strategy.views.shared import HISTORY, VIEW, act, address, given, put_into

CHANGE, NOTE = "strategy.objective.change", "strategy.value.note"
A_QUARTER = timedelta(days=90)
RECENT = 20  # of those that were read out, and of campaigns that ended


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """From objective to post and back, of one brand or of all."""
    brands = list(request.workspace.brands.order_by("created_at"))
    brand = next((one for one in brands if str(one.pk) == request.GET.get("brand")), None)
    seen = sight.sight(request.member, brand)
    done, ended = reads.read_out(request.workspace), reads.ended_campaigns(request.workspace)
    if brand is not None:
        done, ended = done.filter(brand=brand), ended.filter(brand=brand)
    done, ended = list(done[:RECENT]), list(ended[:RECENT])
    context = {
        "sight": seen,
        "brands": brands if len(brands) > 1 else [],
        "brand": brand,
        "read_out": done,
        "ended": ended,
        "nothing": not (seen.roots or seen.loose or done or ended),
        "may_change": request.member.may(CHANGE),
        "may_campaign": request.member.may("strategy.campaign.change"),
    }
    return render(request, "strategy/index.html", context)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set an objective; with `after`, the one that follows on another."""
    who, workspace = request.member, request.workspace
    if request.method != "POST":
        form = ObjectiveForm(who=who, initial=_initial(request))
        return render(request, "strategy/objective_new.html", {"form": form})
    form = ObjectiveForm(request.POST, who=who)
    if form.is_valid():
        wish = dict(form.cleaned_data)
        brand: Brand = wish.pop("brand") or reads.brand(workspace)
        try:
            made = verbs.set_objective(who, brand=brand, **wish)
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, "The objective is set. By which number would you see it?")
            return redirect("strategy-objective", workspace=workspace.slug, pk=made.pk)
    return render(request, "strategy/objective_new.html", {"form": form}, status=422)


def _initial(request: HttpRequest) -> dict:
    """The next three months; after another objective its words, and as many days."""
    today = reads.today(request.workspace)
    try:
        before = reads.objective(request.workspace, UUID(request.GET.get("after", "")))
    except (ValueError, NotFound):
        return {"begins": today, "ends": today + A_QUARTER, "brand": reads.brand(request.workspace)}
    parent = before.parent if before.parent and before.parent.runs else None
    return {
        "title": before.title,
        "why": before.why,
        "brand": before.brand,
        "parent": parent,
        "begins": today,
        "ends": today + (before.ends - before.begins),
    }


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return objective_page(request, reads.objective(request.workspace, pk))


def objective_page(
    request: HttpRequest, objective: Objective, *, status: int = 200, **more: object
) -> HttpResponse:
    """The page of an objective; `more` replaces parts of its context (a form that was refused)."""
    who, today = request.member, reads.today(request.workspace)
    runs = objective.runs
    ended = runs and objective.ends < today
    may_change = who.may(CHANGE) and runs
    measured = reads.key_results(objective)
    context = {
        "objective": objective,
        "measured": [_shown(one, today) for one in measured],
        "runs": runs,
        "ended": ended,
        "days_left": (objective.ends - today).days,
        "since_end": (today - objective.ends).days,
        "begun": objective.begins <= today,
        "children": list(objective.children.order_by("ends")[: reads.MOST]),
        "campaigns": reads.campaigns_of(objective),
        "posts": sight.posts_of(who, objective=objective),
        "may_change": may_change,
        "may_set": who.may(CHANGE),
        "may_note": runs and who.may(NOTE),
        "may_campaign": runs and who.may("strategy.campaign.change"),
        "today": today,
        "read_out_form": ReadOutForm(auto_id="read_out_%s"),
        "words_form": ObjectiveWordsForm(objective=objective, auto_id="words_%s") if may_change else None,
        "move_form": MoveForm(auto_id="move_%s"),
        "key_result_form": KeyResultForm(
            auto_id="new_%s", initial={"begins": objective.begins, "ends": objective.ends}
        ),
        "history": _history(objective, [one.row for one in measured], who),
        "panels": offered.panels(objective, who),
        "actions": offered.actions(objective, who),
    }
    return render(request, "strategy/objective.html", context | more, status=status)


def _shown(one: reads.Measured, today) -> dict:
    """A key result with its values and its small forms, whose ids are its own."""
    key = one.row.pk.hex[-12:]
    return {
        "one": one,
        "values": reads.check_ins(one.row),
        "may_be_measured": one.row.dropped_at is None and one.row.begins <= today,
        "check_in_form": CheckInForm(auto_id=f"value_{key}_%s", initial={"as_of": today}),
        "target_form": TargetForm(auto_id=f"target_{key}_%s"),
        "drop_form": ReasonForm(auto_id=f"drop_{key}_%s"),
    }


def _history(objective: Objective, rows: list[KeyResult], who) -> list:
    pairs = [(Objective.ledger_name, [objective.pk]), (KeyResult.ledger_name, [row.pk for row in rows])]
    found = ledger.histories(pairs, who, workspace_id=objective.workspace_id)
    return sorted(found, key=lambda entry: entry.when, reverse=True)[:HISTORY]


# --- acts ---------------------------------------------------------------------------------------------


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its title, its reason and what it serves."""
    objective = reads.objective(request.workspace, pk)
    if request.method != "POST":
        return redirect("strategy-objective", workspace=request.workspace.slug, pk=pk)
    form = ObjectiveWordsForm(request.POST, objective=objective, auto_id="words_%s")
    if form.is_valid():
        try:
            verbs.change_objective(objective, by=request.member, **form.cleaned_data)
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, "Saved.")
            return redirect("strategy-objective", workspace=request.workspace.slug, pk=pk)
    return objective_page(request, objective, status=422, words_form=form)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_key_result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """By which number one would see it."""
    objective = reads.objective(request.workspace, pk)
    if request.method != "POST":
        return redirect("strategy-objective", workspace=request.workspace.slug, pk=pk)
    form = KeyResultForm(request.POST, auto_id="new_%s")
    if form.is_valid():
        try:
            verbs.add_key_result(objective, by=request.member, **form.cleaned_data)
        except Invalid as problem:
            put_into(form, problem)
        else:
            toasts.add(request, "The key result is set.")
            return redirect("strategy-objective", workspace=request.workspace.slug, pk=pk)
    return objective_page(request, objective, status=422, key_result_form=form)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def read_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What follows from it, and why. Opened as an address, it leads to the objective."""
    objective = reads.objective(request.workspace, pk)
    if request.method != "POST":
        return redirect("strategy-objective", workspace=request.workspace.slug, pk=pk)
    form = ReadOutForm(request.POST, auto_id="read_out_%s")
    if form.is_valid():
        verbs.read_out(objective, by=request.member, **form.cleaned_data)
        toasts.add(request, "Read out. It stands as you said it, with the values of today.")
        return redirect("strategy-objective", workspace=request.workspace.slug, pk=pk)
    return objective_page(request, objective, status=422, read_out_form=form)


def _its_page(request: HttpRequest, objective: Objective) -> str:
    return address(request, "strategy-objective", pk=objective.pk)


def _objective_of(request: HttpRequest, row) -> str:
    key_result = row if isinstance(row, KeyResult) else row.key_result
    return address(request, "strategy-objective", pk=key_result.objective_id)


@act(CHANGE, reads.objective, _its_page)
def move(request: HttpRequest, objective: Objective) -> str:
    form = given(MoveForm(request.POST), not_done="Its last day is as it was.")
    moved = verbs.move_end(objective, by=request.member, **form)
    return f"It ends on {moved.ends:%-d %B %Y} now. The day it was made for stays beside it."


@act(NOTE, reads.key_result, _objective_of)
def check_in(request: HttpRequest, key_result: KeyResult) -> str:
    verbs.check_in(key_result, by=request.member, **given(CheckInForm(request.POST), "No value was noted."))
    return "Noted."


@act(NOTE, reads.check_in, _objective_of)
def withdraw(request: HttpRequest, noted) -> str:
    verbs.withdraw_check_in(noted, by=request.member)
    return "Taken back. It stays readable as that; the value before counts again."


@act(CHANGE, reads.key_result, _objective_of)
def retarget(request: HttpRequest, key_result: KeyResult) -> str:
    form = given(TargetForm(request.POST), "The target is as it was.")
    verbs.retarget(key_result, by=request.member, **form)
    return "The target is changed. The one it was made for stays beside it."


@act(CHANGE, reads.key_result, _objective_of)
def drop(request: HttpRequest, key_result: KeyResult) -> str:
    verbs.drop_key_result(key_result, by=request.member, reason=given(ReasonForm(request.POST))["reason"])
    return "It is not measured any more. What was noted stays readable."
