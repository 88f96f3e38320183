"""The whole way in a real browser: somebody asks by a link on a phone, the manager negotiates by keys, they agree, and
it becomes a draft that says who asked for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.crew.models import Member
from quarterdeck.shell.tests import browser
from quarterdeck.stakeholders import usual
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(chromium, live_server, size, theme, who: Member | None = None) -> tuple[Page, str, list[str]]:
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    base = live_server.url.replace("127.0.0.1", "localhost")
    if who is not None:
        browser.sign_in(page, base, who.user)
    return page, base, browser.watch(page)


def sound(page: Page, heard: list[str]) -> None:
    page.wait_for_load_state()
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


def asks(page: Page, address: str, heard: list[str]) -> None:
    page.goto(address)
    sound(page, heard)
    page.get_by_role("link", name="An event").click()
    expect(page.get_by_role("heading", name="Before you ask")).to_be_visible()
    sound(page, heard)
    page.get_by_label("What do you need?").fill("The harbour evening on the pier")
    page.get_by_label("What is it for?").fill("A third of the tables stayed empty last year.")
    page.get_by_text("It must happen").click()
    page.get_by_label("The latest day it makes sense").fill("2020-01-01")
    page.get_by_label("Your name").fill("Dee")
    page.get_by_role("button", name="Send it to the team").click()
    expect(page.get_by_text("Please choose today or a later day.")).to_be_visible()
    expect(page.get_by_label("What is it for?")).to_have_value(
        "A third of the tables stayed empty last year."
    )
    heard.clear()  # the browser's own word on the refusal
    sound(page, heard)
    page.get_by_label("The latest day it makes sense").fill("")
    page.get_by_role("button", name="Send it to the team").click()
    expect(page.get_by_text("It is with the team.")).to_be_visible()
    expect(page.get_by_text("You have an answer by")).to_be_visible()
    sound(page, heard)


def negotiates(page: Page, there: str, week: str, heard: list[str]) -> None:
    page.goto(f"{there}requests/")
    page.get_by_role("link", name="The harbour evening on the pier").click()
    expect(page.get_by_role("heading", name="The harbour evening on the pier")).to_be_visible()
    sound(page, heard)
    page.keyboard.press("2")
    page.locator("#propose_week").select_option(week)
    page.locator("#propose_reason").focus()
    page.keyboard.type("That week is full; the next has room.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is their turn: they say yes")).to_be_visible()
    sound(page, heard)


@pytest.mark.timeout(240)
def test_from_a_link_on_a_phone_to_a_draft(request, live_server):
    chromium, w = request.getfixturevalue("browser"), world.three()
    base = live_server.url.replace("127.0.0.1", "localhost")
    phone, _, heard = opened(chromium, live_server, browser.PHONE, "light")
    asks(phone, base + world.path(w.door()), heard)

    phone.clock.install()  # its page asks for itself every half minute
    phone.reload()
    week = usual.room(w.workspace)[2].monday.isoformat()
    page, _, heard_there = opened(chromium, live_server, browser.DESK, "dark", w.author)
    negotiates(page, f"{base}/w/{w.workspace.slug}/", week, heard_there)

    phone.clock.fast_forward(31_000)
    expect(phone.get_by_role("heading", name="What the team proposes")).to_be_visible()
    sound(phone, heard)

    dark, _, heard_dark = opened(chromium, live_server, browser.PHONE, "dark")
    dark.goto(base + links.path(Request.objects.get().token))
    expect(dark.get_by_text("That week is full; the next has room.").first).to_be_visible()
    sound(dark, heard_dark)
    dark.get_by_role("button", name="Yes, like this").click()
    expect(dark.get_by_text("Accepted. The team is making it.")).to_be_visible()
    sound(dark, heard_dark)

    page.reload()
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_text("Asked for by Sales")).to_be_visible()
    sound(page, heard_there)
    assert Request.objects.get().posts.get().post.text == "The harbour evening on the pier"
    assert Request.objects.get().asked_at <= clock.now()
