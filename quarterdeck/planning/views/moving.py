"""Moving a post: one address for the drag, the arrow keys and the form “Move to…”, which works without a script."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.planning import entries, marks, queue, rules, zones
from quarterdeck.planning.views.shared import back_to
from quarterdeck.publishing import objections, reads, slots, verbs
from quarterdeck.publishing.forms import PlanForm
from quarterdeck.publishing.models import OPEN, Delivery, Post
from quarterdeck.publishing.slots import ComesTwice
from quarterdeck.shell import toasts


@page("publishing.post.schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a post or move what is planned of it, and go back to where one was. `when` in the address proposes; `was` in
    the form is the time it was seen at, so that nobody moves what somebody else has moved meanwhile."""
    post = reads.post(request.workspace, pk)
    if request.method != "POST":
        return _show(request, post, PlanForm(initial={"when": proposed(request, post)}))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _show(request, post, form, code=422)
    was = request.POST.get("was", "")[:16]
    moving = bool(was) or _planned(post) is not None
    when, fold = form.cleaned_data["when"], form.cleaned_data["fold"]
    why = form.cleaned_data["reason"]
    try:
        if moving:
            act = verbs.reschedule(post, by=request.member, when=when, fold=fold, was=was, reason=why)
        else:
            act = verbs.schedule(post, by=request.member, when=when, fold=fold)
    except Problem as problem:
        form.fields["fold"].required = isinstance(problem, ComesTwice)
        return _show(request, post, form, problem=problem, code=problem.status)
    toasts.add(request, _said(request, post, act, moving), undo_url=_undo(request, pk, act))
    return toasts.back(request, reverse("planning-calendar", kwargs={"workspace": request.workspace.slug}))


def _planned(post: Post) -> Delivery | None:
    return post.deliveries.filter(state__in=OPEN).order_by("due_at").first()


def _undo(request: HttpRequest, pk: UUID, act: UUID) -> str:
    parts = {"workspace": request.workspace.slug, "pk": pk, "act": act}
    return reverse("publishing-post-undo", kwargs=parts)


def _said(request: HttpRequest, post: Post, act: UUID, moving: bool) -> str:
    first = Delivery.objects.filter(opened_by=act).first()
    at = f"{first.local:%a} {first.local.day} {first.local:%b, %H:%M}"
    said = [f"“{post.short}” is {'moved to' if moving else 'planned for'} {at}."]
    said += warnings(request, post, first.due_at)[:1]
    if not post.is_approved:
        said.append("It goes out only if its text is approved by then.")
    return " ".join(said)


def warnings(request: HttpRequest, post: Post, at: datetime) -> list[str]:
    """What speaks against this time, in sentences: what lies over that day, and what it would collide with."""
    near = rules.near(rules.of(request.workspace))
    channels = queue.channels_of(post)
    found, _ = entries.between(request.workspace, at - near, at + near)
    said = [one.words for one in objections.against(post, at, channels)]
    return said + marks.clash(found, post.pk, {one.pk: one.name for one in channels}, at, near)


def proposed(request: HttpRequest, post: Post) -> str:
    """What the form begins with: the time in the address ("next": the next free slot), else the present plan, else
    the next full hour but one."""
    if request.GET.get("when") == "next" and (free := queue.next_free(post, 1)):
        return free[0].wall
    try:
        wish = datetime.fromisoformat(request.GET.get("when", ""))
        return f"{wish:%Y-%m-%dT%H:%M}"
    except ValueError:
        pass
    if planned := _planned(post):
        return planned.wall[:16]
    return slots.proposal(clock.now(), request.workspace.zone)


def _show(
    request: HttpRequest, post: Post, form: PlanForm, *, problem: Problem | None = None, code: int = 200
) -> HttpResponse:
    planned = _planned(post)
    home = reverse("planning-calendar", kwargs={"workspace": request.workspace.slug})
    context = {
        "post": post,
        "planned": planned,
        "was": f"{planned.due_at.astimezone(request.workspace.zone):%Y-%m-%dT%H:%M}" if planned else "",
        "form": form,
        "problem": problem,
        "ask_fold": isinstance(problem, ComesTwice),
        "zone": request.workspace.timezone,
        "zone_words": zones.words(request.member, clock.now()),
        "warnings": _foreseen(request, post, form) if problem is None else [],
        "next": back_to(request) or home,
        "free": queue.next_free(post),
        "asked_next": request.GET.get("when") == "next",
        "may_slots": request.member.may("planning.slot.change"),
        "address": reverse("planning-move", kwargs={"workspace": request.workspace.slug, "pk": post.pk}),
    }
    return render(request, "planning/move.html", context, status=code)


def _foreseen(request: HttpRequest, post: Post, form: PlanForm) -> list[str]:
    """Warnings about the time the form begins with."""
    try:
        wall = datetime.fromisoformat(form["when"].value() or "")
        slot = slots.resolve(wall.replace(tzinfo=None), request.workspace.timezone, 0)
    except (ValueError, Invalid):
        return []
    return warnings(request, post, slot.due_at)
