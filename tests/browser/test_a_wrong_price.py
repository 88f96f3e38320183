"""A wrong price, in a real browser, from the first word of it to the end: pointed out by a link on a phone, owned, told
inside, corrected on two channels and by hand on a third, looked back at, and what follows from it promised, done and
verified by somebody else.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from quarterdeck.accountability import verbs, ways
from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.tests import world
from quarterdeck.accountability.views import flagging
from quarterdeck.changes import verbs as changes
from quarterdeck.changes.models import Change
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Notification
from quarterdeck.lessons.models import Commitment, Review
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs import by_hand
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 15_000  # milliseconds; three browsers share a small machine


def opened(chromium, size, theme="light") -> tuple[Page, list[str]]:
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    return page, browser.watch(page)


def sound(page: Page, heard: list[str]) -> None:
    page.wait_for_load_state()
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


def three_channels(w) -> tuple[Post, list]:
    second = channels.connect_sandbox(w.approver, brand=w.brand, name="Jobs")
    hand = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="Insta")
    post = world.out(w, channels=[w.channel, second, hand], at=clock.now() - timedelta(hours=2))

    with clock.at(clock.now() - timedelta(hours=1)):
        by_hand.say_out(post.deliveries.get(channel=hand), by=w.author)
    return post, [w.channel, second, hand]


def pointed_out(phone: Page, address: str, heard: list[str]) -> Slip:
    """By a link, without an account, on a phone in the dark."""
    phone.goto(address)
    phone.get_by_label("What is wrong?").fill("The soup costs 12 euros, not 21.")
    sound(phone, heard)
    phone.get_by_role("button", name="Send it to the team").click()
    expect(phone.get_by_text("Thank you.")).to_be_visible(timeout=SOON)
    return Slip.objects.get()


def owned(page: Page, there: str, slip: Slip, heard: list[str]) -> None:
    page.goto(there)
    page.get_by_role("button", name="I have this").click()
    expect(page.get_by_text("You have this").first).to_be_visible(timeout=SOON)
    page.goto(f"{there}corrections/{slip.pk}/")
    sound(page, heard)


def corrected(page: Page, approver, heard: list[str]) -> None:
    """One page: the note, every channel, and those inside told before it goes out. Nothing typed is lost."""
    page.get_by_role("link", name="Correct it").first.click()
    page.get_by_label("Why it happened").fill("We copied last week’s price list.")
    page.get_by_label("What is right").fill("The soup costs 12 euros.")
    page.get_by_label("The right text").fill("Nettle soup from Tuesday, 12 euros.")
    expect(page.get_by_text("Kept as you typed.")).to_be_visible(timeout=SOON)
    assert "We copied last week’s price list." in page.get_by_label("What is said in public").input_value()
    assert page.get_by_text("How it is kept from happening again", exact=True).count() == 1
    with page.expect_response("**/path/draft/"):
        page.get_by_role("group", name="Jobs").get_by_label("Reply to it").check()
    sound(page, heard)
    page.reload()
    assert page.get_by_label("What is right").input_value() == "The soup costs 12 euros."
    page.get_by_role("button", name="Tell them now").click()
    expect(page.get_by_text("1 person was told.").first).to_be_visible(timeout=SOON)
    assert Notification.objects.filter(member=approver, subject__startswith="A correction").exists()
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_role("heading", name="How it is corrected")).to_be_visible(timeout=SOON)
    sound(page, heard)


def carried_out(w, post: Post, slip: Slip, places: list) -> None:
    """What the loops do, and the hand on the third channel. A price is no small edit: somebody else reads it first."""
    slip.refresh_from_db()
    assert {(one.coverage.channel.name, one.coverage.how) for one in ways.stands(slip)} == {
        (places[0].name, "edit"),
        ("Jobs", "reply"),
        ("Insta", "edit"),
    }
    reply = Post.objects.exclude(pk=post.pk).get()
    post.refresh_from_db()
    for words in (reply, post):
        publishing.approve(words, by=w.approver, text_hash=words.text_hash)
    soon = clock.now() + timedelta(minutes=3)
    world.send(reply, soon)
    world.changed(post, soon)
    verbs.settle(slip)
    on_the_third = Change.objects.get(delivery__channel=places[2])
    assert on_the_third.state == "handed"
    changes.say_made(on_the_third, by=w.author)
    verbs.settle(slip)


def looked_back_at(page: Page, heard: list[str]) -> None:
    """From the slip's own page: what was expected, what happened, and one promise that follows."""
    page.get_by_role("link", name="Review it…").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What did we expect?", exact=True).fill("The price of the new menu.")
    page.get_by_label("What happened?", exact=True).fill("The old list was copied.")
    page.get_by_label("What will be done", exact=True).fill("Prices come from the till")
    page.get_by_label("By", exact=True).fill((clock.now().date() + timedelta(days=7)).isoformat())
    page.get_by_label("Who optional", exact=True).select_option(index=1)
    page.get_by_label("What will be done").press("Control+Enter")
    expect(page.get_by_role("link", name="Prices come from the till")).to_be_visible(timeout=SOON)
    sound(page, heard)
    page.get_by_label("What happened?").press("Control+Enter")
    expect(page.get_by_role("button", name="Open it again")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Prices come from the till").click()
    page.get_by_label("What shows it optional").fill("The till prints them now.")
    page.get_by_label("What shows it optional").press("Enter")
    expect(page.get_by_text("Somebody else looks at it")).to_be_visible(timeout=SOON)
    sound(page, heard)


@pytest.mark.timeout(300)
def test_a_wrong_price_from_a_phone_to_a_promise_verified(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.two()
    post, places = three_channels(w)
    there = f"{live_server.url}/w/{w.author.workspace.slug}/"
    door = crew.issue_link(by=w.author, purpose=flagging.PURPOSE, object_id=post.pk, label="Dee").token

    phone, heard_outside = opened(chromium, browser.PHONE, "dark")
    slip = pointed_out(phone, f"{live_server.url}/s/{door}/", heard_outside)
    page, heard = opened(chromium, browser.PHONE, "light")
    browser.sign_in(page, live_server.url, w.author.user)
    owned(page, there, slip, heard)
    corrected(page, w.approver, heard)
    carried_out(w, post, slip, places)
    phone.reload()
    expect(phone.get_by_text("it is corrected")).to_be_visible(timeout=SOON)
    page.reload()
    expect(page.get_by_text("Over: corrected")).to_be_visible(timeout=SOON)
    sound(page, heard)
    looked_back_at(page, heard)

    desk, heard_at_the_desk = opened(chromium, browser.DESK, "dark")
    browser.sign_in(desk, live_server.url, w.approver.user)
    desk.goto(there)
    desk.get_by_role("link", name="Look whether “Prices come from the till” was done").click()
    desk.get_by_role("button", name="I looked: it is done").click()
    expect(desk.get_by_text("Kept, and verified by you.")).to_be_visible(timeout=SOON)
    sound(desk, heard_at_the_desk)
    promise = Commitment.objects.get()
    assert (promise.state, promise.owner, promise.verified_by) == ("kept", w.author, w.approver)
    assert Review.objects.get().about_id == slip.pk
    connection.close()
