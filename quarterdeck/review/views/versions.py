"""Every saved version of a post, and what differs between two of them, word by word."""

from __future__ import annotations

from itertools import zip_longest
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import page
from quarterdeck.publishing import differences
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing.models import Clearance, PostVersion
from quarterdeck.review import reads

_NOTHING = {"text": "", "images": []}


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
    cleared = set(
        Clearance.objects.filter(post=post, ended_at__isnull=True).values_list("text_hash", flat=True)
    )
    context = {
        "post": post,
        "versions": [{"row": version, "approved": version.text_hash in cleared} for version in every],
        "now": now,
        "was": was if was.pk != now.pk else None,
        "place": at + 1,
        "earlier": numbers[at - 1] if at else None,
        "later": numbers[at + 1] if at + 1 < len(every) else None,
        "parts": _compared(was, now),
    }
    return render(request, "review/versions.html", context)


def _index(numbers: list[int], wish: str, default: int) -> int:
    """The place of the version asked for; of one that is not there the nearest before it."""
    if not wish.isdecimal() or len(wish) > 9:
        return default
    before = [place for place, number in enumerate(numbers) if number <= int(wish)]
    return before[-1] if before else 0


def _compared(was: PostVersion, now: PostVersion) -> list[dict]:
    """Part by part: the pieces of the text, and the images that came and went."""
    told = []
    for old, new in zip_longest(was.parts, now.parts, fillvalue=_NOTHING):
        before, after = _images(old), _images(new)
        told.append(
            {
                "pieces": differences.words(old["text"], new["text"]),
                "gone": [alt for key, alt in before.items() if key not in after],
                "come": [alt for key, alt in after.items() if key not in before],
                "described": [
                    differences.words(before[key], alt)
                    for key, alt in after.items()
                    if key in before and before[key] != alt
                ],
            }
        )
    return told


def _images(part: dict) -> dict[str, str]:
    return {image["sha256"]: image["alt"] or "no description" for image in part["images"]}
