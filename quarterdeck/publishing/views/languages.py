"""The same post in several languages: linked siblings, each approved and planned for itself."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.access import page
from quarterdeck.publishing import reads, verbs
from quarterdeck.publishing.cleaning import clean_language
from quarterdeck.publishing.models import Post
from quarterdeck.shell import toasts

MOST_SHOWN = 40


def siblings(post: Post) -> list[Post]:
    """The other versions of a post, by language; not those that were discarded."""
    first = post.version_of or post.pk
    group = Post.objects.filter(workspace=post.workspace_id, discarded_at__isnull=True)
    group = group.filter(Q(pk=first) | Q(version_of=first)).exclude(pk=post.pk)
    return list(group.order_by("language", "created_at")[:MOST_SHOWN])


@page("publishing.post.draft")
@require_POST
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Copy the post as a draft in another language, and open it for writing."""
    post = reads.post(request.workspace, pk)
    language = clean_language(request.POST.get("language", ""))
    if not language:
        raise Invalid(
            "No language was given.", not_done="Nothing was made.", next_step="Give a tag like de or pt-BR."
        )
    if language == post.language or any(one.language == language for one in siblings(post)):
        raise Conflict(f"There is a version in {language} already.", not_done="Nothing was made.")
    made = verbs.draft(
        request.member,
        brand=post.brand,
        channels=list(post.channels.filter(disconnected_at__isnull=True)),
        version_of=post.version_of or post.pk,
        text=post.text,
        images=post.images,
        following=post.following,
        overrides=post.overrides,
        kind=post.kind,
        language=language,
        card=post.card,
    )
    toasts.add(
        request,
        f"The version in {language} is made: translate it here. Approval and time are its own.",
    )
    return redirect("publishing-post-edit", workspace=request.workspace.slug, pk=made.pk)
