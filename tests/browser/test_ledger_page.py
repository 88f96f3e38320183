"""The ledger's pages in a real browser: an entry is verified there, and whatever was changed on the way is refused."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck import ledger
from quarterdeck.core import ids
from quarterdeck.core.verbs import verb
from quarterdeck.ledger import sequencer
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIND = "ledger.key.rotated"  # any declared kind with plain fields


@verb
def recorded(member, count: int) -> list[ledger.Receipt]:
    """Record a few events about the member's workspace."""
    fields = {"old_key": "o+01020304+Aa", "new_key": "n+“05”"}
    return ledger.record_many([ledger.Record(KIND, member, member.workspace, fields) for _ in range(count)])


@pytest.fixture
def entry(page, live_server):
    """The page of an entry in the middle of a signed log of 300."""
    member = make.member("observer")
    receipts = recorded(member, 300)
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, member.user)
    path = f"/w/{member.workspace.slug}/ledger/entries/{receipts[270].event_id}/"
    return base, path


def test_an_entry_is_verified_in_the_browser(page, entry):
    base, path = entry
    heard = browser.watch(page)
    page.goto(base + path)
    page.get_by_role("button", name="Verify in this browser").click()
    expect(page.locator("[data-outcome]")).to_have_attribute("data-outcome", "verified")
    expect(page.locator("[data-verify-result]")).to_contain_text("this entry stands at place 270 of 300")
    steps = page.locator("[data-verify-steps] li")
    expect(steps).to_have_count(4)
    expect(steps.filter(has_text="What the fields say is what the entry committed to.")).to_have_count(1)
    assert heard == []
    assert browser.axe_findings(page) == []


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("leaf", lambda text: text.replace('"v":2', '"v":1'), "does not lead to the signed root"),
        ("fields", lambda text: text.replace("Aa", "Ab"), "not what the entry committed to"),
        ("tlog-proof", lambda text: re.sub("index 270", "index 271", text), "does not lead"),
        ("tlog-proof", lambda text: re.sub("\n300\n", "\n299\n", text), "does not verify"),
        ("tlog-proof", lambda text: text[:-12] + ("A" if text[-12] != "A" else "B") + text[-11:], "is false"),
        ("tlog-proof", lambda text: text.replace("/ledger/", "/other/"), "of another log"),
    ],
)
def test_what_was_changed_on_the_way_is_refused(page, entry, part, change, words):
    base, path = entry

    def changed(route):
        response = route.fetch()
        body = change(response.text())
        assert body != response.text()
        route.fulfill(response=response, body=body)

    page.route(re.compile(re.escape(part) + "$"), changed)
    page.goto(base + path)
    page.get_by_role("button", name="Verify in this browser").click()
    expect(page.locator("[data-outcome]")).to_have_attribute("data-outcome", "refused")
    expect(page.locator("[data-verify-result]")).to_contain_text(words)


def test_a_browser_without_ed25519_says_what_was_not_checked(page, entry):
    base, path = entry
    page.add_init_script(
        "SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))"
    )
    page.goto(base + path)
    page.get_by_role("button", name="Verify in this browser").click()
    expect(page.locator("[data-outcome]")).to_have_attribute("data-outcome", "unsigned")
    expect(page.locator("[data-verify-result]")).to_contain_text("cannot check Ed25519 signatures")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_log_page_is_accessible_and_keeps_the_policy(page, entry, theme):
    base, path = entry
    page.emulate_media(color_scheme=theme)
    heard = browser.watch(page)
    page.goto(base + path.split("entries/")[0])
    expect(page.get_by_role("heading", name="Newest checkpoint")).to_be_visible()
    assert browser.axe_findings(page) == []
    page.get_by_role("button", name="Verify everything").click()
    page.get_by_text("Everything fits").wait_for()
    expect(page.get_by_text("300 entries and 1 checkpoint were read")).to_be_visible()
    assert heard == []


def test_the_log_page_fits_a_phone(page, entry):
    base, path = entry
    page.set_viewport_size(browser.PHONE)
    for address in (path, path.split("entries/")[0]):
        page.goto(base + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_an_unknown_entry_is_a_plain_refusal(page, entry):
    base, path = entry
    answer = page.goto(base + re.sub("entries/.*", f"entries/{ids.new()}/", path))
    assert answer.status == 404
