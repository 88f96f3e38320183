"""The year of a person, on a phone in the dark and on a laptop in the light: switched on, the week drafted, edited,
dropped and added to, the month, the page of the year, the file; and everybody else, who looks for it in vain.
"""

from __future__ import annotations

import os
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import Role
from quarterdeck.leadership import agenda
from quarterdeck.leadership.tests import life
from quarterdeck.publishing.verbs import holds
from quarterdeck.review import verbs as review
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("LEADERSHIP_SHOTS")  # a folder, for whoever wants to look at the pages


def look(page, name: str) -> None:
    """What axe says of the page as it stands, and that nothing runs off to the side."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert browser.axe_findings(page) == [], name
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), f"{name} runs off to the side"


def open_as(new_context, live_server, member: Member, theme: str, size: dict):
    page = new_context(color_scheme=theme).new_page()
    page.set_viewport_size(size)
    heard = browser.watch(page)
    browser.sign_in(page, live_server.url, member.user)
    return page, heard


def a_week() -> life.Life:
    """This week's, by the machine's own clock: the server's cannot be moved."""
    lived = life.lived()
    holds.place(lived.ada, reason="A recall of the nettles")
    said = review.comment(lived.post, by=lived.bea, text="Warmer, please.")
    review.reply(said, by=lived.ada, text="Yes, it is warmer now.")
    return lived


def test_a_week_becomes_a_year_and_nobody_else_finds_it(new_context, live_server, monkeypatch):
    monkeypatch.setattr(life, "MONDAY", clock.now() - timedelta(minutes=1))
    monkeypatch.setattr(agenda, "FRIDAY", 0)  # whatever day it is
    monkeypatch.setattr(agenda, "FROM", time.min)
    lived = a_week()
    ada = lived.ada
    root = f"{live_server.url}/w/{ada.workspace.slug}"
    page, heard = open_as(new_context, live_server, ada, "dark", browser.PHONE)
    page.goto(f"{root}/settings/private-week/")
    look(page, "settings-dark-phone")
    page.get_by_role("button", name="Switch it on, for me alone").click()
    expect(page.get_by_role("heading", name="Drafted from what you did")).to_be_visible()
    look(page, "week-dark-phone")
    page.goto(f"{root}/")  # the Desk asks; E opens it
    asks = page.locator('[data-item^="private.week"]')
    asks.get_by_text("only you see the page").click()
    look(page, "desk-dark-phone")
    page.keyboard.press("e")
    page.wait_for_url("**/private-week/?week=*")
    soup = page.get_by_role("listitem").filter(has_text="You wrote “Nettle soup is back.”")
    soup.get_by_text("Say it otherwise").press("Enter")
    soup.get_by_label("In your words").fill("I brought the soup back with Bea, and it sold out.")
    soup.get_by_role("button", name="Keep it like this").press("Enter")
    page.get_by_role("listitem").filter(has_text="You put everything on hold").get_by_role(
        "button", name="Keep"
    ).press("Enter")
    page.get_by_role("listitem").filter(has_text="You answered").get_by_role("button", name="Drop").press(
        "Enter"
    )
    expect(page.get_by_role("heading", name="Drafted from what you did")).to_have_count(0)
    page.get_by_label("What did you do, for whom").fill("I talked the launch into next week.")
    page.get_by_label("Kind of work").last.select_option("together")
    page.get_by_role("button", name="Add it").press("Enter")
    kept = page.get_by_role("region", name="Kept")
    expect(kept.get_by_role("listitem")).to_have_count(3)
    look(page, "kept-dark-phone")

    page.set_viewport_size(browser.DESK)
    page.emulate_media(color_scheme="light")
    look(page, "kept-light")
    page.get_by_role("navigation", name="Weeks, month and year").get_by_role("link").nth(-2).click()
    expect(page.get_by_role("heading", name="Working with others")).to_be_visible()
    look(page, "month-light")
    page.get_by_role("link", name=re.compile("^The year")).click()
    page.get_by_text("Say something first").press("Enter")
    page.get_by_label("What you want to say first").fill("A year in which the soup came back.")
    page.get_by_role("button", name="Keep", exact=True).press("Enter")
    expect(page.get_by_text("A year in which the soup came back.").first).to_be_visible()
    expect(page.get_by_text("Left out of it: Bea.")).to_be_visible()
    look(page, "year-light")
    page.emulate_media(media="print")
    expect(page.get_by_text("Take it along", exact=True)).to_be_hidden()
    page.emulate_media(media="screen")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Page (HTML)").click()
    said = saved.value.path().read_text()
    assert "I brought the soup back with a colleague, and it sold out." in said
    assert "A year in which the soup came back." in said
    if SHOTS:
        saved.value.save_as(Path(SHOTS) / "file.html")
    page.goto(f"{live_server.url}/private-week/")
    look(page, "mine-light")
    page.goto(f"{root}/settings/private-week/description/")
    look(page, "description-light")
    assert heard == []

    for role in Role.values:
        other = make.member(role, of=ada.workspace, name=f"B {role}")
        theirs, _ = open_as(new_context, live_server, other, "dark", browser.DESK)
        for place in ("private-week/", "private-week/year/", "search/?q=launch"):
            theirs.goto(f"{root}/{place}")
            assert "talked the launch" not in theirs.content()
        theirs.context.close()
