"""What people type is shown as they typed it and never becomes part of the page: names, posts, reasons, notices, on
every page of the workspace and on the public feed.
"""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.channels import verbs as channels
from quarterdeck.crew import notify, verbs
from quarterdeck.crew.permissions import Role
from quarterdeck.desk import verbs as desk
from quarterdeck.publishing import verbs as publishing
from quarterdeck.shell import toasts
from tests import make
from tests.samples import SAMPLES
from tests.test_routes import IN_WORKSPACE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncounted")]

EVIL = """<script>x()</script>"'><img src=x onerror=x()>{{ 7000|add:8 }}"""
SHORT = "<b onclick=x()>'\""


@pytest.fixture
def world():
    owner = make.member(of=make.workspace(EVIL[:80]), name=EVIL)
    bo = make.member(Role.LEAD, of=owner.workspace, name=SHORT)
    brand = owner.workspace.brands.get()
    channel = channels.connect_sandbox(owner, brand=brand, name=EVIL[:80])
    asked = publishing.draft(bo, brand=brand, text=EVIL, channels=[channel])
    publishing.ask_approval(asked, by=bo)
    returned = publishing.draft(owner, brand=brand, text=f"Two {EVIL}", channels=[channel])
    publishing.ask_approval(returned, by=owner)
    publishing.return_(returned, by=bo, reason=EVIL)
    notify.tell(owner, subject=EVIL, text=EVIL)
    desk.hand_over(bo, [f"publishing.approval:{asked.asks.get().pk}"], to=owner, note=EVIL)
    verbs.invite(by=owner, role=Role.AUTHOR, email="bo@example.org")
    return owner, asked, channel


def _clean(page: str) -> bool:
    return not any(part in page for part in ("<script>x", "<img src=x", "<b onclick", "7008</"))


@pytest.mark.timeout(240)
def test_words_stay_words_on_every_page(world):
    owner, _, _ = world
    owner.user.owns_installation = True
    owner.user.save()
    client, seen = Client(), 0
    client.force_login(owner.user)
    for route in IN_WORKSPACE:
        more = {} if route.arguments == {"workspace"} else SAMPLES[route.name](owner.workspace)
        answer = client.get(reverse(route.name, kwargs={"workspace": owner.workspace.slug, **more}))
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            page = answer.content.decode()
            assert _clean(page), route.name
            seen += "&lt;script&gt;x" in page
    assert seen > 5
    for query in (EVIL[:30], "<b onclick"):
        found = client.get(reverse("shell-search", kwargs={"workspace": owner.workspace.slug}), {"q": query})
        assert _clean(found.content.decode())


def test_words_stay_words_in_the_public_feed(world):
    owner, asked, channel = world
    from quarterdeck.channels.contract import Account
    from quarterdeck.channels.sandbox.adapter import SandboxAdapter

    body = {"text": asked.text, "images": []}
    SandboxAdapter(Account(channel.handle)).publish("tests-key", body, gate=nullcontext)
    page = Client().get(reverse("channels-sandbox-feed", kwargs={"handle": channel.handle})).content.decode()
    assert "&lt;script&gt;x" in page
    assert _clean(page)


def test_a_toast_is_data_in_its_header(world, rf):
    owner, _, _ = world
    client = Client()
    client.force_login(owner.user)
    address = reverse("crew-brands", kwargs={"workspace": owner.workspace.slug})
    client.post(address, {"name": f"Ünder {SHORT}\r\nX-Evil: 1"})
    answer = client.get(
        reverse("shell-palette", kwargs={"workspace": owner.workspace.slug}), headers={"HX-Request": "true"}
    )
    told = json.loads(answer["HX-Trigger"])["qd:toasts"]["toasts"][0]["text"]
    assert told == f"Ünder {SHORT} X-Evil: 1 was added."
    assert answer["HX-Trigger"].isascii()
    assert "X-Evil" not in answer.headers
    assert toasts.LONGEST <= 300
