"""Coming in, in a real browser: the printed link, the first run, a passkey of one's own, the second step."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from quarterdeck.core import clock
from quarterdeck.crew import onetime, verbs
from quarterdeck.crew.models import User
from quarterdeck.crew.permissions import Role
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "quiet-harbour-lamp"


def local(live_server) -> str:
    """The server by the name at which passkeys work."""
    return live_server.url.replace("127.0.0.1", "localhost")


def at(live_server, url: str) -> str:
    return local(live_server) + re.sub(r"^https?://[^/]+", "", url)


def with_authenticator(page) -> None:
    """A device that keeps passkeys and says yes, as Chromium's own protocol offers it."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_from_the_link_to_a_passkey_and_back_in_with_it(page, live_server):
    heard = browser.watch(page)
    with_authenticator(page)
    page.goto(at(live_server, onetime.issue_owner_link()))
    page.get_by_role("button", name="Sign in on this browser").click()
    page.get_by_label("Your name").fill("Ada")
    expect(page.get_by_label("Time zone")).not_to_have_value("")  # the browser's own
    page.get_by_label("Workspace").fill("Harbour Kitchen")
    page.get_by_role("button", name="Open my Desk").click()
    page.wait_for_url("**/w/harbour-kitchen/")

    page.goto(f"{local(live_server)}/w/harbour-kitchen/settings/you/")
    page.locator("li", has_text="Passkeys").get_by_role("link", name="Add").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    user = User.objects.get()
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)
    assert kept.wrap().is_passwordless

    page.context.clear_cookies()
    page.goto(f"{local(live_server)}/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/w/harbour-kitchen/")
    assert not heard


def test_the_second_step_is_set_up_and_asked_for(page, live_server):
    heard = browser.watch(page)
    bo = make.user("Bo", email="bo@example.org", password=PASSWORD)
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    verbs.accept_invitation(invited.token, user=bo)
    _sign_in_with_password(page, live_server)
    page.wait_for_url("**/w/**")
    page.goto(f"{local(live_server)}/account/2fa/totp/activate/")
    shown = page.get_by_label("Or type this secret into the app").input_value()
    page.wait_for_function("() => document.querySelector('img[alt^=\"A code to scan\"]').naturalWidth > 0")
    code = format_hotp_value(hotp_value(shown, int(time.time()) // 30))
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Turn it on").click()
    page.wait_for_url("**/recovery-codes/**")
    assert shown not in str(Authenticator.objects.values_list("data", flat=True))

    page.context.clear_cookies()
    _sign_in_with_password(page, live_server)
    page.wait_for_url("**/2fa/authenticate/**")
    recovery = Authenticator.objects.get(user=bo, type=Authenticator.Type.RECOVERY_CODES)
    page.locator("input[name=code]").fill(recovery.wrap().get_unused_codes()[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/w/**")
    assert not heard


def _sign_in_with_password(page, live_server) -> None:
    page.goto(f"{local(live_server)}/account/login/")
    page.get_by_label("E-mail").fill("bo@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_who_comes_by_the_loopback_address_is_led_to_where_passkeys_work(page, live_server):
    make.user("Bo", last_login=clock.now())
    page.goto(f"{live_server.url.replace('localhost', '127.0.0.1')}/account/login/")
    page.wait_for_url("http://localhost:*/**")
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_before_signing_in_are_for_everyone(page, live_server, theme):
    make.user("Bo", last_login=clock.now())
    invited = verbs.invite(by=make.member(), role=Role.AUTHOR)
    page.emulate_media(color_scheme=theme)
    heard = browser.watch(page)
    for url in ("/account/login/", "/account/password/reset/", "/account/signup/", invited.url):
        page.goto(at(live_server, url))
        assert browser.axe_findings(page) == [], url
    page.goto(at(live_server, onetime.issue_owner_link()))
    assert browser.axe_findings(page) == []
    assert not heard
