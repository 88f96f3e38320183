"""Monday, 09:00: the first thirty minutes, from an empty workspace to the first post that is out, on a network and by
hand. The script does only what a person sees: it follows links and presses buttons, and types no address but the one
that was printed and those that were handed to it. Through a real `quarterdeck up` with its worker; the mail server is
a fake.

`MONDAY=folder` keeps a picture of every step in light, in dark, and on a phone.
"""

from __future__ import annotations

import csv
import io
import os
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.crew.tests.fake_servers import FakeSMTP
from quarterdeck.shell.tests import browser
from tests.running import House

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

PUBLIC = "http://desk.example.org"
TEXT = "The spring menu is here: nettle soup, new potatoes, rhubarb."
NEAR = 30_000  # milliseconds the worker may take


class Morning:
    """One person's page, and the pictures of what they see."""

    def __init__(self, page: Page, house: House, name: str) -> None:
        self.page, self.house, self.name = page, house, name
        self.heard = browser.watch(page)
        self.folder = os.environ.get("MONDAY", "")
        self.count = 0

    def sees(self, what: str) -> None:
        """A step is done: nothing runs off, and (when asked) a picture in light, in dark and on a phone."""
        self.count += 1
        self.page.wait_for_load_state("load")
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wide), f"{what}: something runs off to the side"
        if not self.folder:
            return
        size = self.page.viewport_size
        for theme, view in (("light", browser.DESK), ("dark", browser.DESK), ("light", browser.PHONE)):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            self.page.set_viewport_size(view)
            self.page.wait_for_timeout(150)
            path = Path(self.folder) / f"{self.name}-{self.count:02d}-{what}-{theme}-{view['width']}.png"
            self.page.screenshot(
                path=path, full_page=True, caret="initial"
            )  # hiding it needs a style of its own
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        self.page.set_viewport_size(size)

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.wait_for_load_state("load")
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.wait_for_load_state("load")  # nobody is quicker than the page's own scripts
        self.page.get_by_role("button", name=name).first.click()

    def to(self, room: str) -> None:
        """By the rail."""
        self.page.wait_for_load_state("load")
        self.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room).first.click()

    def home(self) -> None:
        """To the list of first steps, by the rail and the block beside the Desk."""
        self.to("Desk")
        self.page.get_by_role("link", name="All first steps").click()
        expect(self.page.get_by_role("heading", name="First steps", level=1)).to_be_visible()

    def is_done(self, step: str) -> None:
        self.home()
        item = self.page.get_by_role("main").get_by_role("listitem").filter(has_text=step).first
        expect(item).to_contain_text("✓ done")


def old_spreadsheet() -> bytes:
    """What a team kept until now: a title above the headings, days as 14.4., two rows that cannot be read."""
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    rows = [["Plan", "", "", ""], ["", "", "", ""], ["Datum", "Uhrzeit", "Text", "Kanal"]]
    for number in range(48):
        when = day + timedelta(days=number)
        rows.append([f"{when:%d.%m.%Y}", "11:30", f"Post {number + 1}: “Suppe”, und mehr", "Harbour Kitchen"])
    rows.append([f"{day:%d.%m.%Y}", "früh", "Zu früh", "Harbour Kitchen"])
    rows.append([f"{day:%d.%m.%Y}", "12:00", "Wo denn?", "Leuchtturm"])
    kept = io.StringIO()
    csv.writer(kept, delimiter=";").writerows(rows)
    return "\ufeff".encode() + kept.getvalue().encode()


def begin(ada: Morning) -> None:
    ada.house.wait_for(lambda: "/start/" in ada.house.said(), "the sign-in link is printed")
    ada.page.goto(re.search(r"http://\S+/start/\S+", ada.house.said()).group(0))
    ada.press("Sign in on this browser")
    ada.page.get_by_label("Your name").fill("Ada")
    ada.page.get_by_label("Workspace").fill("Harbour Kitchen")
    ada.sees("welcome")
    ada.press("Open my Desk")
    expect(ada.page).to_have_url(re.compile(r"/w/harbour-kitchen/$"))
    ada.sees("desk")
    ada.home()
    ada.sees("first-steps")


