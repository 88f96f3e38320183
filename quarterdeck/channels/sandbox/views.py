"""The Sandbox's public pages: an account's feed and a single post, as a visitor of that network sees them."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterdeck.channels.sandbox import LABEL, limits
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxPost
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.access import public


@public("The feed of the Sandbox network: what was published there is public, as on any network.")
@require_safe
def feed(request: HttpRequest, handle: str) -> HttpResponse:
    account = _account(handle)
    posts = Paginator(account.posts.order_by("-posted_at", "-id"), limits.PER_PAGE)
    shown = posts.get_page(request.GET.get("page"))
    return render(request, "sandbox/feed.html", {"account": account, "posts": shown, "sandbox_label": LABEL})


@public("A single post of the Sandbox network, linked from its delivery.")
@require_safe
def post(request: HttpRequest, handle: str, pk: UUID) -> HttpResponse:
    account = _account(handle)
    found = SandboxPost.objects.filter(account=account, pk=pk).first()
    if found is None:
        raise NotFound("There is no such post on the Sandbox.")
    return render(request, "sandbox/post.html", {"account": account, "post": found, "sandbox_label": LABEL})


def _account(handle: str) -> SandboxAccount:
    found = SandboxAccount.objects.filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such account on the Sandbox.")
    return found
