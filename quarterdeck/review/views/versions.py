"""Every saved version of a post, and what differs between two of them, in everything that goes out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Clearance, PostVersion
from quarterdeck.publishing.views import showing
from quarterdeck.review import comparing, reads
from quarterdeck.review.comparing import Fact, Passage, Picture


@page("review.comment.view")
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Version `b` (the newest unless told) beside version `a` (the one before it)."""
    post = publishing_reads.post(request.workspace, pk)
    every = reads.versions(post)
    if not every:
        raise NotFound("No version of this post was kept.")
    numbers = [version.number for version in every]
    at = _index(numbers, request.GET.get("b", ""), len(every) - 1)
    against = _index(numbers, request.GET.get("a", ""), max(0, at - 1))
    now, was = every[at], every[against]
    passages, facts = comparing.passages(was, now), comparing.facts(was, now)
    _show_pictures(request.workspace, passages, facts)
    context = {
        "post": post,
        "versions": _listed(every),
        "now": now,
        "was": was if was.pk != now.pk else None,
        "earlier": numbers[at - 1] if at else None,
        "later": numbers[at + 1] if at + 1 < len(every) else None,
        "changed": comparing.summary(was, now),
        "passages": reads.named(request.workspace, passages),
        "facts": facts,
    }
    return render(request, "review/versions.html", context)


def _index(numbers: list[int], wish: str, default: int) -> int:
    """The place of the version asked for; of one that is not there the nearest before it."""
    if not wish.isdecimal() or len(wish) > 9:
        return default
    before = [place for place, number in enumerate(numbers) if number <= int(wish)]
    return before[-1] if before else 0


def _listed(every: list[PostVersion]) -> list[dict]:
    """Each version with what differs from the one before it, and whether it is a text that may go out."""
    cleared = set(
        Clearance.objects.filter(post=every[0].post_id, ended_at__isnull=True).values_list(
            "text_hash", flat=True
        )
    )
    changed = [[], *(comparing.summary(was, now) for was, now in pairwise(every))]
    return [
        {"row": version, "approved": version.text_hash in cleared, "changed": what}
        for version, what in zip(every, changed, strict=True)
    ]


def _show_pictures(workspace: Workspace, passages: list[Passage], facts: list[Fact]) -> None:
    """Put on each picture the address and size it is shown by, for as long as its file is kept."""
    pictures = [*_pictures(passages), *(one for fact in facts for one in fact.pictures)]
    found = showing.addressed(workspace, [one.image["file"] for one in pictures])
    for one in pictures:
        one.shown = found.get(one.image["file"], {})


def _pictures(passages: Iterable[Passage]) -> Iterable[Picture]:
    return (one for passage in passages for part in passage.parts for one in part.pictures)
