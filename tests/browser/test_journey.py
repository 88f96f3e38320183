"""The first morning, as the README promises it: one command, a link, a workspace, a colleague, a post that is
approved and goes out, and a proof that a stranger's browser checks. Through a real `quarterdeck up`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.shell.tests import browser
from tests.running import House, quarterdeck

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TEXT = "The spring menu is here: nettle soup, new potatoes, rhubarb."
ROOT = Path(__file__).resolve().parent.parent.parent


def _address(house: House, path: str = "") -> str:
    return f"http://localhost:{house.port}{path}"


def _sign_in(page: Page, house: House) -> None:
    """By a fresh one-time link, as printed by `quarterdeck link`."""
    printed = quarterdeck("link", "--data", str(house.data)).stdout
    page.goto(re.search(r"http://\S+/start/\S+", printed).group(0))
    page.get_by_role("button", name="Sign in on this browser").click()
    expect(page).not_to_have_url(re.compile("/start/"))


def _begin(page: Page, house: House) -> None:
    house.wait_for(lambda: "/start/" in house.said(), "the sign-in link is printed")
    page.goto(re.search(r"http://\S+/start/\S+", house.said()).group(0))
    page.get_by_role("button", name="Sign in on this browser").click()
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Workspace").fill("Harbour Kitchen")
    page.get_by_role("button", name="Open my Desk").click()
    expect(page).to_have_url(re.compile(r"/w/harbour-kitchen/$"))


def _connect_sandbox(page: Page, house: House) -> None:
    page.goto(_address(house, "/w/harbour-kitchen/channels/"))
    page.get_by_role("button", name="Connect a Sandbox channel").click()
    expect(page.get_by_text("connected by you")).to_be_visible()


def _invite(page: Page, house: House) -> str:
    page.goto(_address(house, "/w/harbour-kitchen/settings/people/"))
    page.get_by_label("Role", exact=True).select_option("approver")
    page.get_by_role("button", name="Make the invitation").click()
    return page.locator("#invitation-link").input_value()


def _join(second: Page, link: str) -> None:
    second.goto(link)
    second.get_by_label("Your name").fill("Ben")
    second.get_by_label("E-mail").fill("ben@example.org")
    second.get_by_label("Password").fill("a long enough sentence 42")
    second.get_by_role("button", name="Join").first.click()
    expect(second).to_have_url(re.compile(r"/w/harbour-kitchen/$"))


def _write(page: Page, house: House) -> str:
    page.goto(_address(house, "/w/harbour-kitchen/posts/new/"))
    page.locator("input[name=channels]").first.check()
    page.get_by_role("textbox", name="Text").fill(TEXT)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The spring menu")
    return page.url


def test_the_first_morning(page: Page, new_context, house):
    heard = browser.watch(page)
    _begin(page, house)
    _connect_sandbox(page, house)
    link = _invite(page, house)

    second = new_context().new_page()
    heard_second = browser.watch(second)
    _join(second, link)

    post = _write(page, house)

    second.goto(_address(house, "/w/harbour-kitchen/"))
    expect(second.get_by_text("The spring menu", exact=False).first).to_be_visible()
    second.goto(post)
    second.get_by_role("button", name="Approve this text").click()
    expect(second.get_by_text(re.compile("approved", re.I)).first).to_be_visible()

    page.goto(post)
    page.get_by_role("button", name="Publish now").click()
    # The page hears of it by itself: nobody reloads.
    expect(page.get_by_role("link", name="See it on the Sandbox")).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="See it on the Sandbox").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(page.get_by_text("Nothing here leaves it").first).to_be_visible()

    page.goto(_address(house, "/w/harbour-kitchen/ledger/?kind=publishing.post.approved"))
    page.locator("main .items a, main li a").first.click()
    page.get_by_role("button", name=re.compile("verify", re.I)).click()
    expect(page.get_by_text(re.compile("is in the log|proved|holds", re.I)).first).to_be_visible(
        timeout=20_000
    )

    verified = quarterdeck("ledger", "verify", "--all", "--data", str(house.data))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert heard == []
    assert heard_second == []


@pytest.mark.prove
def test_the_picture_in_the_readme(page: Page, house):
    """Draws docs/desk.png when asked to (make docs); every time, sees that the demo's Desk has work on it."""
    _sign_in(page, house)
    page.goto(_address(house, "/workspaces/"))
    page.get_by_role("button", name=re.compile("demo", re.I)).click()
    expect(page.get_by_role("heading", name="Making the demo")).to_be_visible()
    page.reload()  # nothing is lost by it
    expect(page.locator(".items > li").nth(2)).to_be_visible(timeout=60_000)
    if os.environ.get("DRAW_THE_README"):
        page.screenshot(path=ROOT / "docs" / "desk.png")
