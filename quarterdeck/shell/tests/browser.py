"""A real Chromium for tests: where it is, what watches it, and axe. Plain functions; any room's browser tests use them.

A browser test takes pytest-playwright's `page` and pytest-django's `live_server`, and is marked `browser`.
"""

from __future__ import annotations

import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

# The one without a window costs a sixth less.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
# For what is looked at in every theme and on every screen: each day where most goes wrong, the rest in `make prove`.
EVERY_LOOK = pytest.mark.parametrize(
    ("theme", "size"),
    [
        pytest.param("dark", PHONE, id="dark-phone"),
        pytest.param("light", DESK, id="light-laptop", marks=pytest.mark.prove),
        pytest.param("dark", DESK, id="dark-laptop", marks=pytest.mark.prove),
        pytest.param("light", PHONE, id="light-phone", marks=pytest.mark.prove),
    ],
)


def executable() -> str | None:
    """The system's Chromium, or None to let Playwright look for its own."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def sign_in(page, base_url: str, user) -> None:
    """Give the browser the session of `user`, without passing through a sign-in page."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    host = urlsplit(base_url).hostname
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])


def watch(page) -> list[str]:
    """A list that fills with console errors, page errors and policy violations. It should stay empty."""
    heard: list[str] = []
    page.on("console", lambda said: said.type == "error" and heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
    )
    return heard


def axe_findings(page) -> list[str]:
    """What axe calls serious or critical on the page as it stands, one line a place; empty is right.

    Contrast is judged on what comes to rest: running animations are waited for (one that is cancelled has ended too),
    and what appears meanwhile (a toast comes a moment after its page) does not move.
    """
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map(a => a.effect.getTiming().iterations === 1 && a.finished))"
    )
    # What passed is not described to us: half of the time, and the same findings.
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    page.emulate_media(reduced_motion="no-preference")
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
