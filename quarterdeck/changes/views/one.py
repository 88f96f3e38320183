"""The page of one change: what it is about, how it stands, what a person says of it; and what a post's page shows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.changes import reads, verbs, words
from quarterdeck.changes.forms import LeaveForm
from quarterdeck.changes.models import Change, ChangeState
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Post
from quarterdeck.shell import toasts


@page("publishing.post.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, reads.change(request.workspace, pk))


def _show(
    request: HttpRequest, change: Change, form: LeaveForm | None = None, status: int = 200
) -> HttpResponse:
    (told,) = words.told([change])
    may = request.member.may
    context = {
        "change": change,
        "told": told,
        "post": change.delivery.post,
        "title": words.title(change),
        "todo": change.state == ChangeState.HANDED,
        "may_say": change.asks and may("publishing.delivery.answer"),
        "may_retry": change.asks and change.state != ChangeState.HANDED and may("changes.post.change"),
        "may_withdraw": change.state == ChangeState.PLANNED and may("changes.post.change"),
        "form": form or LeaveForm(),
    }
    return render(request, "changes/change.html", context, status=status)


def _act(permission: str, said: str) -> Callable:
    """A view that is an act on one change: POST only; the verb below it is called, and the page goes back to it."""

    def mark(act: Callable[[HttpRequest, Change], None]) -> Callable[..., HttpResponse]:
        def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
            act(request, reads.change(request.workspace, pk))
            toasts.add(request, said)
            default = reverse("changes-change", kwargs={"workspace": request.workspace.slug, "pk": pk})
            return toasts.back(request, default)

        return page(permission)(require_POST(posted))

    return mark


@_act("publishing.delivery.answer", "Noted: it is done.")
def made(request: HttpRequest, change: Change) -> None:
    verbs.say_made(change, by=request.member)


@_act("changes.post.change", "It is tried again.")
def retry(request: HttpRequest, change: Change) -> None:
    verbs.retry(change, by=request.member)


@_act("changes.post.change", "Taken back: nothing is changed there.")
def withdraw(request: HttpRequest, change: Change) -> None:
    verbs.withdraw(change, by=request.member)


@page("publishing.delivery.answer")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was not made, and why. Opened as an address, it leads to the page."""
    change = reads.change(request.workspace, pk)
    here = redirect("changes-change", workspace=request.workspace.slug, pk=pk)
    if request.method != "POST":
        return here
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return _show(request, change, form, status=422)
    verbs.leave(change, by=request.member, reason=form.cleaned_data["reason"])
    toasts.add(request, "Noted: it was not made. Whoever asked for it was told.")
    return here


def on_a_post(post: Post, who: Member) -> dict | None:
    """For the post's page: what became of it since it went out, what answers it, and what it answers itself."""
    found, answers = reads.of(post), reads.answers(post)
    if not found and not answers and post.answers_id is None:
        return None
    every = {
        one.pk: one
        for one in publishing_reads.every_post(who.workspace).filter(pk__in=[a.pk for a in answers])
    }
    return {
        "post": post,
        "changes": words.told(found),
        "answers": [publishing_reads.line(every[one.pk]) for one in answers if one.pk in every],
        "answered": post.answers,
    }
