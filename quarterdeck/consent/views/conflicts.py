"""Conflicts: the next one with its ways out, one by its address, what became of all of them, and the rules."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.consent import looking, matters, options, reads, verbs, world
from quarterdeck.consent.forms import AgainstForm, KeepForm, RulesForm
from quarterdeck.consent.models import Against, Conflict
from quarterdeck.consent.views.shared import HISTORY, address, decision_page, put_into
from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import toasts

VIEW, SETTLE, KEEP, RULES = (
    "consent.conflict.view",
    "consent.conflict.settle",
    "consent.conflict.keep",
    "consent.rules.change",
)

LONGEST_WAY = 4000  # characters: a way that moves eighty posts


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The next conflict with its ways out, the others behind it, and what became of all of them by month."""
    found = matters.read(request.workspace, reads.open_conflicts(request.workspace))
    context = {
        "rest": found[1:],
        "months": reads.months(request.workspace),
        "states": Conflict.State.labels,
        "room_is_asked": world.room_is_known(request.workspace),
        "may_rules": request.member.may(RULES),
    }
    return _shown(request, found[0] if found else None, "consent/conflicts.html", context)


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One conflict, open or ended."""
    matter = matters.one(reads.conflict(request.workspace, pk))
    return _shown(request, matter, "consent/conflict.html", {})


def _shown(
    request: HttpRequest,
    matter: matters.Matter | None,
    template: str,
    more: dict,
    *,
    keep_form: KeepForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    who = request.member
    context = more | {"matter": matter, "problem": problem}
    if matter is not None:
        row = matter.conflict
        context |= {
            "ways": options.of(matter) if row.is_open else [],
            "decision": decision_page(request, row.decision),
            "may_settle": who.may(SETTLE),
            "may_keep": who.may(KEEP),
            "may_open": who.may("consent.round.open"),
            "keep_form": keep_form or KeepForm(),
            "rounds": reads.rounds_about(row.workspace_id, row.ledger_name, row.pk),
            "history": ledger.history(row, who)[:HISTORY],
        }
    status = problem.status if problem else 422 if keep_form else 200
    return render(request, template, context, status=status)


@page(SETTLE)
@require_POST
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Do the way that was chosen."""
    conflict = reads.conflict(request.workspace, pk)
    try:
        verbs.settle(conflict, by=request.member, option=request.POST.get("way", "")[:LONGEST_WAY])
    except Problem as problem:
        matter = matters.one(reads.conflict(request.workspace, pk))
        return _shown(request, matter, "consent/conflict.html", {}, problem=problem)
    looking.look(request.workspace)
    toasts.add(request, "Settled. The plan is changed as you chose.")
    return redirect(address(request, "consent-conflicts"))


@page(KEEP)
@require_POST
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A lead keeps it as it is, with a reason."""
    conflict, form = reads.conflict(request.workspace, pk), KeepForm(request.POST)
    problem = None
    if form.is_valid():
        try:
            verbs.keep(conflict, by=request.member, **form.cleaned_data)
        except Invalid as refused:
            put_into(form, refused)
        except Problem as refused:
            problem = refused
        else:
            toasts.add(request, "Kept as it is. Your reason is recorded as a decision.")
            return redirect(address(request, "consent-conflicts"))
    matter = matters.one(reads.conflict(request.workspace, pk))
    return _shown(request, matter, "consent/conflict.html", {}, keep_form=form, problem=problem)


@page(VIEW)
@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """What became of those that are not open, the latest first."""
    pages = Paginator(reads.ended_conflicts(request.workspace), reads.PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    found = matters.read(request.workspace, list(shown))
    return render(request, "consent/ended.html", {"matters": found, "pages": shown})


# --- the rules --------------------------------------------------------------------------------------------


@page(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """What counts as a conflict; POST changes it."""
    own = world.rules_of(request.workspace)
    data = request.POST if request.method == "POST" else None
    form = RulesForm(data, workspace=request.workspace, own=own)
    if form.is_bound and form.is_valid():
        try:
            verbs.change_rules(request.member, **form.cleaned_data)
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, "Kept. The plan is looked at by these rules from now on.")
            return redirect(address(request, "consent-rules"))
    return _rules(request, form, AgainstForm(workspace=request.workspace, auto_id="against_%s"))


@page(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def set_against(request: HttpRequest) -> HttpResponse:
    """Set two labels against each other. Opened as an address, it leads to the rules."""
    if request.method != "POST":
        return redirect(address(request, "consent-rules"))
    form = AgainstForm(request.POST, workspace=request.workspace, auto_id="against_%s")
    if form.is_valid():
        try:
            made = verbs.set_against(request.member, **form.cleaned_data)
        except Problem as problem:
            put_into(form, problem)
        else:
            undo = address(request, "consent-against-end", pk=made.pk)
            words = f"“{made.one}” and “{made.other}” are set against each other."
            toasts.add(request, words, undo_url=undo)
            return redirect(address(request, "consent-rules"))
    own = world.rules_of(request.workspace)
    return _rules(request, RulesForm(workspace=request.workspace, own=own), form)


@page(RULES)
@require_POST
def end_against(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = Against.objects.filter(workspace=request.workspace, pk=pk).select_related("one", "other").first()
    if found is None:
        raise NotFound("There is no such rule in this workspace.")
    verbs.end_against(found, by=request.member)
    toasts.add(request, f"“{found.one}” and “{found.other}” may stand side by side.")
    return redirect(address(request, "consent-rules"))


def _rules(request: HttpRequest, form: RulesForm, against_form: AgainstForm) -> HttpResponse:
    context = {
        "form": form,
        "against_form": against_form,
        "pairs": world.against(request.workspace),
        "near": world.read_near(request.workspace),
        "room_is_asked": world.room_is_known(request.workspace),
    }
    status = 422 if form.errors or against_form.errors else 200
    return render(request, "consent/rules.html", context, status=status)
