"""Two journeys in a real browser: a typo fixed in seconds by keys alone; a wrong price pointed out on a phone, owned,
told inside, corrected on two channels and by hand on a third.
"""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection

from quarterdeck.accountability import verbs, ways
from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.tests import world
from quarterdeck.accountability.views import flagging
from quarterdeck.changes.models import Change
from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Notification
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(chromium, size, theme="light"):
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    page.route("**/live/stream?*", lambda route: route.fulfill(status=204))
    return page, browser.watch(page)


def sound(page, heard: list[str]) -> None:
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


@pytest.mark.timeout(240)
def test_a_typo_is_fixed_in_three_keys_and_seconds(request, live_server):
    w = world.two()
    post = world.out(w, "Nettle soop from Tuesday.", at=clock.now() - timedelta(hours=2))
    page, heard = opened(request.getfixturevalue("browser"), browser.DESK)
    browser.sign_in(page, live_server.url, w.author.user)
    page.goto(f"{live_server.url}/w/{w.author.workspace.slug}/posts/{post.pk}/")
    page.get_by_role("link", name="Fix a typo").wait_for()
    began, keys = time.monotonic(), 0
    page.keyboard.press("t")
    keys += 1
    page.get_by_role("heading", name="Fix a typo").wait_for()
    page.wait_for_load_state("load")
    assert page.evaluate("document.activeElement.id") == "text-common-0"
    page.evaluate("document.activeElement.setSelectionRange(9, 10)")  # where the cursor is put is not counted
    page.keyboard.press("u")
    keys += 1
    page.keyboard.press("Control+Enter")
    keys += 1
    page.get_by_text("It is being corrected on").wait_for()
    assert keys <= 3
    assert time.monotonic() - began < 20
    assert Post.objects.get().text == "Nettle soup from Tuesday."
    slip = Slip.objects.get()
    assert (slip.what, slip.level) == ("“soop” should read “soup”.", 1)
    page.get_by_role("heading", name="What was wrong").wait_for()
    sound(page, heard)
    connection.close()


def three_channels(w) -> tuple[Post, list]:
    second = channels.connect_sandbox(w.approver, brand=w.brand, name="Jobs")
    hand = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="Insta")
    post = world.out(w, channels=[w.channel, second, hand], at=clock.now() - timedelta(hours=2))
    from quarterdeck.publishing.verbs import by_hand

    with clock.at(clock.now() - timedelta(hours=1)):
        by_hand.say_out(post.deliveries.get(channel=hand), by=w.author)
    return post, [w.channel, second, hand]


@pytest.mark.timeout(300)
def test_a_wrong_price_from_a_phone_to_every_channel(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.two()
    post, places = three_channels(w)
    door = crew.issue_link(by=w.author, purpose=flagging.PURPOSE, object_id=post.pk, label="Dee").token

    phone, heard = opened(chromium, browser.PHONE, "dark")
    phone.goto(f"{live_server.url}/s/{door}/")
    phone.get_by_label("What is wrong?").fill("The soup costs 12 euros, not 21.")
    sound(phone, heard)
    phone.get_by_role("button", name="Send it to the team").click()
    phone.get_by_text("Thank you.").wait_for()
    slip = Slip.objects.get()

    page, heard = opened(chromium, browser.PHONE, "light")
    browser.sign_in(page, live_server.url, w.author.user)
    page.goto(f"{live_server.url}/w/{w.author.workspace.slug}/")
    page.get_by_role("button", name="I have this").click()
    page.get_by_text("You have this").first.wait_for()
    page.goto(f"{live_server.url}/w/{w.author.workspace.slug}/corrections/{slip.pk}/")
    sound(page, heard)
    page.get_by_role("link", name="Correct it").first.click()
    page.get_by_label("Why it happened").fill("We copied last week’s price list.")
    page.get_by_label("What is right").fill("The soup costs 12 euros.")
    page.get_by_label("The right text").fill("Nettle soup from Tuesday, 12 euros.")
    page.get_by_text("Kept as you typed.").wait_for()
    assert "We copied last week’s price list." in page.get_by_label("What is said in public").input_value()
    assert page.get_by_text("How it is kept from happening again", exact=True).count() == 1
    with page.expect_response("**/path/draft/"):
        page.get_by_role("group", name="Jobs").get_by_label("Reply to it").check()
    sound(page, heard)
    page.reload()  # nothing that was typed is lost
    assert page.get_by_label("What is right").input_value() == "The soup costs 12 euros."
    page.get_by_role("button", name="Tell them now").click()
    page.get_by_text("1 person was told.").first.wait_for()
    assert Notification.objects.filter(member=w.approver, subject__startswith="A correction").exists()
    page.get_by_role("button", name="Send the correction").click()
    page.get_by_role("heading", name="How it is corrected").wait_for()
    sound(page, heard)

    slip.refresh_from_db()
    assert {(one.coverage.channel.name, one.coverage.how) for one in ways.stands(slip)} == {
        (places[0].name, "edit"),
        ("Jobs", "reply"),
        ("Insta", "edit"),
    }
    reply = Post.objects.exclude(pk=post.pk).get()
    post.refresh_from_db()
    for words in (reply, post):  # a price is no small edit: somebody else reads it first
        publishing.approve(words, by=w.approver, text_hash=words.text_hash)
    soon = clock.now() + timedelta(minutes=3)
    world.send(reply, soon)
    world.changed(post, soon)
    verbs.settle(slip)
    from quarterdeck.changes import verbs as changes

    by_hand = Change.objects.get(delivery__channel=places[2])
    assert by_hand.state == "handed"
    changes.say_made(by_hand, by=w.author)
    verbs.settle(slip)
    phone.reload()
    phone.get_by_text("it is corrected").wait_for()
    page.reload()
    page.get_by_text("Over: corrected").wait_for()
    sound(page, heard)
    connection.close()
