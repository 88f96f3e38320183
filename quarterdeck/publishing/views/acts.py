"""Acts on one post or delivery: each POST calls one verb, says what happened with its undo, and goes back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterdeck.core.problems import Invalid
from quarterdeck.crew.access import page
from quarterdeck.publishing import reads, verbs
from quarterdeck.publishing.forms import ApprovalForm, PlanForm, ReturnForm
from quarterdeck.publishing.models import OPEN, Delivery
from quarterdeck.publishing.slots import ComesTwice
from quarterdeck.publishing.views.pages import render_post
from quarterdeck.shell import toasts


def _address(request: HttpRequest, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, **parts})


def _back(request: HttpRequest, post_pk: UUID) -> HttpResponse:
    return toasts.back(request, _address(request, "publishing-post", pk=post_pk))


def _undo_url(request: HttpRequest, post_pk: UUID, act: UUID) -> str:
    return _address(request, "publishing-post-undo", pk=post_pk, act=act)


@page("publishing.post.draft")
@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.ask_approval(reads.post(request.workspace, pk), by=request.member)
    toasts.add(request, "Approval is asked.")
    return _back(request, pk)


@page("publishing.post.approve")
@require_POST
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    post, form = reads.post(request.workspace, pk), ApprovalForm(request.POST)
    if not form.is_valid():
        raise Invalid("The form was not complete.", not_done="Nothing was approved.")
    given = verbs.approve(post, by=request.member, **form.cleaned_data)
    alone = " You are the only member here, so your own approval counts; the record says so."
    toasts.add(request, "The text is approved." + (alone if given.alone else ""))
    return _back(request, pk)


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
    verb = verbs.reschedule if moving else verbs.schedule
    try:
        act = verb(post, by=request.member, **form.cleaned_data)
    except Invalid as problem:
        form.fields["fold"].required = isinstance(problem, ComesTwice)
        for field, words in (problem.fields or {"when": problem.title}).items():
            if field in form.fields and field != "fold":
                form.add_error(field, f"{problem.title} {problem.next_step}" if field == "when" else words)
        return render_post(
            request,
            reads.post(request.workspace, pk),
            code=422,
            plan_form=form,
            ask_fold=isinstance(problem, ComesTwice),
            plan_problem=problem,
        )
    first = Delivery.objects.filter(opened_by=act).first()
    at = f"{first.local:%A} {first.local.day} {first.local:%B, %H:%M} {first.zone}"
    said = f"{'Moved to' if moving else 'Planned for'} {at}."
    if not post.is_approved:
        said += " It goes out only if its text is approved by then."
    toasts.add(request, said, undo_url=_undo_url(request, pk, act))
    return _back(request, pk)


@page("publishing.post.schedule")
@require_POST
def publish_now(request: HttpRequest, pk: UUID) -> HttpResponse:
    act = verbs.publish_now(reads.post(request.workspace, pk), by=request.member)
    toasts.add(request, "It goes out in ten seconds.", undo_url=_undo_url(request, pk, act))
    return _back(request, pk)


@page("publishing.post.cancel")
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    act = verbs.cancel(reads.post(request.workspace, pk), by=request.member)
    toasts.add(request, "It is off the plan.", undo_url=_undo_url(request, pk, act))
    return _back(request, pk)


@page("publishing.post.discard")
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.discard(reads.post(request.workspace, pk), by=request.member)
    undo_url = _address(request, "publishing-post-restore", pk=pk)
    toasts.add(request, "The post is discarded. It waits at the end of the list.", undo_url=undo_url)
    return redirect(_address(request, "publishing-post-list"))


@page("publishing.post.discard")
@require_POST
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    verbs.restore(reads.post(request.workspace, pk), by=request.member)
    toasts.add(request, "The post is back as it was.")
    return _back(request, pk)


@page("publishing.post.schedule")
@require_POST
def undo(request: HttpRequest, pk: UUID, act: UUID) -> HttpResponse:
    verbs.undo(reads.post(request.workspace, pk), by=request.member, act=act)
    toasts.add(request, "Undone.")
    return _back(request, pk)


@page("publishing.post.schedule")
@require_POST
def send_now(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = reads.delivery(request.workspace, pk)
    act = verbs.send_now(delivery, by=request.member)
    toasts.add(request, "It goes out in ten seconds.", undo_url=_undo_url(request, delivery.post_id, act))
    return _back(request, delivery.post_id)


@page("publishing.post.schedule")
@require_POST
def send_next(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan it for the same time of day when it next comes."""
    delivery = reads.delivery(request.workspace, pk)
    act = verbs.send_at(delivery, by=request.member)
    new = Delivery.objects.filter(opened_by=act).first()
    at = f"{new.local:%A} {new.local.day} {new.local:%B, %H:%M} {new.zone}"
    toasts.add(request, f"Planned for {at}.", undo_url=_undo_url(request, delivery.post_id, act))
    return _back(request, delivery.post_id)


@page("publishing.post.cancel")
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = reads.delivery(request.workspace, pk)
    act = verbs.drop(delivery, by=request.member)
    undo_url = _undo_url(request, delivery.post_id, act)
    toasts.add(request, f"Dropped. It stays in the record as {delivery.word}.", undo_url=undo_url)
    return _back(request, delivery.post_id)


@page("publishing.post.cancel")
@require_POST
def settle_as_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = reads.delivery(request.workspace, pk)
    act = verbs.settle_as_out(delivery, by=request.member)
    toasts.add(request, "Noted: it is out.", undo_url=_undo_url(request, delivery.post_id, act))
    return _back(request, delivery.post_id)