def try_the_address(ada: Morning) -> None:
    """The name others use leads here; the browser itself finds that out."""

    def here(route) -> None:
        path = route.request.url.removeprefix(PUBLIC)
        route.fulfill(response=ada.page.request.get(f"http://localhost:{ada.house.port}{path}"))

    ada.page.context.route(f"{PUBLIC}/**", here)
    ada.follow(re.compile("Test it"))
    ada.page.get_by_label("Public address").fill(PUBLIC)
    ada.press("Save")
    ada.press("Test it now")
    expect(ada.page.get_by_text("Passed: your browser reached")).to_be_visible()
    ada.sees("address")
    ada.is_done("A public address, tested")


def hear(ada: Morning, server: FakeSMTP) -> None:
    """Mail, and a test of it to oneself."""
    ada.follow(re.compile("Set up mail"))
    out = ada.page.locator("section", has=ada.page.get_by_role("heading", name="Outgoing"))
    out.get_by_label("Server").fill("127.0.0.1")
    out.get_by_label("Port").fill(str(server.port))
    out.get_by_label("Security").select_option("none")
    out.get_by_label("Sent from").fill("desk@example.org")
    out.get_by_role("button", name="Save").click()
    expect(ada.page.get_by_text("Leaves through 127.0.0.1")).to_be_visible()
    ada.home()
    ada.follow(re.compile("Add your e-mail"))
    ada.page.get_by_label("E-mail").fill("ada@example.org")
    ada.press("Save")
    ada.home()
    ada.follow(re.compile("Look at it.*A message that reaches you"))
    ada.press("Send a test message to yourself")
    ada.house.wait_for(lambda: server.received, "the test message arrives")
    ada.sees("mail")
    ada.is_done("A message that reaches you")


def channels(ada: Morning) -> None:
    ada.follow(re.compile("Choose one"))
    ada.sees("networks")
    ada.press("Connect a Sandbox channel")
    expect(ada.page.get_by_text("connected by you")).to_be_visible()
    ada.home()
    ada.follow(re.compile("Look at it.*A channel"))
    ada.page.get_by_role("link", name="Instagram by hand").click()
    ada.page.get_by_label("Account").fill("harbour.kitchen")
    ada.press("Add it by hand")
    ada.sees("by-hand")
    ada.is_done("A channel, connected or by hand")


def spreadsheet(ada: Morning) -> None:
    ada.follow("Bring it")
    ada.page.locator("input[type=file]").first.set_input_files(
        {"name": "plan.csv", "mimeType": "text/csv", "buffer": old_spreadsheet()}
    )
    ada.press("Read it")
    expect(ada.page.get_by_role("heading", name="What is in “plan.csv”?")).to_be_visible()
    ada.sees("columns")
    ada.press("Import 50 rows")
    expect(ada.page.get_by_role("heading", name="48 drafts and 2 rows to fix")).to_be_visible(timeout=NEAR)
    ada.sees("imported")
    ada.follow("Fix 2 rows")
    expect(ada.page.get_by_text("“Leuchtturm” is no connected channel here.")).to_be_visible()
    ada.sees("fixing")
    ada.is_done("Your old spreadsheet")


def write(ada: Morning) -> str:
    ada.follow(re.compile("Write it|Look at it.*A first post"))
    if ada.page.get_by_role("link", name="New post").count():
        ada.page.get_by_role("link", name="New post").first.click()
    expect(ada.page.get_by_role("heading", name="New post")).to_be_visible()
    for chip in ada.page.locator("input[name=channels]").all():
        chip.check()
    ada.page.get_by_role("textbox", name="Text").first.fill(TEXT)
    ada.sees("composer")
    ada.page.keyboard.press("Control+Enter")
    expect(ada.page.get_by_role("heading", level=1)).to_contain_text("The spring menu")
    ada.sees("post")
    return ada.page.url


