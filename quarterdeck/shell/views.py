"""The shell's own pages: search, the palette's findings, the settings' front, the theme, the style guide."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core import registries
from quarterdeck.crew.access import page, public, signed_in
from quarterdeck.shell import intake, reads, specimens, toasts

PALETTE_HITS = 4
PAGE_HITS = 25


def _search_address(request: HttpRequest, query: str) -> str:
    address = reverse("shell-search", kwargs={"workspace": request.workspace.slug})
    return f"{address}?{urlencode({'q': query})}" if query else address


@never_cache
@require_safe
@page("crew.workspace.view")
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[: reads.LONGEST_QUERY]
    hits, failed = reads.search(request.member, query, PAGE_HITS)
    context = {"query": query, "hits": hits, "failed": failed, "shortest": reads.SHORTEST_QUERY}
    return render(request, "shell/search.html", context)


@never_cache
@require_safe
@page("crew.workspace.view")
def palette(request: HttpRequest) -> HttpResponse:
    """What the rooms found for the palette's words, as options of its list."""
    query = request.GET.get("q", "").strip()[: reads.LONGEST_QUERY]
    hits, _ = reads.search(request.member, query, PALETTE_HITS)
    context = {"query": query, "hits": hits, "search_url": _search_address(request, query)}
    return render(request, "shell/_palette_found.html", context)


@never_cache
@require_safe
@page("crew.workspace.view")
def settings(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/settings_front.html")


@require_POST
@signed_in
def theme(request: HttpRequest) -> HttpResponse:
    intake.choose_theme(request.user, request.POST.get("theme", ""))
    return toasts.back(request, "/")


@require_safe
@public("shows parts with made-up words only")
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/styleguide.html", specimens.context())


@require_safe
@public("tells a phone what the installed app is called; it names nobody and nothing of a workspace")
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest (W3C), with the page that takes what is shared (Web Share Target): a GET that keeps nothing,
    since a POST from a phone's share menu could bring no token of ours."""
    said = {
        "id": "/",
        "name": "Quarterdeck",
        "short_name": "Quarterdeck",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FAF7F1",
        "theme_color": "#0E6B5C",
        "icons": [
            {"src": static(f"shell/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
            for side in (192, 512)
        ]
        + [
            {
                "src": static("shell/icon-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
            {"src": static("shell/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    for _, page_name in registries.share_target:
        params = {"title": "title", "text": "text", "url": "url"}
        said["share_target"] = {"action": reverse(page_name), "method": "GET", "params": params}
    response = JsonResponse(said, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response
