"""The whole way in a real browser: a post is looked back at by keyboard alone, what follows from it is promised, moved,
done and looked at by somebody else on a phone in the dark, and who helped says so.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.core import clock
from quarterdeck.lessons.models import Commitment, Credit, Review
from quarterdeck.lessons.tests import world
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.shell.tests import browser

DUE = clock.now().date() + timedelta(days=7)
LATER = DUE + timedelta(days=7)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def press(page: Page, name: str, role: str = "button") -> None:
    """By keyboard: the focus, then Enter."""
    page.wait_for_load_state()
    page.get_by_role(role, name=name).focus()
    page.keyboard.press("Enter")


def typed(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


def promised(page: Page, what: str, owner: str) -> None:
    typed(page, "What will be done", what)
    page.get_by_label("By", exact=True).fill(DUE.isoformat())
    page.get_by_label("Who optional", exact=True).select_option(label=owner)
    page.get_by_label("What will be done").press("Control+Enter")
    expect(page.get_by_role("link", name=what)).to_be_visible()


def reviewed(page: Page, there: str, post, heard: list[str]) -> None:
    page.goto(f"{there}posts/{post.pk}/")
    press(page, "Review it…", "link")
    press(page, "Begin")
    typed(page, "What did we expect?", "Soup on Tuesday.")
    typed(page, "What happened?", "Bea posted Wednesday.")
    page.keyboard.press("Tab")
    expect(page.get_by_text("“Bea” is named in what happened")).to_be_visible()
    page.get_by_role("checkbox", name="Handover").focus()
    page.keyboard.press("Space")
    promised(page, "One source for the menu", "Ada")
    promised(page, "Check the printed menu", "Bea")
    sound(page, heard)
    expect(page.get_by_label("What happened?")).to_have_value("Bea posted Wednesday.")
    page.get_by_label("What happened?").press("Control+Enter")
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    expect(page.get_by_text("Soup on Tuesday.")).to_be_visible()
    sound(page, heard)


def moved_and_done(page: Page, heard: list[str]) -> None:
    press(page, "One source for the menu", "link")
    page.wait_for_load_state()
    page.get_by_text("Move it to another day…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("New day").fill(LATER.isoformat())
    typed(page, "Why it moves", "The kitchen is closed.")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"From {moment(DUE)} to {moment(LATER)}: The kitchen is closed.")).to_be_visible()
    typed(page, "What shows it optional", "The old file is gone.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Somebody else looks at it")).to_be_visible()
    sound(page, heard)


@pytest.mark.timeout(240)
def test_from_the_review_of_a_post_to_what_was_kept_and_who_helped(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.four()
    page, there, heard = opened(chromium, live_server, w.author, browser.DESK, "light")
    reviewed(page, there, w.post(), heard)
    moved_and_done(page, heard)

    phone, at, heard_there = opened(chromium, live_server, w.lead, browser.PHONE, "dark")
    phone.goto(at)
    expect(phone.get_by_role("link", name="Will you take on “Check the printed menu”?")).to_be_visible()
    phone.get_by_role("link", name="Look whether “One source for the menu” was done").click()
    phone.get_by_role("button", name="I looked: it is done").click()
    expect(phone.get_by_text("Kept, and verified by you.")).to_be_visible()
    sound(phone, heard_there)
    kept = Commitment.objects.get(state="kept")
    assert (kept.verified_by, kept.first_due, kept.due) == (w.lead, DUE, LATER)

    phone.get_by_role("link", name=re.compile("Nettle soup")).click()
    phone.get_by_role("link", name="Say who helped…").click()
    phone.get_by_label("Who helped", exact=False).first.select_option(label="Ada")
    phone.get_by_label("With what").fill("The timeline")
    sound(phone, heard_there)
    phone.get_by_role("button", name="Ask them to confirm").click()
    expect(phone.get_by_text("You named Ada")).to_be_visible()
    sound(phone, heard_there)
    page.goto(f"{there}lessons/credit/")
    sound(page, heard)
    press(page, "Yes, I did")
    expect(page.get_by_text("With help from Ada, who confirmed it: The timeline")).to_be_visible()
    assert Credit.objects.get().answer == "confirmed"
    assert not Review.objects.get().is_open
