"""On a phone: it buzzes, one taps, copies, posts, pastes the link back, and it is out. And: posted from the train, two
taps later it is in the record.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.publishing import verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import labels, sending
from quarterdeck.shell.tests import browser
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINK = "https://www.instagram.com/p/C1/"
TEXT = "Nettle soup from Tuesday.\n\nUntil it is gone."


def by_hand() -> world.World:
    w = world.two("UTC")
    w.channel = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour")
    return w


def handed(w: world.World):
    kept = studio.keep(w.author.workspace, pictures.png(300, 200), "soup.png")
    image = {"file": kept.pk.hex, "alt": "A bowl of soup."}
    post = verbs.draft(w.author, brand=w.brand, text=TEXT, images=[image], channels=[w.channel])
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    tomorrow = clock.now() + timedelta(days=1)
    verbs.schedule(post, by=w.author, when=tomorrow.replace(tzinfo=None, hour=12))
    row = post.deliveries.get()
    ready = sending.Prepared(Claimed(row.pk, row.attempt), row, post.text, post.text_hash, {})
    return sending.begin([ready]).handed[0]


def on_a_phone(new_context, live_server, user):
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.set_viewport_size(browser.PHONE)
    heard = browser.watch(page)
    browser.sign_in(page, live_server.url, user)
    return page, heard


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_the_buzz_to_out(new_context, live_server):
    w = by_hand()
    row = handed(w)
    page, heard = on_a_phone(new_context, live_server, w.author.user)
    root = f"{live_server.url}/w/{w.author.workspace.slug}"
    page.goto(f"{root}/notifications/")
    page.get_by_role("listitem").filter(has_text="Now by hand on harbour").get_by_role(
        "button", name="Open"
    ).click()
    page.wait_for_url(f"**/by-hand/{row.pk}/")
    assert fits(page)
    page.get_by_role("button", name="Copy the text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == TEXT
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the image").click()
    assert saved.value.path().stat().st_size > 100
    opens = page.get_by_role("link", name="Open Instagram")
    expect(opens).to_have_attribute("href", "https://www.instagram.com/")
    page.evaluate(f"navigator.clipboard.writeText('{LINK}')")
    page.get_by_role("button", name="Paste").click()
    expect(page.get_by_label("Link to the post")).to_have_value(LINK)
    page.get_by_role("button", name="It is out", exact=True).click()
    expect(page.get_by_text("Out on harbour, said by you.")).to_be_visible()
    expect(page.get_by_text("Out, said by you at")).to_be_visible()
    expect(page.get_by_role("link", name="See it there")).to_have_attribute("href", LINK)
    page.get_by_role("button", name=re.compile("Undo")).click()
    expect(page.get_by_text("Undone: it is handed out again.")).to_be_visible()
    page.get_by_text("It was not posted", exact=True).press("Enter")
    page.get_by_label("Why not").fill("The app was down.")
    page.get_by_role("button", name="Not posted").press("Enter")
    expect(page.get_by_text("It was not posted: The app was down.")).to_be_visible()
    assert heard == []


def test_posted_from_the_train_and_two_taps_later_in_the_record(new_context, live_server):
    w = by_hand()
    page, heard = on_a_phone(new_context, live_server, w.author.user)
    page.goto(f"{live_server.url}/w/{w.author.workspace.slug}/posts/")
    page.get_by_role("link", name="Record one made outside").click()
    expect(page.get_by_label("Where")).to_contain_text("harbour · Instagram, by hand")
    assert fits(page)
    page.evaluate(f"navigator.clipboard.writeText('{LINK}')")
    page.get_by_role("button", name="Paste").click()
    expect(page.get_by_label("Link")).to_have_value(LINK)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("It is in the record, as said by you.")).to_be_visible()
    expect(page.get_by_text("recorded by you.")).to_be_visible()
    assert heard == []


@browser.EVERY_LOOK
def test_its_pages_are_sound(new_context, live_server, theme, size):
    w = by_hand()
    row = handed(w)
    labels.make_label(w.approver, name="Morning", latest_minutes=5)
    page = new_context(color_scheme=theme).new_page()
    page.set_viewport_size(size)
    heard = browser.watch(page)
    browser.sign_in(page, live_server.url, w.approver.user)
    root = f"/w/{w.author.workspace.slug}"
    for path in (
        f"/by-hand/{row.pk}/",
        f"/posts/{row.post_id}/",
        "/posts/outside/",
        "/channels/by-hand/",
        "/settings/labels/",
        "/settings/you/",
    ):
        page.goto(live_server.url + root + path)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        assert browser.axe_findings(page) == [], path
        assert fits(page), path
    assert heard == []
