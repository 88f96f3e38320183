"""“I connect our Bluesky in a minute and see at once that it works, when it will need me again, and what our last
weeks looked like.” In a real browser, against the strict fakes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.channels import calls, jobs, verbs
from quarterdeck.channels.bluesky import dpop, identity
from quarterdeck.channels.bluesky.connection import BlueskyConnector
from quarterdeck.channels.bluesky.tests import fake_bluesky
from quarterdeck.channels.mastodon.tests import fake_mastodon
from quarterdeck.channels.models import Channel, Checkup
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _loopback_is_our_own(monkeypatch):
    monkeypatch.setenv("QUARTERDECK_PRIVATE_HOSTS", "127.0.0.1")
    calls.client.cache_clear()
    yield
    calls.client.cache_clear()


@pytest.fixture
def bluesky():
    with fake_bluesky.FakeBluesky() as fake, pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "DIRECTORY", f"{fake.url}/plc")
        dpop.memory.forget()
        yield fake


@pytest.fixture
def mastodon():
    with fake_mastodon.FakeMastodon() as fake:
        yield fake


@pytest.fixture
def ada(page: Page, live_server):
    member = make.member()
    browser.sign_in(page, live_server.url, member.user)
    return member


def posted_before(fake: fake_bluesky.FakeBluesky, days: int) -> None:
    """The account posted once each three days."""
    for day in range(1, days, 3):
        made = datetime.now(UTC) - timedelta(days=day)
        record = {
            "$type": fake_bluesky.POST,
            "text": f"Soup of {made:%d %B}, nettles and rhubarb.",
            "createdAt": made.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        key = f"3k{day:011d}".replace("0", "2").replace("1", "a").replace("8", "b").replace("9", "c")
        kept = fake.put(fake_bluesky.DID, f"{fake_bluesky.POST}/{key}", record)
        fake.numbers[kept["uri"]] = {
            "likeCount": 4 * day,
            "repostCount": day,
            "replyCount": 0,
            "quoteCount": 1,
        }


def sound(page: Page, heard: list[str]) -> list[str]:
    found = browser.axe_findings(page) + heard
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("something runs off to the side")
    return found


def test_bluesky_in_a_minute(page: Page, live_server, ada, bluesky):
    heard = browser.watch(page)
    posted_before(bluesky, 40)
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/")
    page.get_by_role("link", name="Connect Bluesky").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect Bluesky")
    expect(page.get_by_text("Add an app password")).to_be_visible()
    page.get_by_label("Handle").fill(fake_bluesky.HANDLE)
    page.get_by_text("With an app password instead").click()
    page.get_by_label("App password").fill("wrong-wrong-wrong")
    page.get_by_label("Server").fill(bluesky.url)
    assert sound(page, heard) == []
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("One thing needs another look.")).to_be_visible()
    expect(page.get_by_label("App password")).to_have_value("")
    expect(page.get_by_label("Handle")).to_have_value(fake_bluesky.HANDLE)
    heard.clear()  # Chromium reports the answer 422 of a form as an error

    page.get_by_label("App password").fill(fake_bluesky.APP_PASSWORD)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("It answered when last looked at").first).to_be_visible()
    expect(page.get_by_text("and is renewed before then").first).to_be_visible()
    expect(page.get_by_text("are being fetched")).to_be_visible()
    assert sound(page, heard) == []

    channel = Channel.objects.get()
    jobs.first_look(str(channel.pk))  # as the worker does
    page.reload()
    expect(page.get_by_text("Posts a week, the last 13 weeks")).to_be_visible()
    expect(page.locator(".items > li")).to_have_count(13)
    expect(page.get_by_text("nettles and rhubarb").first).to_be_visible()
    expect(page.get_by_text("likeCount 4", exact=False).first).to_be_visible()
    assert sound(page, heard) == []

    page.get_by_role("button", name="Check now").click()
    expect(page.locator("#toasts-polite").get_by_text("It answered when last looked at")).to_be_visible()
    page.wait_for_load_state("load")  # the dialog is opened by a script
    page.get_by_role("button", name="Disconnect…").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("what signed us in there is forgotten").first).to_be_visible()


def test_bluesky_by_signing_in_there_and_one_button(page: Page, live_server, ada, bluesky):
    """Bluesky sends people back by number (127.0.0.1), where nobody is signed in: they end where they are."""
    heard = browser.watch(page)
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network=bluesky")
    expect(page.get_by_role("heading", level=2, name="Sign in at Bluesky")).to_be_visible()
    page.get_by_label("Handle").fill(fake_bluesky.HANDLE)
    page.get_by_label("Server").fill(bluesky.url)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at Bluesky")
    assert sound(page, heard) == []
    page.get_by_role("link", name="Go on to 127.0.0.1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fake Bluesky")
    page.get_by_role("link", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Finish connecting Bluesky")
    assert page.url.startswith(live_server.url)
    assert not Channel.objects.exists()
    page.get_by_role("button", name="Finish connecting").click()
    expect(page.get_by_text("It answered when last looked at. Its sign-in ends on").first).to_be_visible()
    expect(page.get_by_text("A person signs in again by then.").first).to_be_visible()
    assert sound(page, heard) == []
    assert Channel.objects.get().handle == fake_bluesky.HANDLE

    page.get_by_role("button", name="Disconnect…").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("what signed us in there is forgotten").first).to_be_visible()
    assert bluesky.oauth.sessions[0].ended


def test_the_other_way_to_connect_is_found_by_keyboard_and_on_a_phone(page: Page, live_server, ada):
    heard = browser.watch(page)
    page.set_viewport_size(browser.PHONE)
    for network, heading, field in (
        ("bluesky", "With an app password instead", "App password"),
        ("mastodon", "With an access token instead", "Access token"),
    ):
        page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network={network}")
        expect(page.get_by_label(field)).to_be_hidden()
        page.locator("details summary", has_text=heading).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label(field)).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_label(field)).to_be_focused()
        assert sound(page, heard) == []


def test_mastodon_by_signing_in_there_and_one_button(page: Page, live_server, ada, mastodon):
    heard = browser.watch(page)
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network=mastodon")
    page.get_by_label("Your server").fill(mastodon.url)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at Mastodon")
    assert sound(page, heard) == []
    page.get_by_role("link", name="Go on to 127.0.0.1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fake Mastodon")
    page.get_by_role("link", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Finish connecting Mastodon")
    assert not Channel.objects.exists()
    assert sound(page, heard) == []
    page.get_by_role("button", name="Finish connecting").click()
    expect(page.get_by_text("It answered when last looked at").first).to_be_visible()
    assert Channel.objects.get().network == "mastodon"
    assert sound(page, heard) == []


def test_what_each_network_takes_is_read_on_a_phone_too(page: Page, live_server, ada):
    heard = browser.watch(page)
    page.set_viewport_size(browser.PHONE)
    for path, title in (("networks", "What each network takes"), ("connect", "Connect a channel")):
        page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/{path}/")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        for name in ("Sandbox", "Bluesky", "Mastodon", "Instagram", "LinkedIn", "X", "TikTok", "YouTube"):
            expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        assert sound(page, heard) == []


def test_mastodon_declined_there(page: Page, live_server, ada, mastodon):
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/connect/?network=mastodon")
    page.get_by_label("Your server").fill(mastodon.url)
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("link", name="Go on to 127.0.0.1").click()
    page.get_by_role("link", name="Decline").click()
    expect(page.get_by_text("Mastodon did not let Quarterdeck in.")).to_be_visible()
    assert not Channel.objects.exists()


def test_when_it_needs_a_person_the_desk_says_so_and_leads_to_the_way(page: Page, live_server, ada, bluesky):
    channel = bluesky_channel(ada, bluesky)
    bluesky.accounts[fake_bluesky.DID].state = "suspended"
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/channels/{channel.pk}/")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("connect again", exact=True).first).to_be_visible()
    assert Checkup.objects.get().reconnect
    page.goto(f"{live_server.url}/w/{ada.workspace.slug}/")
    expect(page.get_by_text(f"Reconnect {channel.name}: nothing can go out there until then")).to_be_visible()
    page.get_by_role("link", name="Reconnect", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Connect {channel.name} again")
    bluesky.accounts[fake_bluesky.DID].state = ""
    page.get_by_label("Handle").fill(fake_bluesky.HANDLE)
    page.get_by_text("With an app password instead").click()
    page.get_by_label("App password").fill(fake_bluesky.APP_PASSWORD)
    page.get_by_label("Server").fill(bluesky.url)
    page.get_by_role("button", name="Connect again").click()
    expect(page.get_by_text("It answered when last looked at").first).to_be_visible()
    assert Channel.objects.get().pk == channel.pk


def bluesky_channel(member, fake: fake_bluesky.FakeBluesky) -> Channel:
    given = {"handle": fake_bluesky.HANDLE, "password": fake_bluesky.APP_PASSWORD, "server": fake.url}
    account = BlueskyConnector().begin(given, back="")
    return verbs.connect(member, brand=member.workspace.brands.get(), network="bluesky", connected=account)
