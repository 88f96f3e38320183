"""“Sign in at Bluesky”, with a real browser on the real server's own pages: connected, published, renewed, ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.channels import adapters, calls, credentials
from quarterdeck.channels.bluesky import dpop, identity
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.contract import Refused
from quarterdeck.channels.models import Channel, Credential
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [
    pytest.mark.real,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]


@pytest.fixture
def server(pds, monkeypatch):
    """The server, and the directory that knows its accounts."""
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"{pds.host},{pds.directory.removeprefix('http://')}")
    monkeypatch.setattr(identity, "DIRECTORY", pds.directory)
    dpop.memory.forget()
    calls.client.cache_clear()
    return pds


@pytest.fixture
def ada(page: Page, live_server):
    member = make.member()
    page.route("**/live/stream?*", lambda route: route.fulfill(status=204))
    browser.sign_in(page, live_server.url, member.user)
    return member


def test_signed_in_there_published_renewed_and_ended(page: Page, live_server, ada, server):
    person = server.person("kitchenette")
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network=bluesky")
    page.get_by_label("Handle").fill(f"@{person.handle}")
    page.get_by_label("Server").fill(server.address)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at Bluesky")
    page.get_by_role("link", name="Go on to localhost").click()
    expect(page.locator("input[type=password]")).to_be_visible(timeout=20_000)
    page.locator("input[type=password]").fill(person.password)
    page.locator("form button[type=submit]").click()
    page.wait_for_timeout(4000)
    page.screenshot(path="/tmp/oauth/2.png")
    print(page.url, page.inner_text("body"))
    for n, text in enumerate(("Authorize", "Allow", "Accept")):
        found = page.get_by_role("button", name=text)
        print(text, found.count())
        if found.count():
            found.first.click()
            page.wait_for_timeout(3000)
            break
    page.screenshot(path="/tmp/oauth/3.png")
    print(page.url, page.inner_text("body"))
    page.get_by_role("button", name="Finish connecting").click()
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/oauth/4.png")
    print(page.url, page.inner_text("main"))
