"""Everything by keyboard: the palette, shortcuts, lists, toasts and their undo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.shell.tests import browser, world
from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("quarterdeck.shell.tests.world"),
]


@pytest.fixture
def here(page, live_server, monkeypatch):
    world.furnish(monkeypatch)
    who = make.member()
    browser.sign_in(page, live_server.url, who.user)
    address = f"{live_server.url}/w/{who.workspace.slug}/"
    heard = browser.watch(page)
    page.goto(address)
    yield address
    assert heard == []


def selected(page):
    """The words of the option that Enter would take."""
    return page.locator("#palette [aria-selected=true] span")


def test_the_palette_filters_moves_and_goes_by_keyboard_alone(page, here):
    page.keyboard.press("Control+k")
    words = page.get_by_role("combobox", name="Find or do")
    expect(words).to_be_focused()
    expect(selected(page)).to_have_text("Go to the Desk")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_have_text("Write a note")
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_have_text("Go to the Desk")
    page.keyboard.press("ArrowUp")
    expect(selected(page)).not_to_have_text("Go to the Desk")  # it wraps round to the last one
    page.keyboard.type("draft")  # a keyword, not the label
    expect(selected(page)).to_have_text("Write a note")
    expect(page.locator("#palette-count")).to_have_text("1 action")
    chosen = page.locator("#palette [aria-selected=true]").get_attribute("id")
    expect(words).to_have_attribute("aria-activedescendant", chosen)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here}note/")


def test_the_palette_shows_what_rooms_find_and_closes_on_escape(page, here):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("carousel")
    page.locator("#palette-found [role=option]").first.wait_for()
    expect(selected(page)).to_have_text(re.compile("^Spring menu carousel"))
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("combobox")).to_have_value("")
    page.keyboard.type("zzzz")
    expect(page.locator("#hit-all")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here}search/?q=zzzz")


def test_the_palette_teaches_shortcuts_and_they_work_without_it(page, here):
    page.keyboard.press("Control+k")
    taught = page.locator("#palette [role=option]", has_text="Write a note").locator("kbd")
    expect(taught).to_have_text("n", ignore_case=True)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("n")
    page.wait_for_url(f"{here}note/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(here)


def test_a_sequence_typed_too_slowly_is_no_sequence_and_typing_is_no_shortcut(page, here):
    page.goto(f"{here}note/")
    page.get_by_label("Text").focus()
    page.keyboard.type("gd n ? j")
    assert page.url == f"{here}note/"
    expect(page.get_by_label("Text")).to_have_value("gd n ? j")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.wait_for_timeout(1300)
    page.keyboard.press("d")
    page.wait_for_timeout(200)
    assert page.url == f"{here}note/"


def test_single_keys_can_be_turned_off_on_this_device(page, here):
    page.keyboard.press("?")
    page.get_by_label("Single keys work on this device").uncheck()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("n")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("Control+k")  # what came before it has had its turn
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator("#keys")).to_be_hidden()
    assert page.url == here


def test_a_list_is_worked_from_the_keyboard(page, here):
    current = page.locator(".items > li[aria-current]")
    expect(current).to_contain_text("price in Friday")
    page.keyboard.press("j")
    expect(current).to_contain_text("Spring menu carousel")
    expect(current).to_be_focused()
    expect(current.get_by_role("button", name="Own and correct")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(current).to_contain_text("price in Friday")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator(".toast", has_text="“Approve” is done.").wait_for()
    assert world.DONE == ["Approve"]
    page.keyboard.press("Enter")
    page.wait_for_url("**#Approve")


def test_the_item_that_is_shown_as_current_can_be_opened_and_reached_even_when_it_is_the_only_one(page, here):
    page.evaluate("document.querySelectorAll('.items > li:not(:first-child)').forEach(li => li.remove())")
    only = page.locator(".items > li")
    expect(only).to_have_count(1)
    page.keyboard.press("j")
    expect(only).to_be_focused()
    page.reload()
    page.keyboard.press("Enter")
    page.wait_for_url("**#Correct")


def test_a_part_that_is_fetched_anew_leaves_the_focus_where_it_was(page, here):
    page.goto(f"{here}note/")
    page.get_by_role("button", name="Keep it").focus()
    page.evaluate("htmx.ajax('GET', location.href, {target: 'main', select: 'main', swap: 'outerHTML'})")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.evaluate("document.querySelector('main button.primary').dataset.old = 'yes'")
    page.evaluate("htmx.ajax('GET', location.href, {target: 'main', select: 'main', swap: 'outerHTML'})")
    expect(page.locator("main button[data-old]")).to_have_count(0)
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()


def test_pointing_at_an_item_shows_its_own_buttons(page, here):
    third = page.locator(".items > li").nth(2)
    expect(third.get_by_role("button", name="Own and correct")).to_be_hidden()
    third.locator(".why").click()
    expect(third.get_by_role("button", name="Own and correct")).to_be_visible()
    expect(page.locator(".items > li[aria-current]")).to_have_count(1)


def test_a_toast_is_announced_and_undone_with_z(page, here):
    page.keyboard.press("j")
    page.keyboard.press("e")
    toast = page.locator("#toasts-polite .toast")
    toast.wait_for()
    expect(page.locator("#toasts-polite")).to_have_attribute("aria-live", "polite")
    page.keyboard.press("z")
    expect(page.locator("#toasts .toast")).to_have_count(0)
    assert world.DONE == ["Approve", "undone"]
    assert page.url.startswith(here)


def test_a_toast_stays_ten_seconds_and_as_long_as_someone_reads_it(page, here):
    page.clock.install()
    page.goto(here)
    page.keyboard.press("j")
    page.keyboard.press("e")
    toast = page.locator("#toasts-polite .toast")
    toast.wait_for()
    page.clock.run_for(10_000)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").focus()
    page.clock.run_for(60_000)
    expect(toast).to_be_visible()
    page.locator("h1").click()
    page.clock.run_for(13_000)
    expect(toast).to_have_count(0)
