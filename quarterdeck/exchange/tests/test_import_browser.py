"""The journey in a real browser: a messy file is dropped, confirmed, imported, mended by keyboard and undone; in both
themes, on a laptop and on a phone.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from quarterdeck.exchange import importing
from quarterdeck.exchange.models import Import
from quarterdeck.exchange.tests import world
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MESSY = [
    ["Plan of March", "", "", "", ""],
    ["", "", "", "", ""],
    ["Date", "Time", "Post copy", "Where", "Picture"],
]
YEAR = datetime.now(UTC).year + 1
MESSY += [
    [f"{n % 27 + 1:02d}/04/{YEAR}", "9:30 pm", f"Post {n}: “soup” – und Brot", "Pier", ""] for n in range(48)
]
MESSY += [
    [f"14/04/{YEAR}", "early", "Lost", "Lighthouse", ""],
    ["", "", "Bread", "Pier", "https://x.example/a.jpg"],
]

_DROP = """({selector, name, text}) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, {type: "text/csv"}));
  const form = document.querySelector(selector);
  for (const kind of ["dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


def shot(page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def sound(page, heard: list[str]) -> None:
    assert browser.axe_findings(page) == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), "something runs off to the side"
    assert heard == []


@browser.EVERY_LOOK
def test_a_messy_spreadsheet_is_dropped_confirmed_mended_and_undone(request, live_server, theme, size):
    ours = world.two()
    chromium = request.getfixturevalue("browser")
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    heard = browser.watch(page)
    browser.sign_in(page, live_server.url, ours.lead.user)
    label = f"{theme}-{size['width']}"
    page.goto(f"{live_server.url}/w/{ours.lead.workspace.slug}/imports/")
    expect(page.get_by_text("You can also drop the file here.")).to_be_visible()
    sound(page, heard)
    shot(page, f"{label}-1-bring")
    text = world.as_csv(MESSY).decode()
    page.evaluate(_DROP, {"selector": "[data-drop]", "name": "plan.csv", "text": text})
    expect(page.get_by_role("heading", name="What is in “plan.csv”?")).to_be_visible()
    sound(page, heard)
    shot(page, f"{label}-2-mapping")
    page.get_by_text("Drafts with their times planned").click()
    page.get_by_role("button", name="Import 50 rows").press("Enter")
    expect(page.get_by_text("0 of 50 rows")).to_be_visible()
    importing.run(Import.objects.get().pk)
    expect(page.get_by_role("heading", name="49 drafts and 1 row to fix")).to_be_visible()
    sound(page, heard)
    shot(page, f"{label}-3-done")
    page.get_by_role("link", name="Fix 1 row").press("Enter")
    expect(page.get_by_text("“Lighthouse” is no connected channel here.")).to_be_visible()
    sound(page, heard)
    shot(page, f"{label}-4-fixing")
    page.get_by_label("Time of day").fill("12:00")
    page.get_by_label("Channels").fill("Pier")
    page.get_by_label("Channels").press("Enter")
    expect(page.get_by_text("Row 52 is a draft now.")).to_be_visible()
    page.get_by_role("link", name="Back to the import").press("Enter")
    page.get_by_role("link", name="1 of them needs a look").press("Enter")
    expect(page.get_by_text("Bring its picture by hand")).to_be_visible()
    sound(page, heard)
    shot(page, f"{label}-5-drafts")
    page.get_by_role("link", name="Back to the import").press("Enter")
    page.get_by_role("button", name="Undo the whole import").press("Enter")
    expect(page.get_by_text("Taking the drafts back")).to_be_visible()
    importing.run_undo(Import.objects.get().pk)
    expect(page.get_by_text("50 drafts were taken off the plan and discarded.")).to_be_visible()
    sound(page, heard)
    shot(page, f"{label}-6-undone")
