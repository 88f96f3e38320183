"""A proof, from the entry’s page into a stranger’s hands: script and saved page check it without this server."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from quarterdeck.engines import verify
from quarterdeck.engines.tests import _packs as packs
from quarterdeck.ledger import reads, sequencer
from quarterdeck.shell.tests import browser
from tests import make
from tests.browser.test_ledger_page import recorded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed():
    """A member, and the second of the entries of a log that was signed twice."""
    member = make.member("observer")
    receipts = recorded(member, 5)
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    older = reads.newest_checkpoint(reads.open_log(member.workspace_id))
    recorded(member, 70)
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    return member, receipts[1], older


def test_a_proof_is_made_and_checked_elsewhere_with_the_network_off(page, live_server, signed, tmp_path):
    member, receipt, older = signed
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, member.user)
    heard = browser.watch(page)
    page.set_viewport_size(browser.PHONE)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{base}/w/{member.workspace.slug}/ledger/entries/{receipt.event_id}/")
    page.get_by_role("link", name="Make a proof to give away").click()
    page.get_by_label("old_key").first.uncheck()
    assert browser.axe_findings(page) == []
    with page.expect_download() as started:
        page.get_by_role("button", name="Make the file").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert file.name == f"{receipt.event_id}.quarterdeck-proof.json"
    (entry,) = json.loads(file.read_text())["entries"]
    assert [one["field"] for one in entry["disclosed"]] == ["new_key"]
    assert "old_key" in entry["hidden"]

    log = older.log
    page.goto(f"{base}/verify/")
    expect(page.get_by_role("heading", name="Check a proof")).to_be_visible()
    for address, name in (("offline.html", "Save this page"), (".py", "Take verify.py")):
        with page.expect_download() as started:
            page.get_by_role("link", name=name).click()
        started.value.save_as(tmp_path / f"saved{address[-5:]}")
    assert heard == []
    since = page.request.get(f"{base}/{log.origin.split('/', 1)[1]}/since/{older.size}").text()

    done = subprocess.run(
        [sys.executable, "-I", tmp_path / "saved.py", file, "--key", log.verifier_keys[0]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == verify.HOLDS, done.stderr
    said = done.stdout.splitlines()

    saved = page.context.browser.new_context(
        offline=True, viewport=browser.PHONE, color_scheme="dark"
    ).new_page()
    heard = browser.watch(saved)
    saved.goto(f"file://{tmp_path}/saved.html")
    _check_saved(saved, file, log, said)
    _compare_saved(saved, older, since)
    saved.set_viewport_size(browser.DESK)
    saved.emulate_media(color_scheme="light")
    assert browser.axe_findings(saved) == []
    assert heard == []


def _check_saved(saved, file, log, said):
    """By keyboard alone, on the telephone: what fits, what holds, what was changed."""
    result = saved.locator("[data-check-result]")
    saved.get_by_label("The proof file").set_input_files(file)
    expect(result).to_have_attribute("data-outcome", "own-key")
    expect(result).to_contain_text("The key came inside this file")
    saved.get_by_label("The log’s key, or its number").focus()
    saved.keyboard.type(verify.read_key(log.verifier_keys[0]).number)
    saved.keyboard.press("Tab")
    saved.keyboard.press("Tab")
    assert saved.evaluate("document.activeElement.textContent") == "Check it"
    saved.keyboard.press("Enter")
    expect(result).to_have_attribute("data-outcome", "holds")
    for line in said[:3]:  # the very lines of verify.py
        expect(result).to_contain_text(line)
    expect(result).to_contain_text("new_key")
    expect(result).to_contain_text("Stays hidden")
    assert saved.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert browser.axe_findings(saved) == []
    changed = json.loads(file.read_text())
    changed["entries"][0]["disclosed"][0]["value"] = "another"
    saved.get_by_label("The proof file").set_input_files(
        {"name": "x.json", "mimeType": "application/json", "buffer": json.dumps(changed).encode()}
    )
    expect(result).to_have_attribute("data-outcome", "refused")
    expect(result).to_contain_text("“new_key” is not what entry")


def _compare_saved(saved, older, since):
    compared = saved.locator("[data-check-compared]")
    saved.get_by_text("Compare two checkpoints of a log").click()
    kept, newer = saved.get_by_label("The one you kept"), saved.get_by_label("The newer one")
    saved.get_by_label("The log’s key", exact=True).fill(older.log.verifier_keys[0])
    for first, second, outcome, words in (
        (older.note, since, "holds", "contains the older"),
        (older.note, since.split("\n\n", 1)[1], "half", "not known yet"),
        (since.split("\n\n", 1)[1], older.note, "refused", "older than the first"),
        (
            older.note,
            since.replace("\nold", "").replace(since.split("\n")[1], "A" * 43 + "="),
            "refused",
            "changed",
        ),
        (older.note, "", "half", "every later one must contain it"),
    ):
        kept.fill(first)
        newer.fill(second)
        saved.get_by_role("button", name="Compare them").click()
        expect(compared).to_contain_text(words)
        expect(compared).to_have_attribute("data-outcome", outcome)


def test_the_page_refuses_what_the_script_refuses_for_the_same_reasons(page, live_server):
    """Every bad file of `engines/tests/_packs.py`, in Chromium, by the module that the pages run."""
    bad = packs.bad()
    page.goto(f"{live_server.url.replace('127.0.0.1', 'localhost')}/verify/")
    said = page.evaluate(
        """async ([files, now]) => {
          const { checkPack } = await import("/static/ledger/pack.js");
          const said = {};
          for (const [name, file] of Object.entries(files)) {
            const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
            said[name] = await checkPack(bytes, [], now).then(() => "taken for good", (error) => `${error}`);
          }
          return said;
        }""",
        [
            {name: b64encode(data).decode() for name, (data, _) in bad.items()}
            | {"good": b64encode(packs.data(packs.Log(11).pack(4))).decode()},
            packs.NOW,
        ],
    )
    assert said.pop("good") == "taken for good"
    assert {name: text for name, text in said.items() if bad[name][1] not in text} == {}


def test_a_browser_without_ed25519_says_that_who_signed_was_not_checked(page, live_server):
    page.add_init_script(
        "SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))"
    )
    page.goto(f"{live_server.url.replace('127.0.0.1', 'localhost')}/verify/")
    file = {"name": "x.json", "mimeType": "application/json", "buffer": packs.data(packs.Log(11).pack(4))}
    page.get_by_label("The proof file").set_input_files(file)
    result = page.locator("[data-check-result]")
    expect(result).to_have_attribute("data-outcome", "unsigned")
    expect(result).to_contain_text("Who signed: not checked. This browser cannot check Ed25519 signatures")
