"""“I connect our Bluesky in a minute”, with a real browser and the real server; then a thread with an image goes out
with the sign-in that was kept, and the firehose shows one create for each part.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.channels import adapters
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.contract import Content, Thread
from quarterdeck.channels.models import Channel, Credential
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [
    pytest.mark.real,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]


@pytest.fixture
def ada(page: Page, live_server):
    member = make.member()
    browser.sign_in(page, live_server.url, member.user)
    return member


def test_connected_in_a_browser_and_published(page: Page, live_server, ada, pds):
    person = pds.person("kitchen")
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/")
    page.get_by_role("link", name="Connect Bluesky").click()
    page.get_by_label("Handle").fill(f"@{person.handle}")
    page.get_by_label("Server").fill(pds.address)
    page.get_by_text("With an app password instead").click()
    page.get_by_label("App password").fill(person.password)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("That is the account’s main password")).to_be_visible()
    page.get_by_label("App password").fill(person.app_password)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("It answered when last looked at").first).to_be_visible()

    channel = Channel.objects.get()
    sealed = bytes(Credential.objects.get().sealed)
    assert (channel.network, channel.handle, channel.remote_id) == ("bluesky", person.handle, person.did)
    for secret in (person.app_password, person.password, "eyJ"):
        assert secret.encode() not in sealed
    _publish_thread(adapters.of(channel))
    seen = pds.changes(person, 2)
    assert [(one["action"], one["record"]["text"]) for one in seen] == [("create", "One"), ("create", "Two")]
    assert seen[1]["record"]["reply"]["parent"]["cid"] == seen[0]["cid"]


def _publish_thread(adapter) -> None:
    picture = world.image()
    first = world.published(adapter, content=Content("One", (picture,)), uploads=[adapter.upload(picture)])
    world.published(adapter, "Two", position=1, thread=Thread(first, first))
