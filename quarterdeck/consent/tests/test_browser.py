"""The whole way in a real browser: three departments want one Tuesday, the ways say what each costs whom, a round is
put to them, one objects on a phone in the dark, it is adopted changed, and then it is done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.consent.models import Conflict, Round, Voice
from quarterdeck.consent.tests import world
from quarterdeck.core import clock
from quarterdeck.publishing.models import Delivery
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHATS = {
    "Sales": "The spring launch",
    "Product": "What the kitchen learned",
    "Legal": "New terms for vouchers",
}


def opened(chromium, live_server, size, theme, who=None) -> tuple[Page, str, list[str]]:
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    base = live_server.url.replace("127.0.0.1", "localhost")
    if who is not None:
        browser.sign_in(page, base, who.user)
    # The outer application answers the stream of events, and it does not run here.
    page.route("**/live/stream?*", lambda route: route.fulfill(status=204))
    return page, base, browser.watch(page)


def sound(page: Page, heard: list[str]) -> None:
    page.wait_for_load_state()
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


def pictured(page: Page, name: str) -> None:
    import os

    if at := os.environ.get("QUARTERDECK_PICTURES"):
        page.screenshot(path=f"{at}/{name}.png", full_page=True)


def press(page: Page, name: str | re.Pattern, role: str = "button") -> None:
    """By keyboard: the focus, then Enter."""
    page.wait_for_load_state()
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press("Enter")


def three_who_want_one_slot(w: world.World) -> None:
    when = (clock.now() + timedelta(days=8)).astimezone(w.workspace.zone)
    when = when - timedelta(days=when.weekday() - 1) if when.weekday() > 4 else when
    when = when.replace(hour=11, minute=30, second=0, microsecond=0, tzinfo=None)
    for department, what in WHATS.items():
        w.wanted(department, what, when, latest=when.date() + timedelta(days=9))
    w.look()


def put_to_a_round(page: Page, heard: list[str]) -> None:
    expect(page.get_by_role("heading", name=re.compile("want the same slot"))).to_be_visible()
    expect(page.get_by_text(re.compile("still before its latest day")).first).to_be_visible()
    sound(page, heard)
    pictured(page, "conflict")
    press(page, re.compile("Ask first whether this is all right"), "link")
    expect(page.get_by_label("The proposal")).to_have_value(re.compile("We propose: Move"))
    expect(page.get_by_role("checkbox", name="Leo, Legal")).to_be_checked()
    sound(page, heard)
    pictured(page, "new-round")
    press(page, "Ask them")
    expect(page.get_by_text("3 of them have not been reached yet.")).to_be_visible()
    sound(page, heard)


def answered(phone: Page, base: str, heard: list[str]) -> None:
    voices = {str(one.department): one for one in Voice.objects.select_related("department")}
    for name in ("Sales", "Product"):
        phone.goto(base + world.door(voices[name]))
        phone.get_by_role("button", name="I consent").click()
        expect(phone.get_by_text("You consent.")).to_be_visible()
    phone.goto(base + world.door(voices["Legal"]))
    sound(phone, heard)
    pictured(phone, "by-link")
    phone.get_by_text("I object…").click()
    phone.get_by_label("What harm do you see?").fill("The terms are not signed by then.")
    phone.get_by_role("button", name="Object", exact=True).click()
    expect(phone.get_by_text("Please say what you could live with instead.")).to_be_visible()
    expect(phone.get_by_label("What harm do you see?")).to_have_value("The terms are not signed by then.")
    assert "422" in heard.pop()  # the browser tells of the refusal as well
    phone.get_by_label("What could you live with instead?").fill("A day later.")
    phone.get_by_role("button", name="Object", exact=True).click()
    expect(phone.get_by_text("You object.")).to_be_visible()
    sound(phone, heard)
    pictured(phone, "objected")


@pytest.mark.timeout(240)
def test_from_three_that_collide_over_a_round_with_one_objection_to_a_plan_that_holds(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.with_slots(world.three())
    three_who_want_one_slot(w)
    page, base, heard = opened(chromium, live_server, browser.DESK, "light", w.lead)
    page.goto(f"{base}/w/{w.workspace.slug}/conflicts/")
    put_to_a_round(page, heard)
    phone, _, heard_there = opened(chromium, live_server, browser.PHONE, "dark")
    answered(phone, base, heard_there)

    page.reload()
    expect(page.get_by_role("heading", name="Legal objects")).to_be_visible()
    page.get_by_label(re.compile("As it is adopted")).fill("As proposed, and the terms a day later still.")
    page.get_by_label(re.compile("To what was objected")).fill("Agreed.")
    sound(page, heard)
    pictured(page, "round")
    press(page, "Adopt it")
    expect(page.get_by_role("heading", name="What was adopted")).to_be_visible()
    assert Round.objects.get().state == "changed"
    phone.reload()
    expect(phone.get_by_text("As proposed, and the terms a day later still.")).to_be_visible()
    sound(phone, heard_there)

    press(page, "Now do it", "link")
    expect(page.get_by_text("A consent round came to an outcome")).to_be_visible()
    press(page, re.compile("^Do this: "))
    expect(page.get_by_role("heading", name="Nothing in the plan collides")).to_be_visible()
    expect(page.get_by_role("heading", name="All that were found")).to_be_visible()
    sound(page, heard)
    pictured(page, "settled")
    assert Conflict.objects.get().state == "settled"
    assert Delivery.objects.filter(state="intent").values("due_at").distinct().count() == 3

    small, _, heard_small = opened(chromium, live_server, browser.PHONE, "dark", w.author)
    for rest in ("conflicts/", f"conflicts/{Conflict.objects.get().pk}/", "conflicts/ended/", "consent/"):
        small.goto(f"{base}/w/{w.workspace.slug}/{rest}")
        sound(small, heard_small)
        pictured(small, rest.strip("/").replace("/", "-")[:20])
    page.goto(f"{base}/w/{w.workspace.slug}/conflicts/rules/")
    sound(page, heard)
