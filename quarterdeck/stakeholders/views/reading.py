"""What departments read without an account: their windows, and the weekly mail with a preview for the lead."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew import links, mail
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Workspace
from quarterdeck.shell import toasts
from quarterdeck.stakeholders import digesting, rows
from quarterdeck.stakeholders.forms_consults import DigestForm, ZoneForm
from quarterdeck.stakeholders.models import Department, Digest, DigestPlan, Reader, Stakeholder, Window
from quarterdeck.stakeholders.verbs import digests
from quarterdeck.stakeholders.views.shared import given

SET = "stakeholders.digest.set"


@page(SET)
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest) -> HttpResponse:
    """Each department with its windows and those who get the weekly mail; POST says whether and when it is sent."""
    workspace = request.workspace
    plan = DigestPlan.objects.filter(workspace=workspace).first()
    data = request.POST if request.method == "POST" else None
    form = DigestForm(data, plan=plan)
    if data is not None and form.is_valid():
        plan = digests.plan_digest(request.member, **form.cleaned_data)
        told = (
            f"Their week goes out on Mondays at {plan.hour:02}:00." if plan.on else "No weekly mail is sent."
        )
        toasts.add(request, told)
        return redirect("stakeholders-reading", workspace=workspace.slug)
    context = {
        "form": form,
        "plan": plan,
        "departments": _departments(workspace),
        "mail": mail.server() is not None,
        "only_here": links.only_here(),
    }
    return render(request, "stakeholders/reading.html", context, status=422 if form.errors else 200)


def _departments(workspace: Workspace) -> list[dict]:
    """The active departments by name: their links that work, and who reads, with what keeps a mail from them."""
    found = Department.objects.filter(workspace=workspace, ended_at__isnull=True).order_by("name")
    windows: dict[UUID, list[dict]] = {}
    every = Window.objects.filter(workspace=workspace).select_related("link").order_by("made_at")
    for one in every:
        if one.link.is_open():
            told = {"window": one, "url": links.link_url(one.token)}
            windows.setdefault(one.department_id, []).append(told)
    people: dict[UUID, list[dict]] = {}
    missed = _not_sent(workspace)
    active = Stakeholder.objects.filter(workspace=workspace, ended_at__isnull=True, erased_at__isnull=True)
    for one in active.select_related("department", "reader").order_by("made_at"):
        told = {"who": one, "why_not": _why_not(one), "missed": missed.get(one.pk, "")}
        people.setdefault(one.department_id, []).append(told)
    return [
        {"department": one, "windows": windows.get(one.pk, []), "people": people.get(one.pk, [])}
        for one in found
    ]


def _not_sent(workspace: Workspace) -> dict[UUID, str]:
    """Of the last week's mails that are not known to have arrived, by stakeholder, why."""
    since = rows.today(workspace) - timedelta(days=7)
    found = Digest.objects.filter(workspace=workspace, mailed_at__isnull=True, week__gte=since)
    return {one.stakeholder_id: digesting.why_not_sent(one) for one in found.order_by("week")}


def _why_not(one: Stakeholder) -> str:
    """What keeps the weekly mail from somebody; empty where nothing does."""
    reader = getattr(one, "reader", None)
    if not one.hears_by_mail:
        return "likes to be heard by link" if one.email else "has no e-mail address here"
    return "ended it" if reader is not None and reader.ended_at is not None else ""


def _stakeholder(request: HttpRequest, pk: UUID) -> Stakeholder:
    found = Stakeholder.objects.filter(workspace=request.workspace, pk=pk, erased_at__isnull=True)
    one = found.select_related("department", "workspace", "reader").first()
    if one is None:
        raise NotFound("There is no such stakeholder in this workspace.")
    return one


@page(SET)
@require_safe
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the weekly mail would say to somebody at this moment."""
    one = _stakeholder(request, pk)
    reader = getattr(one, "reader", None)
    context = {
        "who": one,
        "parts": digesting.put_together(one, clock.now()),
        "why_not": _why_not(one),
        "reader": reader,
        "zone": digesting.zone_of(one, reader),
        "form": ZoneForm(initial={"zone": reader.zone if reader else ""}),
    }
    return render(request, "stakeholders/digest_preview.html", context)


@page(SET)
@require_POST
def zone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say in which zone their Monday begins."""
    one = _stakeholder(request, pk)
    form = given(ZoneForm(request.POST))
    digests.zone_reader(one, by=request.member, zone=form["zone"].strip())
    toasts.add(request, "Their Monday is set.")
    return redirect("stakeholders-digest-preview", workspace=request.workspace.slug, pk=one.pk)


@page(SET)
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the weekly mail for somebody who asked for that another way."""
    one = _stakeholder(request, pk)
    reader = Reader.objects.filter(stakeholder=one).first()
    reader = reader or digests.zone_reader(one, by=request.member, zone="")
    digests.end_digest(reader, by=request.member)
    toasts.add(request, "No weekly mail goes to them any more.")
    return redirect("stakeholders-digest-preview", workspace=request.workspace.slug, pk=one.pk)


# --- windows ------------------------------------------------------------------------------------------


@page("stakeholders.window.open")
@require_POST
def open_window(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a department's link to look through."""
    department = Department.objects.filter(workspace=request.workspace, pk=pk).first()
    if department is None:
        raise NotFound("There is no such department in this workspace.")
    digests.open_window(department, by=request.member)
    toasts.add(request, f"{department} has a window. Copy its link, and give it to them.")
    return redirect("stakeholders-reading", workspace=request.workspace.slug)


@page("stakeholders.window.open")
@require_POST
def close_window(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Revoke one."""
    window = Window.objects.filter(workspace=request.workspace, pk=pk).select_related("department").first()
    if window is None:
        raise NotFound("There is no such window in this workspace.")
    digests.close_window(window, by=request.member)
    toasts.add(request, f"That link of {window.department} opens nothing any more.")
    return redirect("stakeholders-reading", workspace=request.workspace.slug)
