"""The whole way in a real browser: an objective is set and measured, a campaign begun, named in a post, read in the
tree on a phone in the dark, checked in and read out.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.core import clock
from quarterdeck.publishing.models import Purpose
from quarterdeck.publishing.tests import world
from quarterdeck.shell.tests import browser
from quarterdeck.strategy.models import Objective

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
    page.get_by_role(role, name=name, exact=True).focus()
    page.keyboard.press("Enter")


def set_and_measured(page: Page, there: str, heard: list[str]) -> None:
    page.goto(f"{there}strategy/")
    sound(page, heard)
    press(page, "Set the first objective", "link")
    page.get_by_label("What do we want to reach?").fill("A full terrace")
    page.get_by_label("From").fill((clock.now().date() - timedelta(days=30)).isoformat())
    sound(page, heard)
    press(page, "Set it")
    expect(page.get_by_role("heading", name="A full terrace")).to_be_visible()
    page.get_by_label("What is measured").fill("Bookings a week")
    page.get_by_label("It stands at").fill("40")
    page.get_by_label("Target").fill("1,300")
    press(page, "Add it")
    expect(page.get_by_text("No value is noted yet.")).to_be_visible()
    sound(page, heard)


def begun_and_named(page: Page, heard: list[str]) -> None:
    press(page, "Begin one", "link")
    page.get_by_label("Name", exact=True).fill("Launch week")
    page.get_by_label("What should they take away?").fill("Lunch outside takes no longer.")
    sound(page, heard)
    press(page, "Begin it")
    expect(page.get_by_text("Posts can name it now.")).to_be_visible()
    sound(page, heard)
    press(page, "Write a post for it", "link")
    page.wait_for_load_state()
    expect(page.get_by_label("Campaign optional")).to_have_value(
        str(Objective.objects.get().campaigns.get().pk)
    )
    page.get_by_label("Text", exact=True).fill("The terrace is open.")
    sound(page, heard)
    press(page, "Save draft")
    expect(page.get_by_text("Objective: A full terrace")).to_be_visible()
    sound(page, heard)


@pytest.mark.timeout(240)
def test_from_an_objective_to_a_post_and_back(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.two()
    page, there, heard = opened(chromium, live_server, w.approver, browser.DESK, "light")
    set_and_measured(page, there, heard)
    begun_and_named(page, heard)
    assert not Purpose.objects.get().campaign_after

    phone, at, heard_there = opened(chromium, live_server, w.approver, browser.PHONE, "dark")
    phone.goto(f"{at}strategy/")
    expect(phone.get_by_role("link", name="The terrace is open.")).to_be_visible()
    sound(phone, heard_there)
    phone.get_by_role("link", name="A full terrace").click()
    phone.get_by_label("It stands at").first.fill("670")
    press(phone, "Note it for Bookings a week")
    expect(phone.get_by_text("50 % of the way")).to_be_visible()
    sound(phone, heard_there)
    phone.get_by_text("Read it out before its last day").click()
    phone.get_by_label("Change: the aim stands, the way does not").check()
    phone.get_by_label("Why?").fill("Rain for two weeks; the way changes.")
    sound(phone, heard_there)
    press(phone, "Read it out")
    expect(phone.get_by_text("Rain for two weeks; the way changes.").first).to_be_visible()
    sound(phone, heard_there)
    assert Objective.objects.get().verdict == "change"
