"""The next free slot, asked for in the composer by keyboard: it fills the form, and plans nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.planning.verbs import slots
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_next_free_slot_fills_the_form_and_plans_nothing(page, live_server):
    w = world.two()
    heard = browser.watch(page)
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, w.author.user)
    page.goto(f"{base}/w/{w.author.workspace.slug}/posts/new/")
    expect(page.locator("form.scripted")).to_be_attached()
    ask, said = page.get_by_role("button", name="Next free slot"), page.locator("[data-slot-said]")
    ask.press("Enter")
    expect(said).to_contain_text("no weekly slots and no habit to go by")
    slots.make_slot(w.approver, channel=w.channel, weekday=1, wall="11:30")
    ask.press("Enter")
    expect(said).to_contain_text("11:30 Europe/Berlin: the next free slot of")
    assert page.get_by_label("Goes out at").input_value().endswith("T11:30")
    expect(ask).to_be_focused()
    page.get_by_role("checkbox", name=w.channel.name).uncheck()
    ask.press("Enter")
    expect(said).to_have_text("Choose a channel first: slots belong to channels.")
    assert not Delivery.objects.exists()
    assert heard == []
