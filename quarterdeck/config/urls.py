"""Every address of the product: each room's pages of a workspace stand under `/w/<slug>/`.

A room's `urls.py` has `workspace_urls` (mounted below /w/<slug:workspace>/) and `public_urls` (mounted at the
root; each view there carries `@public("why")`).
"""

from importlib import import_module

from django.urls import include, path

ROOMS = ["ledger", "live", "crew", "shell", "channels", "publishing", "desk"]


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


urlpatterns = [
    path("w/<slug:workspace>/", include(_patterns("workspace_urls"))),
    path("account/", include("allauth.urls")),
    *_patterns("public_urls"),
]
