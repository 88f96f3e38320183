"""“Sign in at Bluesky”, with a real browser on the real server's own pages: connected, published, renewed, ended. And
what that server does with a proof, a nonce, a clock and a token used twice: all that the fake says of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.channels import adapters, calls, credentials
from quarterdeck.channels.bluesky import dpop, identity
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import world
from quarterdeck.channels.contract import Content, Refused
from quarterdeck.channels.models import Channel, Credential
from quarterdeck.core import clock, reach
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [
    pytest.mark.real,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
PUBLIC = "https://desk.harbour.internal"
SOON = 30_000  # milliseconds; the server's pages are an application of their own


@pytest.fixture
def server(pds, monkeypatch):
    """The server, and the directory that knows its accounts."""
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"{pds.host},{pds.directory.removeprefix('http://')}")
    monkeypatch.setattr(identity, "DIRECTORY", pds.directory)
    dpop.memory.forget()
    calls.client.cache_clear()
    return pds


@pytest.fixture
def ada(page: Page, live_server):
    member = make.member()
    browser.sign_in(page, live_server.url, member.user)
    return member


def begin(page: Page, live_server, ada, server, person) -> None:
    """To the server's own page for the password."""
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network=bluesky")
    page.get_by_label("Handle").fill(f"@{person.handle}")
    page.get_by_label("Server").fill(server.address)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at Bluesky")
    page.get_by_role("link", name="Go on to localhost").click()
    expect(page.locator("input[type=password]")).to_be_visible(timeout=SOON)


def sign_in(page: Page, person) -> None:
    page.locator("input[type=password]").fill(person.password)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("button", name="Authorize")).to_be_visible(timeout=SOON)


def test_signed_in_there_published_renewed_and_ended(page: Page, live_server, ada, server):
    person = server.person("harborside")
    begin(page, live_server, ada, server, person)
    sign_in(page, person)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Finish connecting Bluesky", timeout=SOON)
    assert page.url.startswith(live_server.url)  # sent back by number, and led on to where ada is signed in
    page.get_by_role("button", name="Finish connecting").click()
    expect(page.get_by_text("It answered when last looked at. Its sign-in ends on").first).to_be_visible()

    channel = Channel.objects.get()
    assert (channel.handle, channel.remote_id) == (person.handle, person.did)
    assert b"PRIVATE KEY" not in bytes(Credential.objects.get().sealed)
    adapter = adapters.of(channel)
    _publishes(adapter, server, person)
    _keeps_to_what_the_fake_says(adapter)
    renewed = _renews(channel, adapter)

    page.get_by_role("button", name="Disconnect…").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("what signed us in there is forgotten").first).to_be_visible()
    assert "could not be ended" not in page.content()
    for call in (renewed.health, renewed.renew):
        with pytest.raises(Refused):
            call()
    with pytest.raises(Refused) as no:
        renewed.renew()
    assert no.value.reconnect


@pytest.fixture
def public(live_server, server):
    """A public https address that was tested, by which the server comes to us, as through a proxy."""
    reach.set_public_url(PUBLIC)
    reach.note_passed(PUBLIC, "browser")
    server.fetches(PUBLIC, live_server.url)

    yield PUBLIC
    reach.forget()


def test_with_a_public_address_the_server_reads_who_we_are_and_we_sign(
    page: Page, live_server, ada, server, public
):
    person = server.person("boathouse")
    begin(page, live_server, ada, server, person)
    sign_in(page, person)
    expect(page.get_by_text("desk.harbour.internal").first).to_be_visible()
    with page.expect_event(
        "requestfailed", lambda one: one.url.startswith(f"{PUBLIC}/"), timeout=SOON
    ) as sent:
        page.get_by_role("button", name="Authorize").click()
    # The browser is sent to the public address, where only a proxy would stand: we go where that would lead, in another
    # tab, since this one is on its way to a page that says nobody is there.
    back = page.context.new_page()
    back.goto(live_server.url + sent.value.url.removeprefix(PUBLIC))
    back.get_by_role("button", name="Finish connecting").click(timeout=SOON)
    expect(back.get_by_text("and is renewed before then").first).to_be_visible()

    channel = Channel.objects.get()
    assert channel.facts["oauth"]["client_id"] == f"{PUBLIC}/oauth-client-metadata.json"
    old = adapters.of(channel)
    fresh = BlueskyAdapter(credentials.fresh(channel, expired=old.account))
    assert world.published(fresh, "By our own key").remote_id
    assert fresh.revoke() == ""
    with pytest.raises(Refused) as no:
        fresh.renew()
    assert no.value.reconnect


