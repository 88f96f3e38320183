"""The week in a real browser: what it holds is set, a size is said, the plan is kept, what moved gets its reason; and
on a phone in the dark what is left of the last week."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.core import clock
from quarterdeck.desk.models import Reason, WeekPlan
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.weeks import WEEK, monday_of
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = clock.now()
NEXT = monday_of(NOW.date()) + WEEK  # what is planned lies ahead, whatever day the test runs on


def at(day) -> datetime:
    return datetime.combine(day, time(12))


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


@pytest.mark.timeout(180)
def test_a_week_from_its_plan_to_what_came_otherwise(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.two("UTC")
    soup = w.approved("Nettle soup")
    posts.schedule(soup, by=w.author, when=at(NEXT + timedelta(days=2)))
    with clock.at(NOW - 2 * WEEK):
        old = w.approved("Sorrel, of last week")
        posts.schedule(old, by=w.author, when=at(NEXT - 2 * WEEK + timedelta(days=1)))

    page, there, heard = opened(chromium, live_server, w.approver, browser.DESK, "light")
    page.goto(f"{there}week/?of={NEXT}")
    page.get_by_text("Say what a week holds…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Points in a usual week").fill("10")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A week of the team holds 10 points now.", exact=False)).to_be_visible()
    press(page, "Week after", "link")
    expect(page.get_by_role("heading", name="Room for about four M")).to_be_visible()
    press(page, "M for Nettle soup")
    expect(page.get_by_text("2 of 10 points are taken", exact=False)).to_be_visible()
    press(page, "Keep this as the plan of the week")
    expect(page.get_by_text("Planned: 1. 1 still ahead.")).to_be_visible()
    sound(page, heard)
    assert WeekPlan.objects.get().points == 2

    posts.reschedule(soup, by=w.author, when=at(NEXT + WEEK))
    page.goto(f"{there}week/?of={NEXT}")
    page.get_by_label("Why: Nettle soup").focus()
    page.keyboard.type("The kitchen is closed")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted. The item is settled with this reason.")).to_be_visible()
    expect(page.get_by_text("The kitchen is closed")).to_be_visible()
    assert Reason.objects.get().words == "The kitchen is closed"
    sound(page, heard)

    phone, here, heard_there = opened(chromium, live_server, w.author, browser.PHONE, "dark")
    phone.goto(f"{here}week/?of={NEXT - 2 * WEEK}")
    expect(phone.get_by_role("heading", name="Not settled yet")).to_be_visible()
    sound(phone, heard_there)
    phone.get_by_role("link", name="Decide about the post").click()
    expect(phone.get_by_role("heading", name="Sorrel, of last week")).to_be_visible()
    phone.goto(f"{here}week/?of={NEXT}")
    sound(phone, heard_there)
