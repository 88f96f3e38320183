"""Choosing from the library in a real browser: by keyboard alone, with what is barred beside it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from quarterdeck.shell.tests import browser
from quarterdeck.studio import intake, verbs
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def kept(w, called: str, size: int, **said) -> File:
    file = intake.keep(w.author.workspace, pictures.png(size, size, colour=size), called)
    verbs.describe(file, by=w.author, **said)
    return file


def test_a_picture_is_chosen_by_keyboard_alone_with_its_description(page, composer, w):
    kept(w, "cake.png", 30, name="Rhubarb cake")
    kept(w, "soup.png", 40, name="Nettle soup", description="A bowl of soup.", tags=["menu"])
    old = kept(w, "old.png", 50, name="Old menu", tags=["menu"])
    verbs.license_(
        old, by=w.author, holder="Jo", licence="", rights_until=date(2020, 5, 31), not_on=[], not_on_why=""
    )
    page.get_by_label("Text", exact=True).fill("Soup.")
    opener = page.get_by_role("button", name="Choose from the library")
    opener.press("Enter")
    dialog = page.get_by_role("dialog", name="Choose from the library")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    expect(dialog.locator(".tile")).to_have_count(3)
    page.keyboard.type("menu")
    page.keyboard.press("Enter")
    expect(dialog.locator(".tile")).to_have_count(2)
    expect(dialog.get_by_text("The rights to “Old menu” ended on 31 May 2020.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Old menu")).to_have_count(0)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(browser.PHONE)
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.querySelector('dialog[open]').scrollWidth <= innerWidth")
    dialog.get_by_role("searchbox").fill("")
    page.keyboard.press("Enter")
    expect(dialog.locator(".tile")).to_have_count(3)
    dialog.get_by_role("button", name="Nettle soup").focus()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("button", name="Rhubarb cake")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    expect(page.get_by_text("“Nettle soup” is added, with its description.")).to_be_visible()
    expect(page.get_by_label("Describe it")).to_have_value("A bowl of soup.")
    expect(page.locator("[data-preview]:not([hidden]) img").first).to_have_attribute("alt", "A bowl of soup.")
    opener.press("Enter")
    dialog.get_by_label("Stay open").check()
    dialog.get_by_role("button", name="Nettle soup in this part").click()
    expect(dialog.get_by_text("“Nettle soup” is in this part already.")).to_be_visible()
    dialog.get_by_role("button", name="Rhubarb cake").click()
    expect(dialog.get_by_text("“Rhubarb cake” is added. Please describe it.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-part] [data-image]")).to_have_count(2)
    page.route("**/library/choose/**", lambda route: route.fulfill(status=503))
    opener.press("Enter")
    expect(dialog.get_by_text("The library could not be opened.")).to_be_visible()
