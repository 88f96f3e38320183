"""The front door: sign in, the first run, choosing and making workspaces."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from quarterdeck.core import registries
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew import first_run, forms, intake, onetime, reads, verbs
from quarterdeck.crew.access import last_workspace, public, signed_in
from quarterdeck.crew.models import Member, User
from quarterdeck.crew.views.shared import put_into


@public("The front door says how to come in.")
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Not signed in: sign-in, or where the first link is printed. Else the last Desk, or the first run."""
    if not request.user.is_authenticated:
        if onetime.someone_has_signed_in():
            return redirect_to_login("/")
        return render(request, "crew/not_started.html")
    mine = reads.workspaces(request.user)
    if not mine:
        making = first_run.making(request.user)
        if making is not None and not making.failed:
            return redirect("crew-first-demo")
        return _first_run(request, forms.FirstRun(initial={"name": request.user.name}))
    last = last_workspace(request)
    here = next((m for m in mine if m.workspace.slug == last), mine[0])
    return to_desk(here)


def to_desk(member: Member) -> HttpResponse:
    return redirect("desk", workspace=member.workspace.slug)


@signed_in
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """The first-run page sent: name, time zone, workspace."""
    form = forms.FirstRun(request.POST)
    if not form.is_valid():
        return _first_run(request, form, status=422)
    given = form.cleaned_data
    _introduce(request.user, given["name"], given["timezone"])
    try:
        member = verbs.create_workspace(by=request.user, name=given["workspace"], timezone=given["timezone"])
    except Invalid as refused:
        put_into(form, refused)
        return _first_run(request, form, status=422)
    return to_desk(member)


@signed_in
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """Look around first: a demo workspace of one's own. POST asks for it, GET says how far it is, then leads there."""
    if not first_run.demo_is_offered():
        raise NotFound("This installation offers no demo workspace.")
    if request.method == "POST":
        form = forms.FirstRun(request.POST)
        form.is_valid()  # name and zone are taken along when they are usable
        given = form.cleaned_data
        _introduce(request.user, given.get("name", ""), given.get("timezone", ""))
        first_run.begin_demo(request.user)
        return redirect("crew-first-demo")
    if (made := first_run.demo_of(request.user)) is not None:
        there = reverse("desk", kwargs={"workspace": made.slug})
        return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
    making = first_run.making(request.user)
    if making is None:
        return redirect("home")
    return _demo_so_far(request, making)


def _demo_so_far(request: HttpRequest, making: first_run.Making) -> HttpResponse:
    """The whole page; for its own question the part that changed, or 204 when nothing did."""
    if request.htmx and making.failed:
        return HttpResponseClientRefresh()
    seen = f"{making.state}-{making.done}" + ("-long" if making.waits_long else "")
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"making": making, "seen": seen, "step": f"week {making.done} of {making.of}"}
    return render(request, "crew/_demo.html" if request.htmx else "crew/demo.html", context)


def _introduce(user: User, name: str, timezone: str) -> None:
    intake.change_person(user, name=name or user.name or "You", timezone=timezone or user.timezone)


def _first_run(request: HttpRequest, form: forms.FirstRun, status: int = 200) -> HttpResponse:
    context = {"form": form, "demo": first_run.demo_is_offered()}
    return render(request, "crew/first_run.html", context, status=status)


@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """All workspaces one is a member of, and a new one."""
    form = forms.NewWorkspace(request.POST or None, initial={"timezone": request.user.timezone})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = verbs.create_workspace(
                    by=request.user, name=given["workspace"], timezone=given["timezone"]
                )
                return to_desk(made)
            except Invalid as refused:
                put_into(form, refused)
    context = {
        "form": form,
        "memberships": reads.workspaces(request.user),
        "demo": first_run.demo_is_offered() and first_run.demo_of(request.user) is None,
        "own_pages": [{"label": label, "url": reverse(name)} for _, (label, name) in registries.own_pages],
    }
    return render(request, "crew/workspaces.html", context, status=status)
