"""Live pages in a real Chromium: one stream however many tabs, parts that follow, and a calm line when it is down."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import expect

from quarterdeck import live
from quarterdeck.core import clock
from quarterdeck.shell.tests import browser
from tests import make
from tests.web.serving import ROOT, serving, session_of, wait_until_ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_LOCKS = "delete Navigator.prototype.locks"


@pytest.fixture
def ada(server):
    return make.member()


def sign_in(context, user) -> None:
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": session_of(user),
        "domain": "localhost",
        "path": "/",
    }
    context.add_cookies([cookie])


def tell(member, *events) -> None:
    with transaction.atomic():
        live.announce(member.workspace_id, events)


def open_page(context, server, member):
    page = context.new_page()
    page.goto(f"{server.url}/w/{member.workspace.slug}/echo/")
    return page


def streams(server) -> int:
    with server.client() as client:
        return client.get("/echo/streams").json()["count"]


def until(true, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def shows(page, part: str) -> None:
    """Wait until the part was fetched again at least once."""
    expect(page.locator(f"#{part} output")).not_to_have_text("0", timeout=15_000)


@pytest.mark.parametrize(
    "locks", [True, pytest.param(False, marks=pytest.mark.prove)], ids=["locks", "by address, without locks"]
)
def test_ten_tabs_share_one_stream_and_all_follow(server, ada, context, locks):
    sign_in(context, ada.user)
    if not locks:
        context.add_init_script(WITHOUT_LOCKS)
    heard = []
    pages = []
    for _ in range(10):
        page = context.new_page()
        heard.append(browser.watch(page))
        page.goto(f"{server.url}/w/{ada.workspace.slug}/echo/")  # over HTTP/1.1 the seventh would hang
        pages.append(page)
    until(lambda: streams(server) == 1)
    time.sleep(1.5)
    assert streams(server) == 1
    tell(ada, ("test.thing", "1"))
    for page in pages:
        shows(page, "one")
        shows(page, "any")
    assert [errors for errors in heard if errors] == []
    pages[0].close()  # perhaps the one that reads: another takes over
    pages[1].close()
    until(lambda: streams(server) == 1)
    tell(ada, ("test.plain", "7"))
    for page in pages[2:]:
        shows(page, "plain")
    assert streams(server) == 1


def test_only_the_parts_it_concerns_are_fetched(server, ada, context):
    sign_in(context, ada.user)
    page = open_page(context, server, ada)
    until(lambda: streams(server) == 1)
    for _ in range(30):
        tell(ada, ("test.thing", "2"))
    shows(page, "any")
    page.wait_for_timeout(700)
    assert page.text_content("#one output") == "0"
    assert int(page.text_content("#any output")) < 15  # coalesced, not once for each


def test_nobody_is_interrupted_while_typing(server, ada, context):
    sign_in(context, ada.user)
    page = open_page(context, server, ada)
    until(lambda: streams(server) == 1)
    page.fill("#one input", "half a sen")
    tell(ada, ("test.thing", "1"))
    shows(page, "any")
    page.wait_for_timeout(700)
    assert page.input_value("#one input") == "half a sen"
    page.evaluate("document.activeElement.blur()")
    shows(page, "one")


def test_what_happened_while_the_page_loaded_is_not_missed(server, ada, context):
    sign_in(context, ada.user)
    page = context.new_page()
    page.route("**/live/stream*", lambda route: (tell(ada, ("test.thing", "1")), route.continue_()))
    page.goto(f"{server.url}/w/{ada.workspace.slug}/echo/")
    shows(page, "one")


def test_a_tab_that_opens_later_does_not_miss_it_either(server, ada, context):
    sign_in(context, ada.user)
    first = open_page(context, server, ada)
    until(lambda: streams(server) == 1)
    first.wait_for_timeout(3000)
    second = context.new_page()
    second.route(
        "**/live.js", lambda route: (tell(ada, ("test.thing", "1")), time.sleep(0.5), route.continue_())
    )
    second.goto(f"{server.url}/w/{ada.workspace.slug}/echo/")
    shows(second, "one")


def test_nothing_is_read_while_no_tab_is_seen_and_nothing_is_missed(server, ada, context):
    sign_in(context, ada.user)
    page = context.new_page()
    page.add_init_script(
        """let hidden = false;
        Object.defineProperty(document, "hidden", { get: () => hidden });
        window.hide = (value) => { hidden = value; document.dispatchEvent(new Event("visibilitychange")); };"""
    )
    page.goto(f"{server.url}/w/{ada.workspace.slug}/echo/")
    until(lambda: streams(server) == 1)
    page.evaluate("hide(true)")
    until(lambda: streams(server) == 0)
    tell(ada, ("test.thing", "1"))
    page.wait_for_timeout(700)
    assert page.text_content("#one output") == "0"
    page.evaluate("hide(false)")
    until(lambda: streams(server) == 1)
    shows(page, "one")


def test_who_is_removed_reads_nothing_more(server, ada, context):
    grace = make.member(of=ada.workspace, name="Grace")
    sign_in(context, grace.user)
    page = open_page(context, server, ada)
    until(lambda: streams(server) == 1)
    grace.left_at = clock.now()
    grace.save()
    tell(ada, ("crew.member", str(grace.pk)))
    until(lambda: streams(server) == 0)
    page.wait_for_timeout(3000)
    assert streams(server) == 0


@pytest.mark.prove
def test_a_restarted_server_is_found_again_and_the_line_says_so(server, ada, context, tmp_path):
    with serving(tmp_path / "log") as own:
        sign_in(context, ada.user)
        page = open_page(context, own, ada)
        until(lambda: streams(own) == 1)
        assert page.locator(".live-line").count() == 0
        own.stop(signal.SIGKILL)
        page.wait_for_selector(".live-line:visible", timeout=15_000)
        assert page.text_content(".live-line") == "Reconnecting… what you see may be old."
        with own.log.open("ab") as errors:
            own.process = subprocess.Popen(own.process.args, cwd=ROOT, env=own.environment, stderr=errors)
        try:
            wait_until_ready(own)
            page.wait_for_selector(".live-line", state="hidden", timeout=60_000)
            shows(page, "one")  # it looked at everything again
        finally:
            own.process.terminate()
            own.process.wait(15)
