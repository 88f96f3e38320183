"""A fair plan in a real browser: the lead sets a weight in the open, has a plan worked out and reads who gets what; a
department sees its own share on a phone; the plan is adopted by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.consent.fair import working
from quarterdeck.consent.models import FairPlan
from quarterdeck.planning.verbs import slots
from quarterdeck.shell.tests import browser
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.test_browser import opened, sound
from quarterdeck.stakeholders.usual import room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asks(page: Page, there: str, heard: list[str]) -> FairPlan:
    page.goto(f"{there}fair/")
    sound(page, heard)
    page.get_by_text("Set a weight…").click()
    page.get_by_label("Department", exact=True).select_option(label="Legal")
    page.get_by_role("spinbutton", name="Weight").fill("1.5")
    page.locator("#weight_reason").fill("A quarter with many notices.")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("A quarter with many notices.")).to_be_visible()
    page.get_by_role("radio", name="a quarter").check()
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_text("It is being worked out")).to_be_visible()
    sound(page, heard)
    return FairPlan.objects.get()


@pytest.mark.timeout(240)
def test_a_plan_from_the_question_to_its_adoption(request, live_server):
    chromium, w = request.getfixturevalue("browser"), world.three()
    week = room(w.workspace)[1].monday
    for weekday in (0, 2):
        slots.make_slot(w.lead, channel=w.channel, weekday=weekday, wall="11:00")
    for of, what in ((w.sales, "Soup"), (w.sales, "Bread"), (w.sales, "Salt"), (w.legal, "The notice")):
        w.asked(of=of, what=what, preferred_week=week)
    base = live_server.url.replace("127.0.0.1", "localhost")
    page, _, heard = opened(chromium, live_server, browser.DESK, "dark", w.lead)
    plan = asks(page, f"{base}/w/{w.workspace.slug}/", heard)
    working.work_out(plan.pk)

    small, _, heard_small = opened(chromium, live_server, browser.PHONE, "light", w.lead)
    small.goto(page.url)
    expect(small.get_by_role("heading", name="What each department gets")).to_be_visible()
    small.get_by_text("Is that fair?").first.click()
    sound(small, heard_small)
    small.goto(f"{base}/w/{w.workspace.slug}/fair/")
    sound(small, heard_small)

    guest, _, heard_guest = opened(chromium, live_server, browser.PHONE, "dark")
    guest.goto(base + world.path(w.door()))
    expect(guest.get_by_text("nothing is decided yet")).to_be_visible()
    assert guest.get_by_text("The notice").count() == 0
    sound(guest, heard_guest)

    page.reload()
    sound(page, heard)
    page.get_by_role("button", name="Adopt this plan").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is adopted. Whoever asked")).to_be_visible()
    sound(page, heard)
    assert FairPlan.objects.get().held.count() == 4
