"""A typo fixed in seconds by keys alone, in a real browser. The wrong price is in `tests/browser`: it crosses rooms."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection

from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.publishing.models import Post
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(chromium, size, theme="light"):
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
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
