"""The export in a real browser, in both themes, on a laptop and on a phone: asked for, followed, and fetched."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.exchange import exporting
from quarterdeck.exchange.models import Export
from quarterdeck.exchange.tests import world
from quarterdeck.exchange.tests.test_import_browser import shot, sound
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@browser.EVERY_LOOK
def test_everything_is_asked_for_followed_and_fetched(request, live_server, theme, size):
    ours = world.two()
    chromium = request.getfixturevalue("browser")
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    heard = browser.watch(page)
    browser.sign_in(page, live_server.url, ours.lead.user)
    page.goto(f"{live_server.url}/w/{ours.lead.workspace.slug}/settings/export/")
    sound(page, heard)
    page.get_by_role("button", name="Export everything").press("Enter")
    expect(page.get_by_text("Writing everything down")).to_be_visible()
    sound(page, heard)
    exporting.make(Export.objects.get().pk)
    link = page.get_by_role("link", name="Download the archive")
    expect(link).to_be_visible()
    sound(page, heard)
    shot(page, f"{theme}-{size['width']}-7-export")
    with page.expect_download() as fetched:
        link.press("Enter")
    assert fetched.value.suggested_filename.endswith(".zip")
    assert fetched.value.path().read_bytes()[:4] == b"PK\x03\x04"
