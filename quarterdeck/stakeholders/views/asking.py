"""What a department opens by its link, on a phone and in a hurry: first what is usual, then the form. Opening it
changes nothing; a visible button sends."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render

from quarterdeck.core.problems import Conflict, Invalid, Problem
from quarterdeck.crew import links
from quarterdeck.crew.models import SignedLink
from quarterdeck.shell import offered
from quarterdeck.stakeholders import hours, mail, reads, usual, verbs
from quarterdeck.stakeholders.forms import RequestForm, into
from quarterdeck.stakeholders.models import Department
from quarterdeck.stakeholders.models.requests import Kind
from quarterdeck.stakeholders.verbs.asking import AlreadySent
from quarterdeck.stakeholders.wishes import LooksLike

WEEKS_SHOWN = 4


def opened(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page behind a link of purpose “stakeholders.department”."""
    department = reads.department_of(link)
    if request.method in {"GET", "HEAD"}:
        kind = request.GET.get("kind", "")
        if kind not in Kind.values:
            return _kinds(request, link, department)
        return _page(request, link, department, kind)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise Invalid(
            "The form was not complete.", not_done="Nothing was sent.", next_step="Open the link again."
        )
    weeks = usual.room(department.workspace)
    form = RequestForm(request.POST, workspace=department.workspace, weeks=weeks)
    if not form.is_valid():
        return _page(request, link, department, kind, form=form, weeks=weeks, status=422)
    return _ask(request, link, department, form, weeks)


def _ask(
    request: HttpRequest, link: SignedLink, department: Department, form: RequestForm, weeks: list[usual.Week]
) -> HttpResponse:
    kind, anyway = form.cleaned_data["kind"], request.POST.get("anyway") == "yes"
    try:
        asked = verbs.ask_by_link(department, door=link, wish=form.wish(), anyway=anyway)
    except AlreadySent as twice:
        asked = twice.request
    except Invalid as problem:
        into(form, problem)
        return _page(request, link, department, kind, form=form, weeks=weeks, status=problem.status)
    except Conflict as problem:
        status = problem.status
        return _page(request, link, department, kind, form=form, weeks=weeks, problem=problem, status=status)
    return HttpResponseRedirect(f"{links.path(asked.token)}?said=asked")


def _kinds(request: HttpRequest, link: SignedLink, department: Department) -> HttpResponse:
    context = {"department": department, "kinds": Kind.choices, "by_mail": mail.address(department)}
    context["panels"] = offered.by_link(department, link)
    return render(request, "stakeholders/ask_kind.html", context)


def _page(
    request: HttpRequest,
    link: SignedLink,
    department: Department,
    kind: str,
    *,
    form: RequestForm | None = None,
    weeks: list[usual.Week] | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    workspace = department.workspace
    weeks = usual.room(workspace) if weeks is None else weeks
    context = {
        "link": link,
        "department": department,
        "kind": Kind(kind),
        "form": form or RequestForm(workspace=workspace, weeks=weeks, kind=kind),
        "problem": problem,
        "looks_like": isinstance(problem, LooksLike),
        "turnaround": usual.turnaround(workspace, kind),
        "due": hours.due(workspace, kind),
        "reach": usual.reach(workspace, kind),
        "weeks": weeks[:WEEKS_SHOWN],
        "keeps_slots": any(one.slots is not None for one in weeks),
    }
    return render(request, "stakeholders/ask.html", context, status=status)
