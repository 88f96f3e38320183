"""The page “Public address” in a real Chromium: the browser's own test, what it says, and axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.core import reach
from quarterdeck.shell.tests import browser
from tests import make
from tests.web.test_live_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of_owner(server, context):
    owner = make.member()
    owner.user.owns_installation = True
    owner.user.save()
    sign_in(context, owner.user)
    page = context.new_page()
    page.heard = browser.watch(page)
    page.goto(f"{server.url}/w/{owner.workspace.slug}/settings/address/")
    yield page
    reach.set_public_url("")


def set_address(page, url: str) -> None:
    page.get_by_label("Public address").fill(url)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Not tested", exact=True)).to_be_visible()


def test_the_browser_finds_this_installation_at_another_address_of_the_machine(server, page_of_owner):
    """The public address is this machine by a name that resolves to it; the page asks across origins."""
    page = page_of_owner
    page.context.route(
        "http://desk.example.org/**",
        lambda route: route.fulfill(
            response=page.request.get(f"{server.url}/reach/{route.request.url.split('/')[-1]}")
        ),
    )
    set_address(page, "http://desk.example.org")
    assert browser.axe_findings(page) == []
    page.get_by_role("button", name="Test it now").click()
    expect(page.get_by_text("Tested", exact=True)).to_be_visible()
    expect(page.get_by_text("Passed: your browser reached")).to_be_visible()
    assert page.heard == []


def test_an_address_that_leads_elsewhere_is_not_believed(server, page_of_owner):
    page = page_of_owner
    page.context.route(
        "http://elsewhere.invalid/**",
        lambda route: route.fulfill(json={"mark": "0" * 64}, headers={"Access-Control-Allow-Origin": "*"}),
    )
    set_address(page, "http://elsewhere.invalid")
    page.get_by_role("button", name="Test it now").click()
    expect(page.get_by_text("Not passed.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Not tested", exact=True)).to_be_visible()


def test_a_wrong_address_is_said_in_words_beside_the_field(page_of_owner):
    page = page_of_owner
    page.get_by_label("Public address").fill("https://desk.example.org/path")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give only the address itself").first).to_be_visible()
    assert browser.axe_findings(page) == []
