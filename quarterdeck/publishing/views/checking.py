"""The lint rail while one writes: the draft comes with the request, the sentences go back. Nothing of it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from quarterdeck.channels import reads as channel_reads
from quarterdeck.channels.models import Channel
from quarterdeck.crew.access import page
from quarterdeck.publishing import forms_parts, rail
from quarterdeck.publishing.forms import ComposerForm
from quarterdeck.publishing.forms_parts import Given
from quarterdeck.publishing.linked import cards
from quarterdeck.publishing.linked import intake as linked
from quarterdeck.publishing.models import LinkedPage, Post


@page("publishing.post.draft")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What there is to say of the draft in the form. Links not looked at yet are wanted, never waited for."""
    given = forms_parts.given(request.POST) or Given()
    form = ComposerForm(request.POST, channels=channel_reads.connected(request.workspace))
    channels = list(form.cleaned_data["channels"]) if form.is_valid() else []
    post = _post(request)
    draft = rail.drafted(*_plain(given), channels, post)
    linked.want(request.workspace, rail.links_of(draft))
    return render(
        request, "publishing/_rail.html", context(request, given, channels, post) | {"editing": True}
    )


def context(request: HttpRequest, given: Given, channels: Sequence[Channel], post: Post | None) -> dict:
    """What `_rail.html` takes."""
    common, own = _plain(given)
    links = rail.links_of(rail.drafted(common, own, channels, post))
    looking = LinkedPage.of(request.workspace.pk, links).filter(looked_at__isnull=True)
    return {
        "card": cards.offered(request.workspace, [common], post),
        "rail": rail.of(request.member, common, own, channels, post, request.POST.get("kind", "")),
        "pending": looking.exists(),
    }


def _plain(given: Given) -> tuple[list[dict], dict[str, list[dict]]]:
    common = [{"key": part.key, **part.said} for part in given.parts]
    return common, {pk: [{"key": part.key, **part.said} for part in own] for pk, own in given.own.items()}


def _post(request: HttpRequest) -> Post | None:
    try:
        pk = UUID(request.POST.get("post", ""))
    except ValueError:
        return None
    return Post.objects.filter(workspace=request.workspace, pk=pk).first()
