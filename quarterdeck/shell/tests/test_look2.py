"""Pictures of the real rooms; removed before the end."""
import os
import pytest
from quarterdeck.shell.tests import browser
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUT = "/tmp/qd-shell/shots"

def test_real(page, live_server):
    who = make.member()
    s = who.workspace.slug
    heard = browser.watch(page)
    page.goto(live_server.url + "/account/login/")
    page.screenshot(path=f"{OUT}/real-login.png")
    browser.sign_in(page, live_server.url, who.user)
    for name, where in {"desk": "", "posts": "posts/", "new": "posts/new/", "channels": "channels/", "ledger": "ledger/", "settings": "settings/", "you": "settings/you/", "people": "settings/people/", "search": "search/?q=har"}.items():
        for size in (browser.DESK, browser.PHONE):
            page.set_viewport_size(size)
            answer = page.goto(f"{live_server.url}/w/{s}/{where}")
            print(name, size["width"], answer.status, page.title(), page.evaluate("document.documentElement.scrollWidth"))
            page.screenshot(path=f"{OUT}/real-{name}-{size['width']}.png")
            for line in browser.axe_findings(page): print("   AXE", line)
    print(set(heard))
