"""A decision in a real browser: made by keyboard alone, and on a phone in the dark what happened is laid beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.core import clock
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.shell.tests import browser
from quarterdeck.strategy.models import Decision
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DUE = clock.now().date() + timedelta(days=7)


def opened(chromium, live_server, who, size, theme) -> tuple[Page, str, list[str]]:
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, who.user)
    return page, f"{base}/w/{who.workspace.slug}/", browser.watch(page)


def sound(page: Page, heard: list[str]) -> None:
    page.wait_for_load_state()
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


def typed(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


@pytest.mark.timeout(180)
def test_a_decision_is_made_comes_back_and_is_laid_beside_what_happened(request, live_server):
    chromium = request.getfixturevalue("browser")
    workspace = make.workspace(timezone="UTC")
    author, lead = make.member("author", workspace, "Ada"), make.member("lead", workspace, "Bea")
    page, there, heard = opened(chromium, live_server, author, browser.DESK, "light")
    page.goto(f"{there}decisions/")
    sound(page, heard)
    page.get_by_role("link", name="Decide something").first.focus()
    page.keyboard.press("Enter")
    typed(page, "What is decided", "The launch moves to Thursday")
    typed(page, "Option 1", "Leave it on Tuesday")
    typed(page, "Option 2", "Move it to Thursday")
    typed(page, "What it should bring", "More people see it")
    typed(page, "How many", "300")
    typed(page, "Of what", "sign-ups")
    page.get_by_label("By", exact=True).fill(DUE.isoformat())
    typed(page, "Who was heard optional", "Sales")
    sound(page, heard)
    page.get_by_role("button", name="Keep the decision").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please mark the one that was chosen.")).to_be_visible()
    heard.clear()  # Chromium notes the 422 itself
    sound(page, heard)
    page.get_by_label("Option 2 is taken").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Keep the decision").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"It comes back to your Desk on {moment(DUE)}.", exact=False)).to_be_visible()
    expect(page.get_by_text("300", exact=True)).to_be_visible()
    sound(page, heard)

    phone, here, heard_there = opened(chromium, live_server, lead, browser.PHONE, "dark")
    phone.goto(f"{here}decisions/")
    sound(phone, heard_there)
    phone.get_by_role("link", name="The launch moves to Thursday").click()
    phone.get_by_text("Note already what happened…").click()
    phone.get_by_label("How many sign-ups it was if you can tell").fill("340")
    phone.get_by_label("Better than expected").check()
    phone.get_by_label("What happened, and how you know").fill("Counted on the page.")
    sound(phone, heard_there)
    phone.get_by_role("button", name="Note it", exact=True).click()
    expect(phone.get_by_text("340", exact=True)).to_be_visible()
    sound(phone, heard_there)
    phone.get_by_role("link", name="Decide it anew…").click()
    sound(phone, heard_there)
    assert Decision.objects.get().outcomes.get().verdict == "better"
