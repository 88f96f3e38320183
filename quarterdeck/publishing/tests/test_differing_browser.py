"""One text, several channels, in a real browser: a channel's own words, shown as differences, and the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.publishing import differences
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests.test_composer_browser import SOUP
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "The spring menu is here. We cook it from Tuesday, and the first twenty lunches come with a story."
TWO_TEXTS = [("One two three.", "One three."), ("", "New."), ("a 🫩", "a ب 🫩"), ("a b", "a b")]
OWN = "The spring menu is here. From Tuesday. First twenty lunches come with a story. #SpringMenu"


def tab(page, name: str):
    return page.get_by_role("group", name="Which text is shown").get_by_role("button", name=name)


def preview(page, name: str):
    return page.locator("[data-preview]").filter(has_text=name)


def differ(page) -> None:
    page.get_by_label("Text", exact=True).fill(COMMON)
    tab(page, "Instagram").click()
    own = page.get_by_label("Text for Instagram")
    expect(own).to_have_value(COMMON)
    own.fill(OWN)


def test_a_channel_says_it_differently_and_goes_back(page, composer, w):
    differ(page)
    card = page.get_by_role("article").filter(has_text="Instagram says it differently")
    expect(card.locator("ins").first).to_have_text("From Tuesday. First")
    expect(preview(page, "Instagram")).to_contain_text("#SpringMenu")
    expect(preview(page, w.channel.name).first).not_to_contain_text("#SpringMenu")
    tab(page, "All channels").click()
    expect(card.locator("ins").last).to_contain_text("#SpringMenu")
    expect(card.locator("del").first).to_have_text("We cook it from Tuesday, and the first")
    expect(tab(page, "Instagram")).to_contain_text("differs")
    assert browser.axe_findings(page) == []
    card.get_by_role("button", name="Back to the common text").click()
    expect(card).to_be_hidden()
    expect(preview(page, "Instagram")).not_to_contain_text("#SpringMenu")
    page.get_by_role("button", name="Undo").click()
    expect(card.locator("ins").last).to_contain_text("#SpringMenu")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    expect(page.get_by_text("says it differently")).to_be_visible()
    post = Post.objects.get()
    assert post.text == COMMON
    assert [p["text"] for p in post.overrides[w.instagram.pk.hex]] == [OWN]


def test_the_browser_finds_the_same_differences_as_the_server(page, composer):
    """Where only one answer is right."""
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    module = next(name for name in names if "differences" in name)
    for before, after in TWO_TEXTS:
        found = page.evaluate("async ([m, a, b]) => (await import(m)).words(a, b)", [module, before, after])
        assert found == [list(piece) for piece in differences.words(before, after)]


def test_looking_at_a_channels_text_makes_no_difference(page, composer, w):
    page.get_by_label("Text", exact=True).fill(COMMON)
    tab(page, "Instagram").click()
    tab(page, "All channels").click()
    page.get_by_label("Text", exact=True).fill(COMMON + " Come.")
    tab(page, "Instagram").click()
    expect(page.get_by_label("Text for Instagram")).to_have_value(COMMON + " Come.")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    assert Post.objects.get().overrides == {}


def test_the_journey_by_keyboard_alone_survives_a_reload(page, composer, w):
    page.get_by_label("Text", exact=True).fill(COMMON)
    tab(page, "Instagram").focus()
    page.keyboard.press("Enter")
    expect(tab(page, "Instagram")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Text for Instagram").fill(OWN)
    section = page.get_by_role("region", name="On Instagram")
    section.locator("input[type=file]").set_input_files(SOUP)
    section.get_by_label("Describe it").fill("A bowl of soup.")
    page.reload()
    expect(page.get_by_text("Restored what you typed at")).to_be_visible()
    expect(page.get_by_text("With pictures of its own.")).to_be_visible()
    page.get_by_role("button", name="Edit it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text for Instagram")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    post = Post.objects.get()
    assert post.images == []
    assert [i["alt"] for i in post.overrides[w.instagram.pk.hex][0]["images"]] == ["A bowl of soup."]
    assert post.asks.count() == 1


@browser.EVERY_LOOK
def test_differences_are_accessible(page, composer, w, theme, size):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)
    differ(page)
    tab(page, "All channels").click()
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab(page, "Instagram").click()
    assert browser.axe_findings(page) == []
