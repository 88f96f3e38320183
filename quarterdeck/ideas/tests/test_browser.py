"""The shelf in a real browser: by keys, by mouse, on a phone, from another page."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.crew.models import Member
from quarterdeck.ideas.models import Idea
from quarterdeck.ideas.tests import world
from quarterdeck.shell.tests import browser
from quarterdeck.studio.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(page: Page, live_server, who: Member) -> str:
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, who.user)
    return f"{base}/w/{who.workspace.slug}/ideas/"


def column(page: Page, name: str):
    return page.locator(f"[data-column={name}]")


def test_by_keys_a_card_moves_keeps_the_focus_and_comes_back(page, live_server):
    w = world.three()
    idea = w.idea("Count the soups")
    other = w.idea("Ask the harbour master")
    heard = browser.watch(page)
    page.goto(signed_in(page, live_server, w.author))
    link = page.get_by_role("link", name="Count the soups")
    page.get_by_role("link", name=other.title).focus()
    page.keyboard.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "brief").get_by_role("link", name="Count the soups")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "making").get_by_role("link", name="Count the soups")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(column(page, "idea").get_by_role("link", name=other.title)).to_be_focused()
    expect(page.locator("#toasts-polite")).to_contain_text("is in Making now.")
    page.locator("#toasts-polite .toast[data-minded]").first.wait_for()  # the page's own script is there
    page.keyboard.press("z")
    expect(column(page, "brief").get_by_role("link", name="Count the soups")).to_be_visible()
    idea.refresh_from_db()
    assert (idea.state, idea.owner) == ("brief", None)
    assert heard == []


def test_by_mouse_a_card_is_dragged_to_its_column(page, live_server):
    w = world.three()
    w.idea("Count the soups")
    heard = browser.watch(page)
    page.goto(signed_in(page, live_server, w.author))
    page.locator("[data-card]").drag_to(column(page, "reviewing"))
    expect(column(page, "reviewing").get_by_role("link", name="Count the soups")).to_be_visible()
    assert Idea.objects.get().state == "reviewing"
    assert page.locator(".dropping").count() == 0
    assert heard == []


def test_by_menu_on_a_phone(request, live_server):
    w = world.three()
    w.idea("Count the soups")
    page = request.getfixturevalue("browser").new_context(viewport=browser.PHONE, has_touch=True).new_page()
    page.goto(signed_in(page, live_server, w.author))
    page.get_by_label("Move “Count the soups”").tap()
    page.get_by_role("button", name="Brief", exact=True).tap()
    expect(column(page, "brief").get_by_role("link", name="Count the soups")).to_be_visible()
    page.get_by_label("Move “Count the soups”").tap()
    page.get_by_role("button", name="Put aside").tap()
    expect(page.get_by_text("Put aside 1")).to_be_visible()
    page.locator("#toasts-polite").get_by_role("button", name=re.compile("Undo")).tap()
    expect(column(page, "brief").get_by_role("link", name="Count the soups")).to_be_visible()


def test_a_filtered_board_stays_filtered_after_a_move(page, live_server):
    w = world.three()
    w.idea("Count the soups", tags=["recipes"])
    w.idea("Ask the harbour master")
    page.goto(signed_in(page, live_server, w.author))
    page.get_by_label("Show only").get_by_role("link", name=re.compile("#recipes")).click()
    expect(page.locator("[data-card]")).to_have_count(1)
    page.wait_for_load_state("load")
    page.locator("[data-card] > a[id]").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "brief").locator("[data-card]")).to_have_count(1)
    expect(page.locator("[data-card]")).to_have_count(1)
    assert "tag=recipes" in page.url


def test_kept_from_the_palette_with_a_picture_and_what_was_typed_survives(page, live_server):
    w = world.three()
    heard = browser.watch(page)
    page.goto(signed_in(page, live_server, w.author))
    page.keyboard.press("Control+k")
    page.keyboard.type("idea nettle soup")
    expect(page.get_by_role("option", name=re.compile("Keep “nettle soup” as an idea"))).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ideas/new/"))
    expect(page.get_by_label("First words")).to_have_value("nettle soup")
    page.get_by_text("What it says, and pictures").click()
    page.set_input_files(
        "input[type=file]", {"name": "soup.png", "mimeType": "image/png", "buffer": pictures.png()}
    )
    page.get_by_label("Describe it for people who cannot see it").fill("A bowl")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("nettle soup")
    expect(page.get_by_role("img", name="A bowl")).to_be_visible()
    page.locator("#toasts-polite .toast[data-minded]").first.wait_for()  # the page's own script is there
    page.keyboard.press("i")
    page.wait_for_url(re.compile("/ideas/new/$"))
    page.get_by_label("Why it works").fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Why it works")).to_have_value("Half a thought")
    assert heard == []


def test_the_bookmarklet_brings_the_page_and_what_is_selected(page, live_server):
    w = world.three()
    page.goto(signed_in(page, live_server, w.author) + "ways/")
    code = unquote(page.locator("[data-bookmarklet]").get_attribute("href")).removeprefix("javascript:")
    page.locator("[data-bookmarklet]").click()
    expect(page.get_by_text("Drag it to the bar of bookmarks")).to_be_visible()
    page.route(
        re.compile(r"^https://harbour\.example/"),
        lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"),
    )
    page.goto("https://harbour.example/p/7?a=1&b=2")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('p'))")
    with page.context.expect_page() as opened:
        page.evaluate(code)
    window = opened.value
    expect(window.get_by_label("First words")).to_have_value("Seven soups & a bowl")
    expect(window.get_by_label("Link")).to_have_value("https://harbour.example/p/7?a=1&b=2")
    expect(window.get_by_label("What it says", exact=False).first).to_be_visible()
    assert not Idea.objects.exists()
    window.get_by_role("button", name="Keep it").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Seven soups & a bowl")
    idea = Idea.objects.get()
    assert (idea.words, idea.way, idea.kind) == ("Day 1 of 7.", "bookmarklet", "swipe")


ELSEWHERE = "<title>Seven soups &amp; a bowl</title><h1>Soups</h1><p>Day 1 of 7.</p>"
