"""Every address of the product: each room's pages of a workspace stand under `/w/<slug>/`.

A room's `urls.py` has `workspace_urls` (mounted below /w/<slug:workspace>/) and `public_urls` (mounted at the
root; each view there carries `@public("why")`).
"""

from importlib import import_module

from django.urls import include, path

ROOMS = [
    "ledger",
    "live",
    "crew",
    "shell",
    "channels",
    "studio",
    "strategy",
    "publishing",
    "ideas",
    "review",
    "planning",
    "exchange",
    "changes",
    "accountability",
    "lessons",
    "stakeholders",
    "consent",
    "leadership",
    "desk",
]


def _patterns(name: str) -> list:
    found = []
    for room in ROOMS:
        try:
            module = import_module(f"quarterdeck.{room}.urls")
        except ModuleNotFoundError as missing:
            if missing.name != f"quarterdeck.{room}.urls":
                raise
            continue
        found += getattr(module, name, [])
    return found


WORKSPACE_URLS = _patterns("workspace_urls")


def workspace_route_names() -> list[str]:
    """The name of every address below /w/<workspace>/, for the tests that walk them all."""
    return sorted(pattern.name for pattern in WORKSPACE_URLS)


urlpatterns = [
    path("w/<slug:workspace>/", include(WORKSPACE_URLS)),
    path("account/", include("allauth.urls")),
    *_patterns("public_urls"),
]

handler400 = "quarterdeck.shell.refusals.bad_request"
handler403 = "quarterdeck.shell.refusals.forbidden"
handler404 = "quarterdeck.shell.refusals.not_found"
handler500 = "quarterdeck.shell.refusals.broken"
