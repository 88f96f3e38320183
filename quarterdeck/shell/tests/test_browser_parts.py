"""The style guide and every page of the shell in a real browser: axe, both themes, desk and phone, no violations."""

from __future__ import annotations

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
    return f"{live_server.url}/w/{who.workspace.slug}/"


@pytest.mark.parametrize("size", [browser.DESK, browser.PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, live_server, here, scheme, size):
    heard = browser.watch(page)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    for where in (
        f"{live_server.url}/styleguide/",
        here,
        f"{here}note/",
        f"{here}search/?q=menu",
        f"{here}settings/",
    ):
        page.goto(where)
        assert browser.axe_findings(page) == [], where
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (
            f"{where} scrolls sideways"
        )
    assert heard == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_opens(page, here, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(here)
    for opens, shown in (("Control+k", "#palette"), ("?", "#keys")):
        page.keyboard.press(opens)
        page.locator(shown).wait_for()
        assert browser.axe_findings(page) == [], shown
        page.keyboard.press("Escape")
        expect(page.locator(shown)).to_be_hidden()
    page.locator(".rail .who").click()
    page.locator("#you").wait_for()
    assert browser.axe_findings(page) == []
    page.set_viewport_size(browser.PHONE)
    page.goto(here)
    page.get_by_role("button", name="Menu").click()
    page.locator("#rail").wait_for()
    assert browser.axe_findings(page) == []


def _paper_is(page, colour: str) -> None:
    expect(page.locator("body")).to_have_css("background-color", colour)


def test_the_theme_follows_the_system_until_a_person_chooses(page, here):
    light, dark = "rgb(250, 247, 241)", "rgb(20, 25, 23)"
    page.emulate_media(color_scheme="dark")
    page.goto(here)
    _paper_is(page, dark)
    page.emulate_media(color_scheme="light")
    _paper_is(page, light)
    page.locator(".rail .who").click()
    page.locator("#you").get_by_role("button", name="Dark").click()
    _paper_is(page, dark)
    page.wait_for_url(here)
    page.emulate_media(color_scheme="light", media="print")
    _paper_is(page, "rgb(255, 255, 255)")


def test_a_phone_reaches_every_room_from_the_keyboard(page, here):
    page.set_viewport_size(browser.PHONE)
    page.goto(here)
    menu = page.get_by_role("button", name="Menu")
    rail = page.locator("#rail")
    expect(rail).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(rail).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(rail.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(rail).to_be_hidden()
    expect(menu).to_be_focused()


@pytest.mark.parametrize("size", [browser.DESK, browser.PHONE], ids=["desk", "phone"])
def test_what_can_be_pressed_is_large_enough(page, live_server, here, size):
    page.set_viewport_size(size)
    for where in (here, f"{here}note/", f"{live_server.url}/styleguide/"):
        page.goto(where)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .button, .rail a, .dock a, input, select, textarea")]
            .filter(x => x.checkVisibility() && !x.closest("label, .check") && !x.matches("[type=hidden]"))
            .map(x => [x.outerHTML.slice(0, 80), x.getBoundingClientRect()])
            .filter(([, box]) => box.height < 32 || box.width < 24).map(([name, box]) => `${name} ${box.height}`)"""
        )
        assert small == [], where


def test_the_skip_link_and_the_focus_are_seen(page, here):
    page.goto(here)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("#main"))
    page.keyboard.press("Tab")
    focused = page.locator("main :focus")
    expect(focused).to_have_count(1)
    expect(focused).to_have_css("outline-style", "solid")


def test_what_is_focused_is_not_hidden_by_the_dock(page, here):
    page.set_viewport_size({"width": 360, "height": 420})
    page.goto(here)
    for _ in range(24):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => { const x = document.activeElement, main = x.closest("main"); if (!main) return "";
            const box = x.getBoundingClientRect(), dock = document.querySelector(".dock").getBoundingClientRect();
            return box.bottom > dock.top || box.top < 0 ? x.outerHTML.slice(0, 90) : ""; }"""
        )
        assert covered == ""
