"""The composer: the parts of a post with their images, its channels, and as people will see it there. Two people in
one draft are told of each other.
"""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quarterdeck.channels import reads as channel_reads
from quarterdeck.channels.sandbox import LABEL
from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.publishing import reads, verbs
from quarterdeck.publishing.forms import ComposerForm, GivenPart, parts_given, parts_kept, rearranged
from quarterdeck.publishing.models import MOST_IMAGES, MOST_PARTS, Post
from quarterdeck.publishing.verbs import StaleDraft
from quarterdeck.publishing.views import showing
from quarterdeck.publishing.views.fitting import Fit, refused_by_networks
from quarterdeck.shell import toasts
from quarterdeck.studio.views import keep_upload

Parts = list[GivenPart]


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        chosen = list(channels[:1])
        form = ComposerForm(channels=channels, initial={"version": 1, "channels": [c.pk for c in chosen]})
        return _compose(request, form, None, [GivenPart("1")])
    form = ComposerForm(request.POST, channels=channels)
    parts, problem = _given(request)
    if answer := _not_to_be_saved(request, form, None, parts, problem):
        return answer
    brand = request.workspace.brands.order_by("created_at").first()
    if brand is None:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    try:
        post = verbs.draft(
            request.member, brand=brand, channels=list(form.cleaned_data["channels"]), **_said(parts)
        )
    except Invalid as refused:
        return _compose(request, form, None, parts, problem=refused)
    return _saved(request, post)


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = reads.post(request.workspace, pk)
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        given = {"version": post.version, "channels": list(post.channels.values_list("pk", flat=True))}
        return _compose(request, ComposerForm(channels=channels, initial=given), post, parts_kept(post.parts))
    form = ComposerForm(request.POST, channels=channels)
    parts, problem = _given(request, post)
    if answer := _not_to_be_saved(request, form, post, parts, problem):
        return answer
    saved = {"version": form.cleaned_data["version"], "channels": list(form.cleaned_data["channels"])}
    try:
        post = verbs.edit(post, by=request.member, **saved, **_said(parts))
    except StaleDraft as stale:
        return _told_of_the_other(request, channels, parts, stale)
    except Problem as refused:
        return _compose(request, form, post, parts, problem=refused)
    return _saved(request, post)


def _given(request: HttpRequest, post: Post | None = None) -> tuple[Parts, Invalid | None]:
    """What the form sent, its files kept; and the first of the files that was refused. A form that knows of one text
    leaves everything else of `post` as it is."""
    parts = parts_given(request.POST)
    if parts is None:
        parts = parts_kept(post.parts) if post else [GivenPart("1")]
        parts[0].text = request.POST.get("text", "")
    problem: Invalid | None = None
    for part in parts:
        for file in request.FILES.getlist(f"files:{part.key}")[:MOST_IMAGES]:
            try:
                kept = keep_upload(request.workspace, file)
            except Invalid as refused:
                problem = problem or refused
            else:
                if kept.pk.hex not in {image["file"] for image in part.images}:
                    part.images.append({"file": kept.pk.hex, "alt": ""})
    return parts, problem


def _not_to_be_saved(
    request: HttpRequest, form: ComposerForm, post: Post | None, parts: Parts, problem: Problem | None
) -> HttpResponse | None:
    """The page once more, when only its parts were moved, or something in the form was not right."""
    if wish := request.POST.get("do", ""):
        return _compose(request, form, post, rearranged(parts, wish), problem=problem, status=200)
    if problem is not None or not form.is_valid():
        return _compose(request, form, post, parts, problem=problem, status=422)
    return None


def _said(parts: Parts) -> dict:
    """The parts as the verbs take them. Empty ones say nothing."""
    first, *rest = [part for part in parts if not part.empty] or parts[:1]
    following = [{"text": part.text, "images": part.images} for part in rest]
    return {"text": first.text, "images": first.images, "following": following}


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


def _told_of_the_other(request: HttpRequest, channels, parts: Parts, stale: StaleDraft) -> HttpResponse:
    """Both side by side: yours in the fields, on top of the version that is saved now."""
    data = request.POST.copy()
    data["version"] = stale.theirs.version
    form = ComposerForm(data, channels=channels)
    post = reads.post(request.workspace, stale.theirs.pk)
    theirs = showing.shown(request.workspace, post.parts)
    return _compose(request, form, post, parts, status=409, stale=stale, theirs=theirs)


def _compose(
    request: HttpRequest,
    form: ComposerForm,
    post: Post | None,
    parts: Parts,
    *,
    status: int | None = None,
    problem: Problem | None = None,
    **more,
) -> HttpResponse:
    chosen = {str(pk) for pk in form["channels"].value() or []}
    choices = [
        {"channel": fit.channel, "chosen": str(fit.channel.pk) in chosen, "fit": fit}
        for fit in (Fit(channel) for channel in form.fields["channels"].queryset)
    ]
    shown = showing.shown(request.workspace, [asdict(part) for part in parts])
    for part in shown:
        part["meters"] = [choice | choice["fit"].meter(part["text"]) for choice in choices]
    context = {
        "form": form,
        "post": post,
        "choices": choices,
        "parts": shown,
        "several": len(shown) > 1,
        "shape": {
            "key": "KEY",
            "text": "",
            "images": [],
            "meters": [c | c["fit"].meter("") for c in choices],
        },
        "image_shape": {"file": "FILE", "alt": "", "url": "", "name": ""},
        "version": form["version"].value(),
        "keep": f"post:{post.pk}" if post else f"post:new:{request.workspace.pk}",
        "upload_url": reverse("studio-file-keep", kwargs={"workspace": request.workspace.slug}),
        "most_parts": MOST_PARTS,
        "most_images": MOST_IMAGES,
        "sandbox_label": LABEL,
        "is_approved": bool(post and post.is_approved),
        "problem": problem,
    }
    status = status or (problem.status if problem else 200)
    return render(request, "publishing/composer.html", context | more, status=status)
