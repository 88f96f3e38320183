"""The composer: the parts of a post with their images, its channels, and as people will see it there. Two people in
one draft are told of each other.
"""

from __future__ import annotations

from datetime import datetime
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
from quarterdeck.publishing.linked import cards
from quarterdeck.publishing.models import MOST_IMAGES, Post
from quarterdeck.publishing.verbs import StaleDraft
from quarterdeck.publishing.views import helping, purpose, showing
from quarterdeck.publishing.views.composing import compose, planned_wall, wall_of
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
        chosen = list(form.cleaned_data["channels"])
        post = verbs.draft(request.member, brand=brand, channels=chosen, **given.said, **_more(request, form))
    except Invalid as refused:
        return compose(request, form, None, given, problem=refused)
    return _saved(request, post, form.cleaned_data["when"])


@page("publishing.post.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = reads.post(request.workspace, pk)
    channels = channel_reads.connected(request.workspace)
    if request.method != "POST":
        chosen = list(post.channels.values_list("pk", flat=True))
        initial = {
            "version": post.version,
            "channels": chosen,
            "kind": "post" if post.kind == "thread" else post.kind,
            "language": post.language,
            "when": planned_wall(post),
        }
        form = ComposerForm(channels=channels, initial=initial)
        return compose(request, form, post, forms_parts.kept(post.parts, post.overrides))
    form = ComposerForm(request.POST, channels=channels)
    given, problem = _given(request, post)
    if answer := _not_to_be_saved(request, form, post, given, problem):
        return answer
    saved = {"version": form.cleaned_data["version"], "channels": list(form.cleaned_data["channels"])}
    try:
        post = verbs.edit(post, by=request.member, **saved, **given.said, **_more(request, form, post))
    except StaleDraft as stale:
        return _told_of_the_other(request, channels, given, stale)
    except Problem as refused:
        return compose(request, form, post, given, problem=refused)
    return _saved(request, post, form.cleaned_data["when"])


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
    if wish := helping.wished(request):
        arranged, more = helping.done(request, form, given, wish)
        return compose(
            request, form, post, arranged, problem=more.pop("problem", problem), status=200, **more
        )
    if problem is not None or not form.is_valid():
        return compose(request, form, post, given, problem=problem, status=422)
    return None


def _more(request: HttpRequest, form: ComposerForm, post: Post | None = None) -> dict:
    """Kind, language and card, where the form knows of them: one that does not leaves them as they are."""
    more = {name: form.cleaned_data[name] for name in ("kind", "language") if name in request.POST}
    if "cards" in request.POST:
        more["card"] = cards.chosen(request.workspace, request.POST.get("card", ""), post)
    return more


def _saved(request: HttpRequest, post: Post, when: datetime | None = None) -> HttpResponse:
    """The draft is saved; planned where a time was chosen; asked for approval too when that button was pressed, and
    if not, why not."""
    said, trouble = _planned(request, post, when)
    if words := purpose.saved(request, post):
        said, trouble = said + words, True
    if request.POST.get("then") == "ask":
        try:
            verbs.ask_approval(post, by=request.member)
            said = f"Saved, and approval is asked.{said}"
        except Problem as problem:
            said, trouble = f"Saved as a draft. {problem.title} {problem.next_step}{said}", True
    elif words := refused_by_networks(post):
        said, trouble = f"The draft is saved. {words[0]}{said}", True
    else:
        said = f"The draft is saved.{said}"
    toasts.add(request, said, tone="coral" if trouble else "")
    return redirect("publishing-post", workspace=request.workspace.slug, pk=post.pk)


def _planned(request: HttpRequest, post: Post, when: datetime | None) -> tuple[str, bool]:
    """Plan what was saved for the time in the form, unless it is planned for that already. What is said of it, and
    whether it went wrong."""
    if (
        when is None
        or not request.member.may("publishing.post.schedule")
        or planned_wall(post) == wall_of(when)
    ):
        return "", False
    moving = bool(planned_wall(post))
    try:
        (verbs.reschedule if moving else verbs.schedule)(post, by=request.member, when=when)
    except Problem as problem:
        return f" It is not planned: {problem.title} {problem.next_step}".rstrip(), True
    return f" {'Moved to' if moving else 'Planned for'} {when:%A} {when.day} {when:%B, %H:%M}.", False


def _told_of_the_other(request: HttpRequest, channels, given: Given, stale: StaleDraft) -> HttpResponse:
    """Both side by side: yours in the fields, on top of the version that is saved now."""
    data = request.POST.copy()
    data["version"] = stale.theirs.version
    form = ComposerForm(data, channels=channels)
    post = reads.post(request.workspace, stale.theirs.pk)
    theirs = showing.shown(request.workspace, post.parts)
    return compose(request, form, post, given, status=409, stale=stale, theirs=theirs)
