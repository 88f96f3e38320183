"""Everything by keyboard: the palette, shortcuts, lists, toasts and their undo."""

from __future__ import annotations

import pytest

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


def selected(page) -> str:
    return page.locator("#palette [aria-selected=true] span").inner_text()


def test_the_palette_filters_moves_and_goes_by_keyboard_alone(page, here):
    page.keyboard.press("Control+k")
    words = page.get_by_role("combobox", name="Find or do")
    assert words.evaluate("box => box === document.activeElement")
    assert selected(page) == "Go to the Desk"
    page.keyboard.press("ArrowDown")
    assert selected(page) == "Write a note"
    page.keyboard.press("ArrowUp")
    assert selected(page) == "Go to the Desk"
    page.keyboard.press("ArrowUp")
    assert selected(page) != "Go to the Desk"  # it wraps round to the last one
    page.keyboard.type("draft")  # a keyword, not the label
    assert selected(page) == "Write a note"
    assert page.locator("#palette-count").inner_text() == "1 action"
    assert words.get_attribute("aria-activedescendant") == page.locator(
        "#palette [aria-selected=true]"
    ).get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here}note/")


def test_the_palette_shows_what_rooms_find_and_closes_on_escape(page, here):
    page.keyboard.press("Control+k")
    page.keyboard.type("carousel")
    page.locator("#palette-found [role=option]").first.wait_for()
    assert selected(page).startswith("Spring menu carousel")
    page.keyboard.press("Escape")
    assert page.locator("#palette").is_hidden()
    page.keyboard.press("Control+k")
    assert page.get_by_role("combobox").input_value() == ""
    page.keyboard.type("zzzz")
    page.locator("#hit-all").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here}search/?q=zzzz")


def test_the_palette_teaches_shortcuts_and_they_work_without_it(page, here):
    page.keyboard.press("Control+k")
    assert page.locator("#palette [role=option]", has_text="Write a note").locator("kbd").inner_text() == "N"
    page.keyboard.press("Escape")
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
    assert page.get_by_label("Text").input_value() == "gd n ? j"
    assert page.locator("#keys").is_hidden()
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
    page.keyboard.press("n")
    page.reload()
    page.keyboard.press("?")
    assert page.locator("#keys").is_hidden()
    assert page.url == here
    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()


def test_a_list_is_worked_from_the_keyboard(page, here):
    current = page.locator(".items > li[aria-current]")
    assert "price in Friday" in current.inner_text()
    page.keyboard.press("j")
    assert "Spring menu carousel" in current.inner_text()
    assert current.evaluate("li => li === document.activeElement")
    assert current.get_by_role("button", name="Own and correct").is_visible()
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert "price in Friday" in current.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator(".toast", has_text="“Approve” is done.").wait_for()
    assert world.DONE == ["Approve"]
    page.keyboard.press("Enter")
    assert page.url.endswith("#Approve")


def test_pointing_at_an_item_shows_its_own_buttons(page, here):
    third = page.locator(".items > li").nth(2)
    assert third.get_by_role("button", name="Own and correct").is_hidden()
    third.locator(".why").click()
    assert third.get_by_role("button", name="Own and correct").is_visible()
    assert page.locator(".items > li[aria-current]").count() == 1


def test_a_toast_is_announced_and_undone_with_z(page, here):
    page.keyboard.press("j")
    page.keyboard.press("e")
    toast = page.locator("#toasts-polite .toast")
    toast.wait_for()
    assert page.locator("#toasts-polite").get_attribute("aria-live") == "polite"
    page.keyboard.press("z")
    page.wait_for_function("() => !document.querySelector('#toasts .toast')")
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
    assert toast.is_visible()
    toast.get_by_role("button", name="Undo").focus()
    page.clock.run_for(60_000)
    assert toast.is_visible()
    page.locator("h1").click()
    page.clock.run_for(13_000)
    assert toast.count() == 0