def _publishes(adapter: BlueskyAdapter, server, person) -> None:
    picture = world.image()
    first = world.published(adapter, "One")
    uploads = [adapter.upload(picture)]
    made = world.body(adapter, content=Content("Two", (picture,)), uploads=uploads, position=1)
    gate = world.Gate()
    adapter.publish(made["rkey"], made, gate=gate)
    assert gate.passed == 1  # the nonce was known from the call before
    seen = server.changes(person, 2)
    assert [(one["action"], one["record"]["text"]) for one in seen] == [("create", "One"), ("create", "Two")]
    adapter.delete(first)
    assert server.changes(person, 3)[2]["action"] == "delete"


def _keeps_to_what_the_fake_says(adapter: BlueskyAdapter) -> None:
    """An old nonce, a clock that is wrong, another key: refused before anything is done."""
    prover = adapter._server._prover
    origin, name = adapter.account.server, prover._name
    dpop.memory.keep(origin, name, dpop.Heard("an-old-nonce"))
    gate, made = world.Gate(), world.body(adapter, "Three", position=2)
    adapter.publish(made["rkey"], made, gate=gate)
    assert gate.passed == 2
    heard = dpop.memory.of(origin, name)
    for ahead in (-3600.0, 3600.0):
        dpop.memory.keep(origin, name, dpop.Heard(heard.nonce, ahead))
        assert adapter.health().expires_at  # made up for by the server's own Date
        assert dpop.memory.of(origin, name).ahead == 0.0
    thief = replace(adapter.account, secrets=dict(adapter.account.secrets) | {"key": dpop.new_key()})
    with pytest.raises(Refused) as no:
        BlueskyAdapter(thief).health()
    assert no.value.expired


def _renews(channel: Channel, old: BlueskyAdapter) -> BlueskyAdapter:
    """By the lease, as the product does; whoever still holds the old token is told that it has run out."""
    account = credentials.fresh(channel, expired=old.account)
    assert account.secrets["refresh"] != old.account.secrets["refresh"]
    assert account.secrets["key"] == old.account.secrets["key"]
    kept = Credential.objects.get()
    assert timedelta(minutes=50) < kept.expires_at - clock.now() <= timedelta(minutes=60)
    with pytest.raises(Refused) as no:
        old.health()
    assert no.value.expired
    fresh = BlueskyAdapter(account)
    assert fresh.health().expires_at == old_end(old)
    assert world.published(fresh, "Four", position=3).remote_id
    return fresh


def old_end(old: BlueskyAdapter):
    """When a sign-in without a public address ends; renewing does not move it."""
    from quarterdeck.channels.bluesky import oauth

    return oauth.ends(old.account)


def test_declined_there_and_a_token_used_twice(page: Page, live_server, ada, server):
    person = server.person("quayside")
    begin(page, live_server, ada, server, person)
    sign_in(page, person)
    page.get_by_role("button", name="Deny access").click()
    expect(page.get_by_text("Bluesky did not let Quarterdeck in.")).to_be_visible(timeout=SOON)
    assert not Channel.objects.exists()
    page.get_by_role("link", name="Begin again").click()

    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network=bluesky")
    page.get_by_label("Handle").fill(person.handle)
    page.get_by_label("Server").fill(server.address)
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("link", name="Go on to localhost").click()
    allow = page.get_by_role("button", name="Authorize")
    expect(page.locator("input[type=password]").or_(allow).first).to_be_visible(timeout=SOON)
    if page.locator("input[type=password]").count():
        sign_in(page, person)
    allow.click()
    page.get_by_role("button", name="Finish connecting").click(timeout=SOON)
    expect(page.get_by_text("It answered when last looked at").first).to_be_visible()

    adapter = adapters.of(Channel.objects.get())
    fresh = replace(adapter.account, secrets=adapter.renew().over(adapter.account.secrets))
    with pytest.raises(Refused, match="has ended") as no:
        adapter.renew()  # the old one again: the server ends the whole sign-in
    assert no.value.reconnect
    with pytest.raises(Refused) as no:
        BlueskyAdapter(fresh).renew()
    assert no.value.reconnect
