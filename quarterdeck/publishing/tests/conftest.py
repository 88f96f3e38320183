"""The composer in a browser, with three channels: two on the Sandbox, one by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.publishing.tests import world
from quarterdeck.shell.tests import browser


@pytest.fixture
def w():
    w = world.two("UTC")
    w.instagram = connect_by_hand(w.approver, brand=w.brand, network="instagram", name="harbour.kitchen")
    channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    return w


@pytest.fixture
def composer(page, live_server, w):
    """The composer with an empty post for the Sandbox and Instagram; its console stays quiet."""
    heard = browser.watch(page)
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, w.author.user)
    page.goto(f"{base}/w/{w.author.workspace.slug}/posts/new/")
    expect(page.locator("form.scripted")).to_be_attached()
    page.get_by_role("checkbox", name=w.channel.name).check()
    page.get_by_role("checkbox", name=w.instagram.name).check()
    yield f"{base}/w/{w.author.workspace.slug}/posts/"
    assert [words for words in heard if "Failed to load resource" not in words] == []
