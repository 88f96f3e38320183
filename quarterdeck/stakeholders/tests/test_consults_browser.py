"""In a real browser: a lead makes a rule, a post waits for the department, somebody there agrees on a phone without an
account; and a colleague asks the expert, is answered, and ends the weekly mail.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from quarterdeck.crew import links
from quarterdeck.publishing import verbs as publishing
from quarterdeck.shell.tests import browser
from quarterdeck.stakeholders.models import Consult, ExpertQuestion, Reader
from quarterdeck.stakeholders.tests import consulting_world
from quarterdeck.stakeholders.tests.consulting_world import CLAIM, World
from quarterdeck.stakeholders.verbs import digests

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(chromium, live_server, size, theme, who=None) -> tuple[Page, str, list[str]]:
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    base = live_server.url.replace("127.0.0.1", "localhost")
    if who is not None:
        browser.sign_in(page, base, who.user)
    return page, base, browser.watch(page)


def sound(page: Page, heard: list[str]) -> None:
    page.wait_for_load_state()
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


def press(page: Page, name: str, role: str = "button") -> None:
    """By keyboard: the focus, then Enter."""
    page.wait_for_load_state()
    page.get_by_role(role, name=name).focus()
    page.keyboard.press("Enter")


def at(base: str, token: str, rest: str = "") -> str:
    return f"{base}/{links.link_url(token).split('/', 3)[3]}{rest}"


@pytest.mark.timeout(240)
def test_a_rule_asks_a_department_which_agrees_on_a_phone(request, live_server):
    chromium = request.getfixturevalue("browser")
    w: World = consulting_world.two()
    page, base, heard = opened(chromium, live_server, browser.DESK, "light", w.lead)
    page.goto(f"{base}/w/{w.workspace.slug}/departments/consults/")
    sound(page, heard)
    press(page, "Make a rule", "link")
    page.get_by_label("Who has a say").select_option(label="Legal")
    page.get_by_label("When the text says", exact=False).fill("clinic*\nguarantee*")
    sound(page, heard)
    press(page, "Save the rule")
    expect(page.get_by_text("Posts that say “clinic*”, “guarantee*”")).to_be_visible()
    post = w.draft()
    page.goto(f"{base}/w/{w.workspace.slug}/posts/{post.pk}/")
    expect(page.get_by_text("Legal will be asked when approval is asked or a time is set")).to_be_visible()
    sound(page, heard)
    publishing.ask_approval(post, by=w.author)
    w.follow(post)
    page.reload()
    expect(page.get_by_text("because the text says “clinically”")).to_be_visible()
    page.get_by_text("Mail is not set up: give them their link").click()
    expect(page.get_by_label("Lena", exact=True)).to_be_visible()
    sound(page, heard)

    phone, base, heard_there = opened(chromium, live_server, browser.PHONE, "dark")
    phone.goto(at(base, Consult.objects.get().token))
    expect(phone.get_by_text(CLAIM).first).to_be_visible()
    sound(phone, heard_there)
    phone.get_by_role("button", name="Approve", exact=True).click()
    expect(phone.get_by_text("Others have to approve it too")).to_be_visible()
    sound(phone, heard_there)
    w.approve(post)
    page.reload()
    expect(page.get_by_text("agreed", exact=True)).to_be_visible()
    assert w.now(post).is_approved


@pytest.mark.timeout(240)
def test_a_colleague_asks_the_expert_is_answered_and_ends_the_mail(request, live_server):
    chromium = request.getfixturevalue("browser")
    w: World = consulting_world.two()
    page, base, heard = opened(chromium, live_server, browser.DESK, "dark", w.lead)
    page.goto(f"{base}/w/{w.workspace.slug}/departments/reading/")
    press(page, "Make a window for Sales")
    expect(page.get_by_label("The window of Sales")).to_be_visible()
    sound(page, heard)
    address = page.get_by_label("The window of Sales").input_value()

    phone, base, heard_there = opened(chromium, live_server, browser.PHONE, "light")
    phone.goto(f"{base}/{address.split('/', 3)[3]}")
    sound(phone, heard_there)
    phone.get_by_role("link", name="Ask the team").click()
    sound(phone, heard_there)
    phone.get_by_label("Your question").fill("Should we be on Threads with the restaurants?")
    phone.get_by_role("button", name="Send the question").click()
    expect(phone.get_by_text("Your question is with the team.")).to_be_visible()
    sound(phone, heard_there)

    page.goto(f"{base}/w/{w.workspace.slug}/questions/")
    sound(page, heard)
    press(page, "Should we be on Threads with the restaurants?", "link")
    page.get_by_label("Answer", exact=True).fill("Not before summer: our guests are elsewhere.")
    page.get_by_label("Sources", exact=False).fill("https://example.org/threads")
    sound(page, heard)
    press(page, "Answer")
    expect(page.get_by_text(re.compile(r"It holds until \w+ \d+"))).to_be_visible()
    sound(page, heard)

    phone.get_by_label("Your question").fill("Are restaurants right on Threads?")
    phone.get_by_role("button", name="Send the question").click()
    expect(phone.get_by_text("This was answered already")).to_be_visible()
    expect(phone.get_by_text("Not before summer").first).to_be_visible()
    sound(phone, heard_there)
    assert ExpertQuestion.objects.count() == 1

    digests.make_digest(w.lena, week=date(2026, 3, 9), lines=1, by=w.lead)
    phone.goto(f"{base}/unsubscribe/{Reader.objects.get().token}/")
    sound(phone, heard_there)
    assert Reader.objects.get().ended_at is None
    phone.get_by_role("button", name="End the weekly mail").click()
    expect(phone.get_by_role("heading", name="The weekly mail has ended")).to_be_visible()
    sound(phone, heard_there)
    assert Reader.objects.get().ended_at is not None