def invite(ada: Morning) -> list[str]:
    links = []
    ada.home()
    ada.follow(re.compile("Invite them"))
    for role in ("author", "approver"):
        ada.page.get_by_label("Role", exact=True).select_option(role)
        ada.press("Make the invitation")
        links.append(ada.page.locator("#invitation-link").input_value())
    ada.sees("invited")
    ada.is_done("Two colleagues, by link")
    return links


def ask_the_boss(ada: Morning) -> str:
    ada.to("Posts")
    ada.page.get_by_role("link", name=TEXT).first.click()
    ada.follow("Ask somebody outside…")
    ada.page.get_by_label("Name").first.fill("The boss")
    ada.page.get_by_label("E-mail address").first.fill("boss@example.org")
    ada.page.get_by_label("May approve or object").check()
    ada.press("Ask them")
    expect(ada.page.get_by_text("with the whole preview")).to_be_visible()
    ada.sees("asked")
    return ada.page.locator("#guest-link").input_value()


def approve_on_a_phone(boss: Morning, link: str) -> None:
    boss.page.set_viewport_size(browser.PHONE)
    boss.page.goto(link.replace(PUBLIC, f"http://localhost:{boss.house.port}"))
    expect(boss.page.get_by_text(TEXT).first).to_be_visible()
    boss.sees("preview")
    boss.page.get_by_role("button", name="Approve", exact=True).click()
    expect(boss.page.get_by_text("You approved it. The team sees that now.")).to_be_visible()
    boss.sees("approved")


def publish(ada: Morning, post: str) -> None:
    ada.page.goto(post)
    ada.press("Publish now")
    expect(ada.page.get_by_role("link", name="See it on the Sandbox")).to_be_visible(timeout=NEAR + 15_000)
    ada.sees("out-on-the-sandbox")


def post_by_hand(ada: Morning) -> None:
    """From the push to “out”, on a phone."""
    ada.page.set_viewport_size(browser.PHONE)
    ada.page.get_by_role("link", name=re.compile("Notifications")).locator("visible=true").first.click()
    item = ada.page.get_by_role("listitem").filter(has_text="Now by hand on harbour.kitchen")
    item.get_by_role("button", name="Open").click()
    ada.sees("handed")
    ada.page.get_by_label("Link to the post").fill("https://www.instagram.com/p/C1/")
    ada.press("It is out")
    expect(ada.page.get_by_text(re.compile("said by you")).first).to_be_visible()
    ada.sees("out-by-hand")
    ada.page.set_viewport_size(browser.DESK)


def test_the_first_thirty_minutes(page: Page, new_context, house):
    began = time.monotonic()
    ada = Morning(page, house, "ada")
    with FakeSMTP().running() as server:
        begin(ada)
        try_the_address(ada)
        hear(ada, server)
        channels(ada)
        spreadsheet(ada)
        post = write(ada)
        assert len(invite(ada)) == 2
        link = ask_the_boss(ada)
        boss = Morning(new_context().new_page(), house, "boss")
        approve_on_a_phone(boss, link)
        publish(ada, post)
        post_by_hand(ada)
        said = "\n".join(text for _, _, text in server.received)
        assert "A test from Quarterdeck" in said
        assert TEXT in re.sub(r"=\r?\n", "", said), "the boss reads the whole preview in the mail"
        assert server.unexpected == []
    ada.to("Desk")
    expect(ada.page.get_by_role("link", name="All first steps")).to_have_count(0)
    assert ada.heard == []
    assert boss.heard == []
    print(
        f"Monday took {time.monotonic() - began:.0f} s, {ada.count + boss.count} pages looked at, 0 dead ends"
    )
