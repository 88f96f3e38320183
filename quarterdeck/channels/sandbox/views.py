"""The Sandbox's public pages: an account's feed and a single post, as a visitor of that network sees them."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.channels.sandbox import LABEL, limits
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxFile, SandboxPost
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import public


@public("The feed of the Sandbox network: what was published there is public, as on any network.")
@require_safe
def feed(request: HttpRequest, handle: str) -> HttpResponse:
    account = _account(handle)
    first = account.posts.filter(answers=None).order_by("-posted_at", "-id")
    shown = Paginator(first, limits.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "account": account,
        "threads": _threads(account, list(shown)),
        "page": shown,
        "sandbox_label": LABEL,
    }
    return render(request, "sandbox/feed.html", context)


@public("A single post of the Sandbox network, linked from its delivery.")
@require_safe
def post(request: HttpRequest, handle: str, pk: UUID) -> HttpResponse:
    account = _account(handle)
    found = SandboxPost.objects.filter(account=account, pk=pk).first()
    if found is None:
        raise NotFound("There is no such post on the Sandbox.")
    first = _first(found)
    context = {
        "account": account,
        "threads": _threads(account, [first]),
        "post": found,
        "sandbox_label": LABEL,
    }
    return render(request, "sandbox/post.html", context)


@public("A picture of a post on the Sandbox network, as public as the post.")
@require_safe
def file(request: HttpRequest, handle: str, pk: UUID) -> HttpResponse:
    found = SandboxFile.objects.filter(account=_account(handle), pk=pk).first()
    if found is None:
        raise NotFound("There is no such picture on the Sandbox.")
    shown = found.mime in limits.IMAGE_TYPES
    response = HttpResponse(
        bytes(found.data), content_type=found.mime if shown else "application/octet-stream"
    )
    response["Content-Disposition"] = "inline" if shown else "attachment"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _first(post: SandboxPost) -> SandboxPost:
    """The first part of the thread a post belongs to."""
    for _ in range(limits.LONGEST_THREAD):
        if post.answers is None:
            break
        post = post.answers
    return post


def _threads(account: SandboxAccount, firsts: list[SandboxPost]) -> list[list[dict]]:
    """Each of these posts with the parts that answer it, in order, and the pictures of each."""
    threads: dict[UUID, list[SandboxPost]] = {first.pk: [first] for first in firsts}
    ends = {first.pk: first.pk for first in firsts}  # the newest part of a thread, and its first
    for _ in range(limits.LONGEST_THREAD):
        found = list(
            SandboxPost.objects.filter(account=account, answers__in=ends).order_by("posted_at", "pk")
        )
        if not found:
            break
        ends = {answer.pk: ends[answer.answers_id] for answer in found}
        for answer in found:
            threads[ends[answer.pk]].append(answer)
    sizes = _sizes(account, [part for thread in threads.values() for part in thread])
    return [[_part(part, sizes) for part in thread] for thread in threads.values()]


def _sizes(account: SandboxAccount, parts: list[SandboxPost]) -> dict[str, SandboxFile]:
    wanted = {image["file"] for part in parts for image in part.images}
    found = SandboxFile.objects.filter(account=account, pk__in=wanted).defer("data") if wanted else ()
    return {one.pk.hex: one for one in found}


def _part(part: SandboxPost, sizes: dict[str, SandboxFile]) -> dict:
    images = [{"file": sizes[i["file"]], "alt": i["alt"]} for i in part.images if i["file"] in sizes]
    return {"post": part, "images": images}


def _account(handle: str) -> SandboxAccount:
    found = SandboxAccount.objects.filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such account on the Sandbox.")
    return found
