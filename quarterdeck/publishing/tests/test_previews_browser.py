"""Previews in a real browser: each network's own look, other scripts, this year's emoji; fast on a slow machine; and
what is typed survives a browser that dies."""

from __future__ import annotations

import contextlib
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Error, expect

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.contract import Connected, Secrets
from quarterdeck.core import clock
from quarterdeck.publishing.models import LinkedPage, Post
from quarterdeck.publishing.tests import typing_time
from quarterdeck.publishing.tests.test_composer_browser import SOUP
from quarterdeck.shell.tests import browser
from quarterdeck.studio.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MENU = "https://example.com/menu"


def bluesky(w):
    account = Connected(
        "harbour.example.com", "did:plc:7", "Harbour", "https://pds.example.com", Secrets({"token": "t"})
    )
    return channels.connect(w.approver, brand=w.brand, network="bluesky", connected=account)


def test_each_network_shows_it_its_own_way(page, composer, w):
    bluesky(w)
    now = clock.now()
    LinkedPage.objects.create(
        workspace=w.author.workspace,
        url=MENU,
        url_hash=LinkedPage.hash_of(MENU),
        asked_at=now,
        looked_at=now,
        title="The spring menu",
        description="Nettle soup.",
    )
    page.reload()
    for name in ("Bluesky", "Instagram"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("Text", exact=True).fill(f"مرحبا 🫩 {MENU} #Soup " + "and bread " * 20)
    shown = page.locator("[data-look=bluesky]")
    expect(shown.locator("[data-card]")).to_contain_text("The spring menu")
    expect(shown).to_contain_text("@harbour.example.com")
    expect(shown.locator(".linked").first).to_have_text(MENU)
    assert shown.locator("[data-text]").evaluate("one => getComputedStyle(one).direction") == "rtl"
    instagram = page.locator("[data-look=instagram]")
    expect(instagram).to_contain_text("… more")
    expect(instagram.locator("[data-card]")).to_be_hidden()
    page.get_by_label("Goes out at").fill(f"{now + timedelta(days=1):%Y-%m-%dT}11:30")
    expect(instagram).to_contain_text("handed out at 11:30")
    page.get_by_role("checkbox", name="Link card where the network makes none").uncheck()
    expect(shown.locator("[data-card]")).to_be_hidden()
    page.get_by_role("checkbox", name="Link card where the network makes none").check()
    files = page.locator("[data-scope='']").locator("input[type=file]")
    files.set_input_files([SOUP, {"name": "b.png", "mimeType": "image/png", "buffer": pictures.png(30, 30)}])
    expect(
        instagram.locator("img:not([alt=''])").or_(instagram.locator("[data-pictures] img"))
    ).to_have_count(2)
    expect(shown.locator("[data-card]")).to_be_hidden()  # pictures take its place
    assert browser.axe_findings(page) == []


def test_a_key_is_followed_at_once_on_a_slow_machine(page, composer, w):
    bluesky(w)
    page.reload()
    for box in page.get_by_role("group", name="Goes to").get_by_role("checkbox").all():
        box.check()
    times = typing_time.measured(page, "Nettle soup from Tuesday, and bread. #Soup")
    print(f"95 of 100 keys at {typing_time.SLOWER}x slower: {times}")
    assert times["meter"] < 1000
    assert (
        times["layouts"] < 5
    )  # something that moves by itself after a key (a bar that grows) costs two or three more
    assert page.locator("[data-part] .meter:not([hidden])").count() == 4


def test_what_is_typed_survives_a_browser_that_dies(
    page,
    composer,
    w,
    browser_type,
    browser_type_launch_args,
    tmp_path,
):
    """Not closed, which would say goodbye: killed after the two seconds in which a draft is kept."""
    home = str(tmp_path / "profile")
    first = browser_type.launch_persistent_context(home, **browser_type_launch_args)
    other = first.new_page()
    browser.sign_in(other, composer, w.author.user)
    other.goto(f"{composer}new/")
    other.get_by_label("Text", exact=True).fill("Soup that must not be lost.")
    other.wait_for_timeout(2500)  # kept every two seconds
    kept = other.evaluate("JSON.stringify(localStorage)")
    assert "not be lost" in kept
    session = first.new_cdp_session(other)
    other.wait_for_timeout(6000)  # the browser itself writes its storage to disk a moment later
    with contextlib.suppress(Error):  # nobody is left to answer
        session.send("Browser.crash")
    with contextlib.suppress(Error):
        first.close()
    again = browser_type.launch_persistent_context(home, **browser_type_launch_args)
    try:
        back = again.new_page()
        browser.sign_in(back, composer, w.author.user)
        back.goto(f"{composer}new/")
        expect(back.get_by_label("Text", exact=True)).to_have_value("Soup that must not be lost.")
    finally:
        again.close()


def test_two_people_in_one_draft_never_overwrite_each_other(
    page,
    composer,
    w,
    browser_type,
    browser_type_launch_args,
):
    post = w.draft("Soup.")
    chromium = browser_type.launch(**browser_type_launch_args)
    hers = chromium.new_page()
    try:
        browser.sign_in(hers, composer, w.approver.user)
        for one in (page, hers):
            one.goto(f"{composer}{post.pk}/text/")
        page.get_by_label("Text", exact=True).fill("Soup, said Ada.")
        hers.get_by_label("Text", exact=True).fill("Soup, said Bea.")
        page.get_by_role("button", name="Save draft").click()
        expect(page).to_have_url(re.compile(rf"/posts/{post.pk}/$"))
        hers.get_by_role("button", name="Save draft").click()
        expect(hers.get_by_text("changed this post while you were writing")).to_be_visible()
        expect(hers.get_by_text("Soup, said Ada.")).to_be_visible()
        expect(hers.get_by_label("Your text")).to_have_value("Soup, said Bea.")
        assert Post.objects.get().text == "Soup, said Ada."
    finally:
        chromium.close()
