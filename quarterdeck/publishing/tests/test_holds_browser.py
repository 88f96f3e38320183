"""The red button in a real browser: two keys, and the review with its ranges."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Delivery, Hold
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import holds, holds_outside
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def plan(w: world.World, count: int) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).replace(tzinfo=None, hour=9)
    for number in range(count):
        post = w.approved(f"Post {number + 1}: what the harbour kitchen cooks this week.")
        verbs.schedule(post, by=w.author, when=tomorrow + timedelta(minutes=30 * number))


def signed_in(page: Page, live_server, who: Member) -> str:
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, who.user)
    return f"{base}/w/{who.workspace.slug}/"


def test_two_keys_and_nothing_goes_out(page, live_server):
    w = world.two("UTC")
    plan(w, 2)
    heard = browser.watch(page)
    page.goto(signed_in(page, live_server, w.author))
    page.keyboard.press("!")
    expect(page.get_by_role("button", name=re.compile("HOLD NOW"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No publish call starts now.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Held since \d\d:\d\d:\d\d by you\."))).to_be_visible()
    expect(page.locator("#facts")).to_contain_text("everything since")
    assert Hold.objects.get().scope == "workspace"
    expect(page.locator("#toasts-polite")).to_contain_text("Everything is on hold.")
    page.locator("#toasts-polite .toast[data-minded]").wait_for()  # the page's own script is there
    page.keyboard.press("z")
    expect(page.locator("#toasts-polite")).to_contain_text("Undone. Everything keeps its time.")
    assert Hold.objects.get().lifted_at is not None
    assert heard == []


def test_a_colleagues_hold_appears_in_the_strip_of_any_page(page, live_server):
    w = world.two("UTC")
    page.goto(signed_in(page, live_server, w.approver) + "channels/")
    expect(page.locator("#facts")).to_contain_text("Nothing is planned")
    hold = holds.place(w.author)
    assert page.locator("#facts").get_attribute("data-live") == "publishing.hold"
    page.evaluate("document.querySelector('#facts').dispatchEvent(new CustomEvent('live'))")
    expect(page.locator("#facts")).to_contain_text("On hold: everything since")
    page.locator("#facts a").click()
    page.wait_for_url(re.compile(f"/holds/{hold.pk}/$"))


def test_the_review_by_keys_and_by_ranges(page, live_server):
    w = world.two("UTC")
    plan(w, 6)
    hold = holds.place(w.author)
    heard = browser.watch(page)
    page.goto(signed_in(page, live_server, w.approver) + f"holds/{hold.pk}/lift/")
    boxes = page.locator("[data-select]")
    said = page.locator("[data-count]")
    expect(said).to_have_text("0 selected, 0 of 6 decided.")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    expect(said).to_have_text("2 selected, 0 of 6 decided.")
    page.get_by_role("button", name="Keep its time").click()
    expect(said).to_have_text("0 selected, 2 of 6 decided.")
    boxes.nth(2).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(said).to_have_text("3 selected, 2 of 6 decided.")
    page.get_by_role("button", name="Next slot").click()
    page.reload()
    expect(said).to_have_text("0 selected, 5 of 6 decided.")
    page.get_by_role("button", name="Lift the hold").click()
    expect(page.get_by_text("not decided yet", exact=True)).to_have_count(1)
    expect(said).to_have_text("0 selected, 5 of 6 decided.")
    boxes.nth(5).click()
    page.get_by_role("button", name="Drop", exact=True).click()
    page.get_by_role("button", name="Lift the hold").click()
    expect(page.locator("#toasts-polite")).to_contain_text("The hold is lifted: 2 kept, 3 moved, 1 dropped.")
    assert Delivery.objects.filter(state="intent").count() == 5
    assert [line for line in heard if "409" not in line] == []


@browser.EVERY_LOOK
def test_its_pages_are_sound(request, live_server, size, theme):
    """With `HOLDS_PICTURES` naming a folder, what each looks like is kept there."""
    w = world.two("UTC")
    plan(w, 12)
    holds_outside.add_outside(
        w.approver, title="Boost “Spring menu”", how="Ads manager, campaigns, pause all."
    )
    letter = holds_outside.add_outside(w.approver, title="Thursday’s newsletter", how="Call Dilek.")
    chromium = request.getfixturevalue("browser")
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    heard = browser.watch(page)
    here = signed_in(page, live_server, w.approver)
    hold = holds.place(w.author, reason="An accident in the harbour. Nothing goes out until we know more.")
    holds.place(w.author, scope="channel", target=w.channel.pk)
    holds_outside.tick(hold, by=w.author, outside=letter)
    post = Delivery.objects.first().post_id
    places = [
        "",
        "hold/",
        "holds/",
        f"holds/{hold.pk}/",
        f"holds/{hold.pk}/lift/",
        f"posts/{post}/",
        "posts/",
    ]
    holds.undo(Hold.objects.get(scope="channel"), by=w.author)
    for number, place in enumerate(places):
        page.goto(here + place)
        page.wait_for_load_state("load")
        assert browser.axe_findings(page) == [], place
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), place
        if folder := os.environ.get("HOLDS_PICTURES"):
            name = f"{number}-{theme}-{size['width']}.png"
            page.screenshot(path=str(Path(folder) / name), full_page=True)
    assert heard == []
