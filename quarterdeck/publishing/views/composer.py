"""The composer: the parts of a post with their images, its channels, and as people will see it there. Two people in
one draft are told of each other.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from quarterdeck.channels import reads as channel_reads
from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import forms_parts, reads, verbs
from quarterdeck.publishing.forms import ComposerForm
from quarterdeck.publishing.forms_parts import Given
from quarterdeck.publishing.models import MOST_IMAGES, Post
from quarterdeck.publishing.verbs import StaleDraft
from quarterdeck.publishing.views import showing
from quarterdeck.publishing.views.composing import compose
from quarterdeck.publishing.views.fitting import refused_by_networks
from quarterdeck.shell import toasts
from quarterdeck.studio.views import keep_upload


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        chosen = list(channels[:1])
        form = ComposerForm(channels=channels, initial={"version": 1, "channels": [c.pk for c in chosen]})
        return compose(request, form, None, Given())
    form = ComposerForm(request.POST, channels=channels)
    given, problem = _given(request)
    if answer := _not_to_be_saved(request, form, None, given, problem):
        return answer
    brand = request.workspace.brands.order_by("created_at").first()
    if brand is None:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    try:
        post = verbs.draft(
            request.member, brand=brand, channels=list(form.cleaned_data["channels"]), **given.said
        )
    except Invalid as refused:
        return compose(request, form, None, given, problem=refused)
    return _saved(request, post)


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = reads.post(request.workspace, pk)
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        initial = {"version": post.version, "channels": list(post.channels.values_list("pk", flat=True))}
        form = ComposerForm(channels=channels, initial=initial)
        return compose(request, form, post, forms_parts.kept(post.parts, post.overrides))
    form = ComposerForm(request.POST, channels=channels)
    given, problem = _given(request, post)
    if answer := _not_to_be_saved(request, form, post, given, problem):
        return answer
    saved = {"version": form.cleaned_data["version"], "channels": list(form.cleaned_data["channels"])}
    try:
        post = verbs.edit(post, by=request.member, **saved, **given.said)
    except StaleDraft as stale:
        return _told_of_the_other(request, channels, given, stale)
    except Problem as refused:
        return compose(request, form, post, given, problem=refused)
    return _saved(request, post)


def _given(request: HttpRequest, post: Post | None = None) -> tuple[Given, Invalid | None]:
    """What the form sent, its files kept; and the first of the files that was refused. A form that knows of one text
    leaves everything else of `post` as it is."""
    given = forms_parts.given(request.POST)
    if given is None:
        given = forms_parts.kept(post.parts, post.overrides) if post else Given()
        given.parts[0].text = request.POST.get("text", "")
    elif post:  # a channel that is not connected any more has no place in the form: what it says is kept
        connected = {channel.pk.hex for channel in channel_reads.connected(request.workspace)}
        gone = {pk: parts for pk, parts in post.overrides.items() if pk not in connected}
        given.own |= forms_parts.kept([], gone).own
    problem: Invalid | None = None
    for part in given.every():
        for file in request.FILES.getlist(f"files:{part.key}")[:MOST_IMAGES]:
            try:
                kept = keep_upload(request.workspace, file)
            except Invalid as refused:
                problem = problem or refused
            else:
                if kept.pk.hex not in {image["file"] for image in part.images}:
                    part.images.append({"file": kept.pk.hex, "alt": ""})
    return given, problem


def _not_to_be_saved(
    request: HttpRequest, form: ComposerForm, post: Post | None, given: Given, problem: Problem | None
) -> HttpResponse | None:
    """The page once more, when only its parts were moved, or something in the form was not right."""
    if wish := request.POST.get("do", ""):
        return compose(request, form, post, forms_parts.rearranged(given, wish), problem=problem, status=200)
    if problem is not None or not form.is_valid():
        return compose(request, form, post, given, problem=problem, status=422)
    return None


def _saved(request: HttpRequest, post: Post) -> HttpResponse:
    """The draft is saved; asked for approval too when that button was pressed, and if not, why not."""
    if request.POST.get("then") == "ask":
        try:
            verbs.ask_approval(post, by=request.member)
            toasts.add(request, "Saved, and approval is asked.")
        except Problem as problem:
            toasts.add(request, f"Saved as a draft. {problem.title} {problem.next_step}", tone="coral")
    elif words := refused_by_networks(post):
        toasts.add(request, f"The draft is saved. {words[0]}", tone="coral")
    else:
        toasts.add(request, "The draft is saved.")
    return redirect("publishing-post", workspace=request.workspace.slug, pk=post.pk)


def _told_of_the_other(request: HttpRequest, channels, given: Given, stale: StaleDraft) -> HttpResponse:
    """Both side by side: yours in the fields, on top of the version that is saved now."""
    data = request.POST.copy()
    data["version"] = stale.theirs.version
    form = ComposerForm(data, channels=channels)
    post = reads.post(request.workspace, stale.theirs.pk)
    theirs = showing.shown(request.workspace, post.parts)
    return compose(request, form, post, given, status=409, stale=stale, theirs=theirs)
