"""The lint rail in a real browser: what is to be mended is said while one writes, and one key mends it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests.test_composer_browser import SOUP
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_rail_says_what_to_mend_and_one_key_mends_it(page, composer):
    rail = page.get_by_role("region", name="What to look at")
    page.get_by_label("Text", exact=True).fill("The spring menu is here. #springmenu")
    better = rail.get_by_role("button", name="Write #SpringMenu")
    better.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_have_value("The spring menu is here. #SpringMenu")
    expect(better).to_have_count(0)
    expect(rail).to_contain_text("No post like this in the last 90 days.")
    page.locator("[data-scope='']").locator("input[type=file]").set_input_files([SOUP])
    expect(rail).to_contain_text("Picture 1 has no description. People who listen will miss it.")
    assert browser.axe_findings(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved as a draft. Picture 1 has no description.")).to_be_visible()
    assert Post.objects.get().asks.count() == 0
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator("form.scripted")).to_be_attached()
    rail.get_by_role("button", name="Describe").click()
    expect(page.get_by_label("Describe it")).to_be_focused()
    page.get_by_label("Or why it needs none").fill("It is decorative")
    expect(page.get_by_text("No description yet.")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    expect(page.get_by_text("Without a description: It is decorative")).to_be_visible()
    assert Post.objects.get().asks.count() == 1
