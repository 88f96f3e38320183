"""Acts on one post or delivery: each POST calls one verb, says what happened with its undo, and goes back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import clearing, holding, objections, policies, reads, verbs, weeks
from quarterdeck.publishing.forms import ApprovalForm, OffForm, PlanForm, ReturnForm
from quarterdeck.publishing.models import OPEN, Delivery, Post
from quarterdeck.publishing.slots import ComesTwice
from quarterdeck.publishing.views.pages import render_post
from quarterdeck.shell import toasts


def _address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def _back(request: HttpRequest, post_pk: UUID) -> HttpResponse:
    return toasts.back(request, _address(request, "publishing-post", pk=post_pk))


def _undo_url(request: HttpRequest, post_pk: UUID, act: UUID) -> str:
    return _address(request, "publishing-post-undo", pk=post_pk, act=act)


Said = str | tuple[str, UUID]  # what is told, and the act that can be undone


def _act(permission: str, find: Callable[..., Any], post_of: Callable[[Any], UUID]) -> Callable:
    """A view that is an act: POST only, on one thing of this workspace. The function below it calls a verb and
    returns what is told; the page then goes back to the post."""

    def mark(act: Callable[..., Said]) -> Callable[..., HttpResponse]:
        @functools.wraps(act)
        def posted(request: HttpRequest, pk: UUID, **parts: Any) -> HttpResponse:
            about = find(request.workspace, pk)
            said = act(request, about, **parts)
            words, undone_by = (said, None) if isinstance(said, str) else said
            undo_url = _undo_url(request, post_of(about), undone_by) if undone_by else None
            toasts.add(request, words, undo_url=undo_url)
            return _back(request, post_of(about))

        return page(permission)(require_POST(posted))

    return mark


def on_post(permission: str) -> Callable:
    """An act on the post at this address."""
    return _act(permission, reads.post, lambda post: post.pk)


def on_delivery(permission: str) -> Callable:
    """An act on the delivery at this address."""
    return _act(permission, reads.delivery, lambda delivery: delivery.post_id)


@on_post("publishing.post.draft")
def ask(request: HttpRequest, post: Post) -> Said:
    verbs.ask_approval(post, by=request.member)
    if policies.wants_guests(clearing.progress(post)):
        return (
            "Approval is asked. Somebody outside has to approve it too: ask them by a link, from this page."
        )
    return "Approval is asked."


@on_post("publishing.post.approve")
def approve(request: HttpRequest, post: Post) -> Said:
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        raise Invalid("The form was not complete.", not_done="Nothing was approved.")
    given = verbs.approve(post, by=request.member, **form.cleaned_data)
    alone = " You are the only member here, so your own approval counts; the record says so."
    if not reads.post(request.workspace, post.pk).is_approved:
        return f"Your approval counts. It still waits for {policies.waited_for(clearing.progress(post))}."
    return "The text is approved." + (alone if given.alone else "")


@page("publishing.post.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def return_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the text back. Opened as an address (a refused form that was reloaded), it leads to the post."""
    post = reads.post(request.workspace, pk)
    if request.method != "POST":
        return redirect(_address(request, "publishing-post", pk=pk))
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return render_post(request, post, code=422, return_form=form)
    verbs.return_(post, by=request.member, reason=form.cleaned_data["reason"])
    toasts.add(request, f"The post is back with {post.author}.")
    return _back(request, pk)


