"""Every page, as a person meets it: both themes, a laptop and a phone. axe finds nothing serious, nothing runs off
to the side, the console is silent, and nothing breaks the content security policy. And every page without a mouse:
Tab reaches whatever can be pressed, typed in or dragged, shows where it is, covers it with nothing, and comes round.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.config.urls import workspace_route_names
from quarterdeck.crew.models import Workspace
from quarterdeck.shell.tests import browser
from tests import frames, make, samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = [("light", browser.DESK), ("dark", browser.PHONE), ("dark", browser.DESK), ("light", browser.PHONE)]
KEYBOARD_WALK = (Path(__file__).parent / "keyboard_walk.js").read_text()
SIGNED_OUT = ["/", "/account/login/", "/account/password/reset/", "/styleguide/", "/nowhere/"]
ACCOUNT = ["/workspaces/", "/account/password/change/", "/account/2fa/", "/account/2fa/totp/activate/"]


def _workspace_pages(workspace: Workspace, client: Client) -> list[str]:
    """Every address of the workspace that answers a GET with a page."""
    pages = []
    for name in workspace_route_names():
        parts = samples.SAMPLES[name](workspace) if name in samples.SAMPLES else {}
        address = reverse(name, kwargs={"workspace": workspace.slug, **parts})
        with frames.uncounted():
            answer = client.get(address)
        shown = "attachment" not in answer.headers.get("Content-Disposition", "")
        is_page = "text/html" in answer.headers.get("Content-Type", "") and b"<html" in answer.content
        if answer.status_code == 200 and shown and is_page:
            pages.append(address)
    return pages


def _faults(page, address: str, heard: list[str], expect_error: bool = False) -> list[str]:
    """What is wrong with the page as it stands in the browser, each with its address."""
    heard.clear()
    page.goto(address)
    page.wait_for_load_state("load")
    found = browser.axe_findings(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("something runs off to the side")
    if not expect_error:
        found += [f"console: {line}" for line in heard]
    return [f"{address} {page.viewport_size['width']}px: {fault}" for fault in found]


def _keyboard_faults(page, address: str) -> list[str]:
    """Tab from the top until it comes round: what it does not reach, hides, or cannot leave."""
    page.goto(address)
    page.wait_for_load_state("load")
    page.evaluate(KEYBOARD_WALK)
    found = [f"only for a mouse: {what}" for what in page.evaluate("keyboardWalk.begin()")]
    for _ in range(500):
        page.keyboard.press("Tab")
        now = page.evaluate("keyboardWalk.step()")
        if now["done"]:
            break
        found += [f"{fault}: {now['what']}" for fault in now["faults"]]
    else:
        found.append("Tab does not come round")
    found += [f"Tab does not reach: {what}" for what in page.evaluate("keyboardWalk.left()")]
    return [f"{address} {page.viewport_size['width']}px: {fault}" for fault in found]


def _walk(chromium, live_server, ways: list, share: int = 1) -> list[str]:
    """Each page in all of these ways, or (share 2) in one of two, in turn."""
    owner = make.member()
    client = Client()
    client.force_login(owner.user)
    inside = _workspace_pages(owner.workspace, client)
    assert len(inside) > 15
    faults = []
    for way, (theme, size) in enumerate(ways):
        page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
        heard = browser.watch(page)
        mine = [one for at, one in enumerate([*SIGNED_OUT, *ACCOUNT, *inside]) if (at + way) % share == 0]
        for address in (one for one in mine if one in SIGNED_OUT):
            faults += _faults(page, live_server.url + address, heard, expect_error=address == "/nowhere/")
        browser.sign_in(page, live_server.url, owner.user)
        for address in (one for one in mine if one not in SIGNED_OUT):
            faults += [f"{theme}: {fault}" for fault in _faults(page, live_server.url + address, heard)]
    return faults


@pytest.mark.timeout(1200)
def test_every_page_is_sound_on_a_laptop_in_the_light_or_on_a_phone_in_the_dark(request, live_server):
    """Each page once: every second one on the phone."""
    assert _walk(request.getfixturevalue("browser"), live_server, WAYS[:2], share=2) == []


@pytest.mark.prove
@pytest.mark.timeout(2400)
def test_every_page_is_sound_in_both_themes_on_both_screens(request, live_server):
    assert _walk(request.getfixturevalue("browser"), live_server, WAYS) == []


@pytest.mark.prove
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("size", [browser.DESK, browser.PHONE], ids=["laptop", "phone"])
def test_every_page_can_be_used_by_keyboard_alone(request, live_server, size):
    owner = make.member()
    client = Client()
    client.force_login(owner.user)
    inside = _workspace_pages(owner.workspace, client)
    page = request.getfixturevalue("browser").new_context(viewport=size, locale="en-GB").new_page()
    faults = []
    for address in SIGNED_OUT:
        faults += _keyboard_faults(page, live_server.url + address)
    browser.sign_in(page, live_server.url, owner.user)
    for address in [*ACCOUNT, *inside]:
        faults += _keyboard_faults(page, live_server.url + address)
    assert not faults, "\n".join(faults)
