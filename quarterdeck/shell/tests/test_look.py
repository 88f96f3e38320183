"""Pictures for the eye; removed before the end."""
import os
import pytest
from quarterdeck.shell.tests import browser, world
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls("quarterdeck.shell.tests.world")]
OUT = "/tmp/qd-shell/shots"

@pytest.mark.browser_context_args(has_touch=True, is_mobile=True, device_scale_factor=2, viewport=browser.PHONE)
def test_touch(page, live_server, monkeypatch):
    world.furnish(monkeypatch)
    who = make.member()
    browser.sign_in(page, live_server.url, who.user)
    here = f"{live_server.url}/w/{who.workspace.slug}/"
    page.goto(here)
    page.screenshot(path=f"{OUT}/touch-desk.png")
    page.get_by_role("button", name="Menu").tap()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{OUT}/touch-menu.png")
    page.locator(".finder").tap()
    page.wait_for_timeout(300)
    page.screenshot(path=f"{OUT}/touch-palette.png")
    page.goto(here + "note/")
    page.locator("#refused").tap()
    page.wait_for_timeout(500)
    page.screenshot(path=f"{OUT}/touch-toast.png")
    page.goto(here + "settings/")
    page.screenshot(path=f"{OUT}/touch-settings.png")

def test_desk(page, live_server, monkeypatch):
    world.furnish(monkeypatch)
    who = make.member()
    m2 = make.member(of=make.workspace("Another kitchen"), name="X"); m2.user = who.user; m2.save()
    browser.sign_in(page, live_server.url, who.user)
    here = f"{live_server.url}/w/{who.workspace.slug}/"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(here)
        page.keyboard.press("j")
        page.keyboard.press("e")
        page.locator(".toast").wait_for()
        page.wait_for_timeout(300)
        page.locator(".rail .who").click()
        page.wait_for_timeout(300)
        page.screenshot(path=f"{OUT}/open-you-{scheme}.png")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        page.keyboard.type("me")
        page.wait_for_timeout(600)
        page.screenshot(path=f"{OUT}/open-palette-{scheme}.png")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        page.wait_for_timeout(400)
        page.screenshot(path=f"{OUT}/open-keys-{scheme}.png")