@page("publishing.post.schedule")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan the post, or move what is planned. Opened as an address, it leads to the post."""
    post = reads.post(request.workspace, pk)
    if request.method != "POST":
        return redirect(_address(request, "publishing-post", pk=pk))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return render_post(request, post, code=422, plan_form=form)
    moving = post.deliveries.filter(state__in=OPEN).exists()
    given = dict(form.cleaned_data)
    reason = {"reason": given.pop("reason")}
    verb, more = (verbs.reschedule, reason) if moving else (verbs.schedule, {})
    try:
        act = verb(post, by=request.member, **given, **more)
    except Problem as problem:
        form.fields["fold"].required = isinstance(problem, ComesTwice)
        for field, words in (problem.fields or {"when": problem.title}).items():
            if field in form.fields and field != "fold":
                form.add_error(field, f"{problem.title} {problem.next_step}" if field == "when" else words)
        return render_post(
            request,
            reads.post(request.workspace, pk),
            code=problem.status,
            plan_form=form,
            ask_fold=isinstance(problem, ComesTwice),
            plan_problem=problem,
        )
    said = f"{'Moved to' if moving else 'Planned for'} {_slot(act)}.{_warned(act)}"
    if not post.is_approved:
        said += " It goes out only if its text is approved by then."
    toasts.add(request, said, undo_url=_undo_url(request, pk, act))
    return _back(request, pk)


def _slot(act: UUID) -> str:
    """When what an act planned goes out: "Monday 9 March, 12:30 Europe/Berlin"."""
    first = Delivery.objects.filter(opened_by=act).first()
    return f"{first.local:%A} {first.local.day} {first.local:%B, %H:%M} {first.zone}"


def _warned(act: UUID) -> str:
    """What warns of the time that an act planned, after a space; what forbids it was refused."""
    rows = list(Delivery.objects.filter(opened_by=act).select_related("post", "channel"))
    said = objections.against(rows[0].post, rows[0].due_at, [row.channel for row in rows]) if rows else []
    return "".join(f" {one.words}" for one in said)


def _soon(act: UUID, words: str, *more: UUID) -> str:
    """What happens now with what an act planned for this moment, and with deliveries it sends `more` of: the words
    given, unless a hold stands over it."""
    planned = [*Delivery.objects.filter(opened_by=act).values_list("pk", flat=True), *more]
    held = "It is on hold and waits until the hold is lifted."
    return (held if holding.held(planned) else words) + _warned(act)


@on_post("publishing.post.schedule")
def publish_now(request: HttpRequest, post: Post) -> Said:
    act = verbs.publish_now(post, by=request.member)
    return _soon(act, "It goes out in ten seconds."), act


@page("publishing.post.cancel")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the post off the plan; once its week has begun, with a reason. Opened as an address, it leads to the
    post."""
    post = reads.post(request.workspace, pk)
    if request.method != "POST":
        return redirect(_address(request, "publishing-post", pk=pk))
    form = OffForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    first = post.deliveries.filter(state__in=OPEN).order_by("due_at").first()
    if first and not reason and weeks.underway(first.due_at, clock.now(), request.workspace.zone):
        problem = Invalid(
            "The week it is planned for has begun.",
            not_done="It is still planned.",
            next_step="Say in at most 300 characters why it is taken off; the page of the week shows that.",
        )
        return render_post(request, post, code=422, plan_problem=problem)
    act = verbs.cancel(post, by=request.member, reason=reason)
    toasts.add(request, "It is off the plan.", undo_url=_undo_url(request, pk, act))
    return _back(request, pk)


@page("publishing.post.draft")
@require_POST
def size(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how much work the post is; back to where that was said."""
    post = verbs.give_size(
        reads.post(request.workspace, pk), by=request.member, size=request.POST.get("size", "")
    )
    toasts.add(request, f"“{post.short}” counts as {post.size} now.")
    return _back(request, pk)


@page("publishing.post.discard")
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.discard(reads.post(request.workspace, pk), by=request.member)
    undo_url = _address(request, "publishing-post-restore", pk=pk)
    toasts.add(request, "The post is discarded. It waits at the end of the list.", undo_url=undo_url)
    return redirect(_address(request, "publishing-post-list"))


@on_post("publishing.post.discard")
def restore(request: HttpRequest, post: Post) -> Said:
    verbs.restore(post, by=request.member)
    return "The post is back as it was."


@on_post("publishing.post.schedule")
def undo(request: HttpRequest, post: Post, act: UUID) -> Said:
    verbs.undo(post, by=request.member, act=act)
    return "Undone."


@on_delivery("publishing.post.schedule")
def send_now(request: HttpRequest, delivery: Delivery) -> Said:
    act = verbs.send_now(delivery, by=request.member)
    return _soon(act, "It goes out in ten seconds."), act


@on_delivery("publishing.post.schedule")
def send_next(request: HttpRequest, delivery: Delivery) -> Said:
    """Plan it for the same time of day when it next comes."""
    act = verbs.send_at(delivery, by=request.member)
    return f"Planned for {_slot(act)}.{_warned(act)}", act


@on_delivery("publishing.post.cancel")
def drop(request: HttpRequest, delivery: Delivery) -> Said:
    act = verbs.drop(delivery, by=request.member)
    return f"Dropped. It stays in the record as {delivery.word}.", act


@on_delivery("publishing.post.cancel")
def settle_as_out(request: HttpRequest, delivery: Delivery) -> Said:
    return "Noted: it is out.", verbs.settle_as_out(delivery, by=request.member)


@on_delivery("publishing.post.schedule")
def settle_as_absent(request: HttpRequest, delivery: Delivery) -> Said:
    act = verbs.settle_as_absent(delivery, by=request.member)
    return f"Noted: it is not out. {_soon(act, 'It is sent again in ten seconds.', delivery.pk)}", act
