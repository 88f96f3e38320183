"""The first morning once more, without a mouse: Tab, Enter, the palette, single keys. What these cannot reach, many
people cannot either. Only addresses that somebody was given are typed in.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from quarterdeck.core import clock
from quarterdeck.shell.tests import browser
from tests.running import House, quarterdeck

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TEXT = "The spring menu is here: nettle soup, new potatoes, rhubarb."
DESK = re.compile(r"/w/harbour-kitchen/$")


def reach(page: Page, goal: Locator, at_most: int = 60) -> None:
    """Press Tab until `goal` has the focus. Fails with what was passed on the way."""
    expect(goal).to_be_visible()
    page.wait_for_load_state()  # a key that comes before the scripts is nobody's
    passed = []
    for _ in range(at_most):
        if goal.evaluate("goal => goal === document.activeElement"):
            outline = goal.evaluate("goal => getComputedStyle(goal).outlineStyle")
            assert outline != "none", "whoever cannot see where they are cannot go on"
            return
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.outerHTML.slice(0, 70)"))
    raise AssertionError("Tab does not lead there, only to:\n" + "\n".join(passed))


def press(page: Page, goal: Locator) -> None:
    reach(page, goal)
    page.keyboard.press("Enter")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def by_palette(page: Page, words: str, address: str) -> None:
    """Ctrl+K, a few letters, Enter."""
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find or do")).to_be_focused()
    page.keyboard.type(words)
    option = page.locator("#palette [aria-selected=true]")
    expect(option).to_have_attribute("data-href", re.compile(address))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(address))


def by_keys(page: Page, keys: str, address: re.Pattern[str]) -> None:
    """A single key, or one after the other."""
    page.wait_for_load_state()
    for key in keys.split():
        page.keyboard.press(key)
    page.wait_for_url(address)


def fill(page: Page, label: str, words: str) -> None:
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.type(words)


@pytest.mark.prove
def test_the_first_morning_without_a_mouse(page: Page, new_context, house: House):
    heard = browser.watch(page)
    begin(page, house)
    connect(page)
    second = new_context().new_page()
    heard_second = browser.watch(second)
    join(second, invite(page))
    write(page)
    approve(second)
    plan(page)
    send(page)
    verify(page)
    checked = quarterdeck("ledger", "verify", "--all", "--data", str(house.data))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert heard == []
    assert heard_second == []


def begin(page: Page, house: House) -> None:
    house.wait_for(lambda: "/start/" in house.said(), "the sign-in link is printed")
    page.goto(re.search(r"http://\S+/start/\S+", house.said()).group(0))
    press(page, button(page, "Sign in on this browser"))
    expect(page.get_by_label("Your name")).to_be_focused()  # the first thing to say; nothing to look for
    page.keyboard.type("Ada")
    fill(page, "Workspace", "Harbour Kitchen")
    page.keyboard.press("Enter")
    page.wait_for_url(DESK)


def connect(page: Page) -> None:
    by_palette(page, "channels", "/channels/$")
    press(page, button(page, "Connect a Sandbox channel"))
    expect(page.get_by_text("connected by you")).to_be_visible()


def invite(page: Page) -> str:
    by_palette(page, "invite", "/settings/people/$")
    reach(page, page.get_by_label("Role", exact=True))
    page.keyboard.type("Approver")
    press(page, button(page, "Make the invitation"))
    link = page.locator("#invitation-link")
    reach(page, link)
    return link.input_value()


def join(second: Page, link: str) -> None:
    second.goto(link)
    fill(second, "Your name", "Ben")
    fill(second, "E-mail", "ben@example.org")
    fill(second, "Password", "a long enough sentence 42")
    second.keyboard.press("Enter")
    second.wait_for_url(DESK)


def write(page: Page) -> None:
    reach(
        page, button(page, "Make the invitation")
    )  # away from the field with the link, where keys are letters
    by_keys(page, "n", re.compile("/posts/new/$"))
    channel, text = page.locator("input[name=channels]").first, page.get_by_label("Text", exact=True).first
    reach(page, channel)
    for then in (False, True):  # the only channel there is has been chosen already
        page.keyboard.press("Space")
        expect(channel).to_be_checked(checked=then)
    reach(page, text)
    page.keyboard.type(TEXT)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The spring menu")


def open_line(page: Page, line: Locator) -> None:
    """K and J until this line of the list is the one, then Enter."""
    for key in ["k", *["j"] * 30]:
        page.keyboard.press(key)
        if line.evaluate("line => line === document.activeElement"):
            break
    expect(line).to_be_focused()
    page.keyboard.press("Enter")


def open_from_the_desk(page: Page) -> None:
    """The post has a line on this person's Desk; open it from there."""
    by_keys(page, "g d", DESK)
    line = page.locator(".items > li", has_text="The spring menu").first
    expect(line).to_be_visible(timeout=40_000)  # a live page: it comes by itself
    open_line(page, line)
    page.wait_for_url(re.compile("/posts/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("The spring menu")


def approve(second: Page) -> None:
    open_from_the_desk(second)
    press(second, button(second, "Approve this text"))
    expect(second.get_by_text(re.compile("approved", re.I)).first).to_be_visible()


def plan(page: Page) -> None:
    open_from_the_desk(page)
    when = page.get_by_label(re.compile("Day and time"))
    reach(page, when)
    day = clock.now() + timedelta(days=2)
    wanted = f"{day:%Y-%m-%d}T11:30"
    for date, time in (
        (f"{day:%m%d%Y}", "1130AM"),
        (f"{day:%d%m%Y}", "1130"),
    ):  # as the browser's language has it
        for _ in range(6):
            page.keyboard.press("ArrowLeft")
        page.keyboard.type(date)
        page.keyboard.press("ArrowRight")  # a year could have six digits
        page.keyboard.type(time)
        if when.input_value() == wanted:
            break
    expect(when).to_have_value(wanted)
    page.keyboard.press("Enter")
    expect(button(page, "Take it off the plan")).to_be_visible()


def send(page: Page) -> None:
    press(page, button(page, "Publish now"))
    there = page.get_by_role("link", name="See it on the Sandbox")
    expect(there).to_be_visible(timeout=40_000)
    press(page, there)
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.go_back()  # the browser’s own key for it does not work without a window
    expect(there).to_be_visible()


def verify(page: Page) -> None:
    by_keys(page, "g l", re.compile("/ledger/$"))
    entry = page.locator("main .items > li", has_text=re.compile("approved", re.I)).first
    expect(entry).to_be_visible()
    open_line(page, entry)
    page.wait_for_url(re.compile("/ledger/entries/"))
    check = button(page, "Verify in this browser")
    while not check.is_visible():  # a checkpoint is signed within seconds; the page says to reload then
        page.wait_for_timeout(1000)
        page.reload()
    press(page, check)
    expect(page.locator("[data-outcome]")).to_have_attribute("data-outcome", "verified")
