"""A name of the book, offered while one types @, in a real browser: arrows, Enter, Escape, and never in the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.publishing.verbs.phrases import keep_phrase
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_name_is_put_in_by_keyboard_and_escape_leaves_what_is_typed(page, composer, w):
    keep_phrase(w.author, kind="name", name="Mia Harbour", body="Instagram: @mia.harbour\nX: @mia")
    keep_phrase(w.author, kind="name", name="Miró Café", body="LinkedIn: @miro-cafe")
    page.reload()
    for name in (w.channel.name, w.instagram.name):
        page.get_by_role("checkbox", name=name).check()
    text = page.get_by_label("Text", exact=True)
    text.press_sequentially("Soup by @mi")
    listed = page.get_by_role("listbox", name="Names of the book")
    expect(listed.get_by_role("option")).to_have_count(2)
    first, second = listed.get_by_role("option").all()
    expect(first).to_have_attribute("aria-selected", "true")
    expect(first).to_contain_text("@mia.harbour on Instagram · elsewhere the plain name")
    expect(second).to_contain_text("the plain name on these channels")
    assert (
        text.evaluate(
            "one => document.getElementById(one.getAttribute('aria-activedescendant')).dataset.name"
        )
        == "Mia Harbour"
    )
    assert browser.axe_findings(page) == []
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value("Soup by {Mia Harbour}")
    expect(listed).to_be_hidden()
    expect(page.locator("[data-look=instagram] [data-text]")).to_have_text("Soup by @mia.harbour")
    text.press_sequentially(" and @MIRO")  # without its accent
    expect(listed.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    expect(listed).to_be_hidden()
    page.keyboard.press("Enter")
    expect(text).to_have_value("Soup by {Mia Harbour} and @MIRO\n")
    text.press_sequentially("Write to mia@miro @ @mia.h")
    expect(listed.get_by_role("option")).to_have_count(1)
    listed.get_by_role("option").click()
    expect(text).to_have_value("Soup by {Mia Harbour} and @MIRO\nWrite to mia@miro @ {Mia Harbour}")
    expect(text).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(text).to_have_value("Soup by {Mia Harbour} and @MIRO\nWrite to mia@miro @ @mia.h")
