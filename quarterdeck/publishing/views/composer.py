"""The composer: one text, its channels, and as people will see it. Two people in one draft are told of each other."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterdeck.channels import adapters
from quarterdeck.channels import reads as channel_reads
from quarterdeck.channels.models import Channel
from quarterdeck.channels.sandbox import LABEL
from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import reads, verbs
from quarterdeck.publishing.forms import ComposerForm
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs import StaleDraft
from quarterdeck.shell import toasts


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        chosen = list(channels[:1])
        form = ComposerForm(channels=channels, initial={"version": 1, "channels": [c.pk for c in chosen]})
        return _compose(request, form, None)
    form = ComposerForm(request.POST, channels=channels)
    if not form.is_valid():
        return _compose(request, form, None, status=422)
    brand = request.workspace.brands.order_by("created_at").first()
    if brand is None:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    try:
        post = verbs.draft(
            request.member,
            brand=brand,
            text=form.cleaned_data["text"],
            channels=list(form.cleaned_data["channels"]),
        )
    except Invalid as problem:
        return _refused(request, form, None, problem)
    return _saved(request, post)


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = reads.post(request.workspace, pk)
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        given = {
            "text": post.text,
            "version": post.version,
            "channels": list(post.channels.values_list("pk", flat=True)),
        }
        return _compose(request, ComposerForm(channels=channels, initial=given), post)
    form = ComposerForm(request.POST, channels=channels)
    if not form.is_valid():
        return _compose(request, form, post, status=422)
    try:
        verbs.edit(
            post,
            by=request.member,
            version=form.cleaned_data["version"],
            text=form.cleaned_data["text"],
            channels=list(form.cleaned_data["channels"]),
        )
    except StaleDraft as stale:
        return _told_of_the_other(request, channels, stale)
    except Problem as problem:
        return _refused(request, form, post, problem)
    return _saved(request, post)


def _saved(request: HttpRequest, post: Post) -> HttpResponse:
    """The draft is saved; asked for approval too when that button was pressed, and if not, why not."""
    if request.POST.get("then") == "ask":
        try:
            verbs.ask_approval(post, by=request.member)
            toasts.add(request, "Saved, and approval is asked.")
        except Problem as problem:
            toasts.add(request, f"Saved as a draft. {problem.title} {problem.next_step}", tone="coral")
    else:
        toasts.add(request, "The draft is saved.")
    return redirect("publishing-post", workspace=request.workspace.slug, pk=post.pk)


def _told_of_the_other(request: HttpRequest, channels, stale: StaleDraft) -> HttpResponse:
    """Both texts side by side: yours in the field, on top of the version that is saved now."""
    data = request.POST.copy()
    data["version"] = stale.theirs.version
    form = ComposerForm(data, channels=channels)
    post = reads.post(request.workspace, stale.theirs.pk)
    return _compose(request, form, post, status=409, stale=stale)


def _refused(request: HttpRequest, form: ComposerForm, post: Post | None, problem: Problem) -> HttpResponse:
    return _compose(request, form, post, status=problem.status, problem=problem)


def _compose(
    request: HttpRequest, form: ComposerForm, post: Post | None, status: int = 200, **more
) -> HttpResponse:
    chosen = {str(pk) for pk in form["channels"].value() or []}
    text = form["text"].value() or ""
    choices = [_choice(c, str(c.pk) in chosen, text) for c in form.fields["channels"].queryset]
    context = {
        "form": form,
        "post": post,
        "choices": choices,
        "text": text,
        "version": form["version"].value(),
        "keep": f"post:{post.pk}" if post else f"post:new:{request.workspace.pk}",
        "sandbox_label": LABEL,
        "is_approved": bool(post and post.is_approved),
    }
    return render(request, "publishing/composer.html", context | more, status=status)


def _choice(channel: Channel, chosen: bool, text: str) -> dict:
    """A channel as the composer needs it: its chip, its meter, its preview."""
    adapter = adapters.of(channel)
    limit = next(limit.value for limit in adapter.limits if limit.name == "text")
    return {
        "channel": channel,
        "chosen": chosen,
        "limit": limit,
        "length": len(text.replace("\r\n", "\n")),
    }
