"""A campaign: its brief, its phases, its checklists, its mix and its posts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quarterdeck.core.problems import NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.ledger import reads as ledger
from quarterdeck.shell import offered, toasts
from quarterdeck.strategy import mix, naming, reads, sight, verbs
from quarterdeck.strategy.forms import BriefForm, CopyForm, EndForm, PhaseForm, brief_of
from quarterdeck.strategy.models import Campaign, Checklist, ChecklistLine, Phase
from quarterdeck.strategy.models.campaigns import BRIEF
from quarterdeck.strategy.views.shared import HISTORY, VIEW, act, address, given, put_into

CHANGE, TICK = "strategy.campaign.change", "strategy.checklist.tick"
SIX_WEEKS = timedelta(days=42)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a campaign with its brief; with `objective`, one that serves it."""
    who, workspace = request.member, request.workspace
    if request.method != "POST":
        return _brief_page(request, BriefForm(who=who, initial=_initial(request)))
    form = BriefForm(request.POST, who=who)
    if form.is_valid():
        try:
            brand = form.cleaned_data["brand"] or reads.brand(workspace)
            made = verbs.begin_campaign(who, brand=brand, brief=form.brief())
        except Problem as problem:
            put_into(form, problem)
        else:
            toasts.add(request, f"“{made.name}” is begun. Posts can name it now.")
            return redirect("strategy-campaign", workspace=workspace.slug, pk=made.pk)
    return _brief_page(request, form, status=422)


def _initial(request: HttpRequest) -> dict:
    today = reads.today(request.workspace)
    begun = {"begins": today, "ends": today + SIX_WEEKS, "version": 1}
    try:
        aim = reads.objective(request.workspace, UUID(request.GET.get("objective", "")))
    except (ValueError, NotFound):
        return begun | {"brand": reads.brand(request.workspace)}
    return begun | {"objective": aim, "brand": aim.brand, "ends": max(aim.ends, today)}


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The brief, written on."""
    campaign, who = reads.campaign(request.workspace, pk), request.member
    if request.method != "POST":
        form = BriefForm(who=who, campaign=campaign, initial=brief_of(campaign))
        return _brief_page(request, form, campaign)
    form = BriefForm(request.POST, who=who, campaign=campaign)
    if form.is_valid():
        version = form.cleaned_data["version"] or 1
        try:
            verbs.change_brief(campaign, by=who, version=version, brief=form.brief())
        except Problem as problem:
            put_into(form, problem)
            if problem.code == "stale-plan":
                form.data = form.data.copy()
                form.data["version"] = str(reads.campaign(request.workspace, pk).version)
        else:
            toasts.add(request, "The brief is saved.")
            return redirect("strategy-campaign", workspace=request.workspace.slug, pk=pk)
    return _brief_page(request, form, campaign, status=422)


def _brief_page(
    request: HttpRequest, form: BriefForm, campaign: Campaign | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "strategy/brief.html", {"form": form, "campaign": campaign}, status=status)


@page(VIEW)
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    campaign, who = reads.campaign(request.workspace, pk), request.member
    today, runs = reads.today(request.workspace), campaign.runs
    may_change = who.may(CHANGE)
    pillars = reads.pillars(request.workspace, campaign.brand)
    context = {
        "campaign": campaign,
        "state": _state(campaign, today),
        "answers": [(label, getattr(campaign, name)) for name, label in BRIEF.items()],
        "channels": list(campaign.channels.order_by("name")),
        "phases": reads.phases_of(campaign),
        "today": today,
        "checklists": [_ticked(one) for one in reads.checklists(campaign)],
        "mix": mix.mix(pillars, naming.posts().mix_of(campaign.pk)),
        "posts": sight.posts_of(who, campaign=campaign),
        "may_change": may_change and runs,
        "may_reopen": may_change and not runs,
        "may_tick": runs and who.may(TICK),
        "phase_form": PhaseForm(
            auto_id="phase_%s", initial={"begins": campaign.begins, "ends": campaign.ends}
        ),
        "copy_form": CopyForm(campaign=campaign, auto_id="copy_%s"),
        "end_form": EndForm(auto_id="end_%s"),
        "history": _history(campaign, who),
        "panels": offered.panels(campaign, who),
        "actions": offered.actions(campaign, who),
    }
    return render(request, "strategy/campaign.html", context)


def _state(campaign: Campaign, today) -> tuple[str, str]:
    """In a word, with its tone."""
    if not campaign.runs:
        return "ended", ""
    if campaign.begins > today:
        return "to come", ""
    return ("running", "accent") if campaign.ends >= today else ("past its last day", "amber")


def _ticked(one: Checklist) -> dict:
    lines = list(one.lines.all())
    return {"row": one, "lines": lines, "done": sum(1 for line in lines if line.done_at)}


def _history(campaign: Campaign, who) -> list:
    pairs = [
        (Campaign.ledger_name, [campaign.pk]),
        (Phase.ledger_name, list(campaign.phases.values_list("pk", flat=True))),
        (Checklist.ledger_name, list(campaign.checklists.values_list("pk", flat=True))),
    ]
    found = ledger.histories(pairs, who, workspace_id=campaign.workspace_id)
    return sorted(found, key=lambda entry: entry.when, reverse=True)[:HISTORY]


# --- acts ---------------------------------------------------------------------------------------------


def _its_page(request: HttpRequest, campaign: Campaign) -> str:
    return address(request, "strategy-campaign", pk=campaign.pk)


def _of_it(request: HttpRequest, row: Phase | Checklist) -> str:
    return address(request, "strategy-campaign", pk=row.campaign_id)


def _of_the_list(request: HttpRequest, line: ChecklistLine) -> str:
    return address(request, "strategy-campaign", pk=line.checklist.campaign_id)


@act(CHANGE, reads.campaign, _its_page)
def end(request: HttpRequest, campaign: Campaign) -> str:
    verbs.end_campaign(campaign, by=request.member, word=given(EndForm(request.POST))["word"])
    return "The campaign has ended. A review of it takes ten minutes; its page offers one."


@act(CHANGE, reads.campaign, _its_page)
def reopen(request: HttpRequest, campaign: Campaign) -> str:
    verbs.reopen_campaign(campaign, by=request.member)
    return "It goes on. Posts can name it again."


@act(CHANGE, reads.campaign, _its_page)
def add_phase(request: HttpRequest, campaign: Campaign) -> str:
    made = verbs.add_phase(campaign, by=request.member, **given(PhaseForm(request.POST)))
    return f"“{made.name}” lies over the calendar now."


@act(CHANGE, reads.phase, _of_it)
def remove_phase(request: HttpRequest, phase: Phase) -> str:
    verbs.remove_phase(phase, by=request.member)
    return f"“{phase.name}” is off the calendar."


@act(CHANGE, reads.campaign, _its_page)
def add_checklist(request: HttpRequest, campaign: Campaign) -> str:
    template = given(CopyForm(request.POST, campaign=campaign))["template"]
    verbs.add_checklist(campaign, by=request.member, template=template)
    return f"“{template.name}” is copied into the campaign."


@act(CHANGE, reads.checklist, _of_it)
def remove_checklist(request: HttpRequest, checklist: Checklist) -> str:
    verbs.remove_checklist(checklist, by=request.member)
    return f"“{checklist.name}” is taken out of the campaign."


@act(TICK, reads.checklist_line, _of_the_list)
def tick(request: HttpRequest, line: ChecklistLine) -> str:
    """Done; with `open`, not yet after all."""
    done = "open" not in request.POST
    verbs.tick(line, by=request.member, done=done)
    return f"Done: {line.words}" if done else f"Open again: {line.words}"
