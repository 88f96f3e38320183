"""Forms in a real browser: nothing typed is lost, nothing is sent twice, refusals are shown where they belong."""

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
    page.goto(f"{live_server.url}/w/{who.workspace.slug}/note/")
    return f"{live_server.url}/w/{who.workspace.slug}/"


def test_what_was_typed_comes_back_and_can_be_discarded(page, here):
    text = page.get_by_label("Text")
    text.fill("Nettle soup")
    page.reload()
    expect(text).to_have_value("Nettle soup")
    line = page.locator(".kept")
    expect(line).to_contain_text("Restored what you typed at ")
    line.get_by_role("button", name="Discard").click()
    expect(text).to_have_value("")
    page.reload()
    expect(text).to_have_value("")


def test_what_is_kept_is_kept_every_two_seconds(page, here):
    page.clock.install()
    page.reload()
    page.get_by_label("Text").fill("Rhubarb")
    page.clock.run_for(2100)
    page.wait_for_function(
        "() => Object.entries(localStorage).some(([k, v]) => k.endsWith('.note') && v.includes('Rhubarb'))"
    )


def test_what_was_sent_does_not_come_back(page, here):
    page.get_by_label("Text").fill("Potatoes")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(here)
    page.locator(".toast", has_text="The note is kept.").wait_for()
    page.goto(f"{here}note/")
    expect(page.get_by_label("Text")).to_have_value("")


def test_what_was_refused_comes_back(page, here):
    page.get_by_label("Text").fill("refuse me")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("The note changed while you were reading it.").wait_for()
    page.get_by_role("link", name="Go back").click()
    expect(page.get_by_label("Text")).to_have_value("refuse me")


def test_another_person_on_this_browser_does_not_see_it(page, live_server, here):
    page.get_by_label("Text").fill("Between us")
    page.reload()
    other = make.member(name="Bo")
    browser.sign_in(page, live_server.url, other.user)
    page.goto(f"{live_server.url}/w/{other.workspace.slug}/note/")
    expect(page.get_by_label("Text")).to_have_value("")


def test_a_form_pressed_twice_is_sent_once(page, here):
    page.get_by_label("Text").fill("Once")
    asked = []
    page.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    held = []
    page.route("**/note/", lambda route: held.append(route))  # the answer takes its time
    with page.expect_request(lambda request: request.method == "POST"):
        page.evaluate(
            """() => new Promise((done) => {
            const press = () => document.querySelector("main button.primary").click();
            press(); setTimeout(press, 100); setTimeout(press, 200); setTimeout(done, 400); })"""
        )
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_url(here)
    assert len(asked) == 1
    assert world.DONE == ["Once"]


def test_htmx_carries_the_token_and_a_refusal_is_shown_and_dismissed(page, here):
    page.locator("#refused").click()
    refusal = page.locator("#toasts-assertive .toast")
    expect(refusal).to_contain_text("Nothing was changed. Read it again.")
    assert world.DONE == ["refuse me"]
    refusal.get_by_role("button", name="Dismiss").click()
    expect(refusal).to_have_count(0)


def test_no_answer_is_told_as_not_known(page, here):
    page.route(
        "**/note/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.locator("#refused").click()
    toast = page.locator("#toasts-assertive .toast")
    expect(toast).to_contain_text("It is not known whether this was done")


def test_copying_says_what_happened(page, here):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/s/1"


def test_copying_that_is_refused_selects_the_text_and_says_so(page, here):
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("This browser did not allow copying.").wait_for()
    page.wait_for_function("() => getSelection().toString() === 'https://example.org/s/1'")


@pytest.mark.browser_context_args(timezone_id="Pacific/Auckland")
def test_the_browsers_time_zone_is_offered_and_times_stay_in_the_persons(page, here):
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")
    times = page.locator("main time")
    expect(times).to_have_count(2)
    expect(times.first).to_have_attribute("title", "Sunday 9 March 2025, 11:30:00 UTC")
    expect(times.last).to_have_text(re.compile("days ago$"))
