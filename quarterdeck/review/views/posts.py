"""What stands on a post's page: its comments, with what can be done with each; and the page of them alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import Invalid, Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Member
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Post
from quarterdeck.review import reads, verbs
from quarterdeck.review.forms import CommentForm, DeclineForm, ReplyForm
from quarterdeck.review.models import Comment
from quarterdeck.shell import toasts


def on_a_post(post: Post, who: Member, form: CommentForm | None = None) -> dict | None:
    """For the post's page: its comments, and a form for one more."""
    if not who.may("review.comment.view"):
        return None
    may_write = who.may("review.comment.write") and post.discarded_at is None
    threads = reads.threads(post)
    return {
        "post": post,
        "threads": threads,
        "open": sum(1 for one in threads if one.comment.resolved_at is None),
        "form": (form or CommentForm(parts=post.parts, auto_id="comment_%s")) if may_write else None,
        "may_write": may_write,
        "may_take": who.may("review.comment.take") and post.discarded_at is None,
        "versions": post.version,
        "guests": may_write and post.guests.exists(),
    }


@page("review.comment.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The comments alone: what an open page fetches when something was said, and a page of its own."""
    return _show(request, publishing_reads.post(request.workspace, pk))


def _show(
    request: HttpRequest, post: Post, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"post": post, "panel": on_a_post(post, request.member, form), "refused": form is not None}
    return render(request, "review/comments.html", context, status=status)


@page("review.comment.write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Comment or suggest. Opened as an address (a refused form that was reloaded), it shows the comments."""
    post = publishing_reads.post(request.workspace, pk)
    if request.method != "POST":
        return _show(request, post)
    form = CommentForm(request.POST, parts=post.parts, auto_id="comment_%s")
    if not form.is_valid():
        return _show(request, post, form, 422)
    given, said = form.cleaned_data, "Your comment is there."
    try:
        if form.is_suggestion:
            words = {"instead": given["instead"], "text": given["text"]}
            verbs.suggest(post, by=request.member, target=form.target(), **words)
            said = "Your suggestion is there."
        else:
            verbs.comment(post, by=request.member, text=given["text"], target=form.target())
    except Problem as problem:
        for name, words in (problem.fields or {"": f"{problem.title} {problem.next_step}"}).items():
            form.add_error(name if name in form.fields else None, words)
        return _show(request, post, form, problem.status)
    toasts.add(request, said)
    return _back(request, post.pk)


def _back(request: HttpRequest, pk: UUID) -> HttpResponse:
    url = reverse("publishing-post", kwargs={"workspace": request.workspace.slug, "pk": pk})
    return toasts.back(request, f"{url}#comments")


def _act(permission: str) -> Callable:
    """A view that is an act on one comment: POST only; the function calls a verb and returns what is told."""

    def mark(act: Callable[[HttpRequest, Comment], str]) -> Callable[..., HttpResponse]:
        def posted(request: HttpRequest, pk: UUID) -> HttpResponse:
            said = reads.comment(request.workspace, pk)
            toasts.add(request, act(request, said))
            return _back(request, said.post_id)

        return page(permission)(require_POST(posted))

    return mark


@_act("review.comment.write")
def reply(request: HttpRequest, said: Comment) -> str:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        raise Invalid("There is nothing in it yet.", not_done=verbs.NOT_SAID, next_step="Write a sentence.")
    verbs.reply(said, by=request.member, **form.cleaned_data)
    return "Answered."


@_act("review.comment.write")
def resolve(request: HttpRequest, said: Comment) -> str:
    verbs.resolve(said, by=request.member)
    return "Resolved."


@_act("review.comment.write")
def reopen(request: HttpRequest, said: Comment) -> str:
    verbs.reopen(said, by=request.member)
    return "It is open again."


@_act("review.comment.take")
def take(request: HttpRequest, said: Comment) -> str:
    before = publishing_reads.post(request.workspace, said.post_id).is_approved
    verbs.take(said, by=request.member)
    after = publishing_reads.post(request.workspace, said.post_id).is_approved
    return "Taken over." + (
        " The text changed, so it has to be approved again." if before and not after else ""
    )


@_act("review.comment.take")
def decline(request: HttpRequest, said: Comment) -> str:
    form = DeclineForm(request.POST)
    word = form.cleaned_data["word"] if form.is_valid() else ""
    verbs.decline(said, by=request.member, word=word)
    return "Declined; they read why."
