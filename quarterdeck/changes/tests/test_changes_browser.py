"""On a phone at night: a wrong price is put right on two channels and by hand on a third, answered, and taken down."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from quarterdeck.changes import intake, making
from quarterdeck.changes.tests.world import out, there
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import by_hand
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINK = "https://www.linkedin.com/posts/harbour-1"


def out_on_three():
    w = world.two("UTC")
    second = channels.connect_sandbox(w.approver, brand=w.brand, name="Second kitchen")
    pier = connect_by_hand(w.approver, brand=w.brand, network="linkedin", name="harbour")
    w, post = out(w.channel, second, pier, w=w, text="Nettle soup, 5 euros.\n\nUntil it is gone.")
    with clock.at(NOON):
        by_hand.say_out(post.deliveries.get(channel=pier), by=w.author, url=LINK)
    return w, post, second


def turn() -> None:
    """What the loop does once."""
    for claimed in intake.claim(10, clock.now()):
        making.work(claimed)


def look(page, name: str) -> None:
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if folder := os.environ.get("QD_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@browser.EVERY_LOOK
def test_a_wrong_price_is_put_right_everywhere(new_context, live_server, theme, size):
    w, post, second = out_on_three()
    page = new_context(color_scheme=theme, permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.set_viewport_size(size)
    heard = browser.watch(page)
    browser.sign_in(page, live_server.url, w.author.user)
    root = f"{live_server.url}/w/{w.author.workspace.slug}"
    page.goto(f"{root}/posts/{post.pk}/")
    page.get_by_role("link", name="Change, answer or take down…").click()
    page.get_by_label("The words").fill("Nettle soup, 6 euros.\n\nUntil it is gone.")
    page.get_by_label("A note for readers").fill("Corrected at 22:10: it said 5 euros, and it is 6.")
    look(page, "ask")
    page.get_by_role("button", name="Change the words").press("Enter")
    expect(
        page.get_by_text("A colleague is asked to approve").first
    ).to_be_visible()  # a price is no small edit
    post.refresh_from_db()
    publishing.approve(post, by=w.approver, text_hash=post.text_hash)
    turn()
    words = "Nettle soup, 6 euros.\n\nUntil it is gone.\n\nCorrected at 22:10: it said 5 euros, and it is 6."
    assert there(w.channel) == there(second) == [words]
    page.goto(f"{root}/")
    page.get_by_role("link", name="Open what to change").click()
    look(page, "by-hand")
    page.get_by_role("button", name="Copy the words").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == words
    expect(page.get_by_role("link", name="Open the post")).to_have_attribute("href", LINK)
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_text("Noted: it is done.")).to_be_visible()
    page.goto(f"{root}/posts/{post.pk}/changes/")
    page.get_by_text("Take it down", exact=True).first.click()
    down = page.locator("details[open]")
    down.get_by_label("Why it is taken down").fill("The kitchen is closed tonight.")
    down.get_by_label("harbour · LinkedIn").uncheck()
    look(page, "remove")
    down.get_by_role("button", name="Take it down").click()
    expect(page.get_by_text("It is taken down in ten seconds.")).to_be_visible()
    with clock.at(clock.now() + by_hand.UNDO_WINDOW):
        turn()
    page.goto(f"{root}/posts/{post.pk}/")
    expect(page.get_by_role("heading", name="Changed since it went out")).to_be_visible()
    expect(page.get_by_text("Taken down on")).to_have_count(2)
    look(page, "post")
    page.goto(f"{live_server.url}/sandbox/{second.handle}/")
    expect(page.get_by_text("This post was taken down")).to_be_visible()
    look(page, "feed")
    assert heard == []
