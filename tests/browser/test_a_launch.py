"""“Why is my launch not on Tuesday?”, whole, in a real browser: somebody asks by a link on a phone, the team
negotiates, three departments want one slot, the ways say what each costs whom, a round is put to them, one objects, it
is adopted changed and done, the posts go out, who asked reads the result, and from the post it is one line up to the
objective.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from quarterdeck.accountability.tests.world import send
from quarterdeck.channels.models import Snapshot
from quarterdeck.consent.models import Conflict, Round, Voice
from quarterdeck.consent.tests import world
from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.publishing import following
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.shell.tests import browser
from quarterdeck.stakeholders import usual
from quarterdeck.stakeholders import verbs as people
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests.test_answering import reacted_by
from quarterdeck.strategy import verbs as strategy
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAUNCH = "The spring launch"
OTHERS = {"Product": "What the kitchen learned", "Legal": "New terms for vouchers"}
AIM = "A terrace that is full on weekdays"


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


def press(page: Page, name: str | re.Pattern, role: str = "button") -> None:
    """By keyboard: the focus, then Enter."""
    page.wait_for_load_state()
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press("Enter")


def asked_and_negotiated(phone: Page, page: Page, w: world.World, base: str, heard: list[str]) -> Post:
    """Asked without an account, another week proposed by keys, agreed, begun as a draft."""
    phone.goto(base + links.path(people.open_door(w.departments["Sales"], by=w.lead).token))
    phone.get_by_role("link", name="An event").click()
    expect(phone.get_by_role("heading", name="Before you ask")).to_be_visible()
    phone.get_by_label("What do you need?").fill(LAUNCH)
    phone.get_by_label("What is it for?").fill("The season begins with it.")
    phone.get_by_text("It must happen").click()
    phone.get_by_label("Your name").fill("Sol")
    phone.get_by_role("button", name="Send it to the team").click()
    expect(phone.get_by_text("It is with the team.")).to_be_visible()
    sound(phone, heard)

    page.goto(f"{base}/w/{w.workspace.slug}/requests/")
    page.get_by_role("link", name=LAUNCH).click()
    page.wait_for_load_state()
    page.keyboard.press("2")
    page.locator("#propose_week").select_option(usual.room(w.workspace)[1].monday.isoformat())
    page.locator("#propose_reason").fill("This week is full; the next has room.")
    press(page, re.compile("^(Propose|Send)"))
    expect(page.get_by_text("It is their turn: they say yes")).to_be_visible()
    phone.goto(base + links.path(Request.objects.get().token))
    phone.get_by_role("button", name="Yes, like this").click()
    expect(phone.get_by_text("Accepted. The team is making it.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_text("Asked for by Sales")).to_be_visible()
    return Request.objects.get().posts.get().post


def for_an_objective(w: world.World, post: Post) -> None:
    today = clock.now().astimezone(w.workspace.zone).date()
    aim = strategy.set_objective(
        w.lead, brand=w.brand, title=AIM, begins=today, ends=today + timedelta(days=80)
    )
    publishing.name_purpose(post, by=w.author, named=publishing.Named(objective=aim))


def planned_for_one_slot(w: world.World, post: Post) -> None:
    """The draft, and what two other departments asked for, all at one time of a weekday next week."""
    when = (clock.now() + timedelta(days=8)).astimezone(w.workspace.zone)
    when = when - timedelta(days=when.weekday() - 1) if when.weekday() > 4 else when
    when = when.replace(hour=11, minute=30, second=0, microsecond=0, tzinfo=None)
    post.refresh_from_db()
    publishing.edit(post, by=w.author, version=post.version, text=post.text, channels=[w.channel])
    publishing.schedule(post, by=w.author, when=when, fold=0)
    for department, what in OTHERS.items():
        w.wanted(department, what, when, latest=when.date() + timedelta(days=9))
    w.look()


def put_to_a_round(page: Page, heard: list[str]) -> None:
    expect(page.get_by_role("heading", name=re.compile("want the same slot"))).to_be_visible()
    expect(page.get_by_text(re.compile("still before its latest day")).first).to_be_visible()
    sound(page, heard)
    press(page, re.compile("Ask first whether this is all right"), "link")
    expect(page.get_by_label("The proposal")).to_have_value(re.compile("We propose: Move"))
    expect(page.get_by_role("checkbox", name="Leo, Legal")).to_be_checked()
    sound(page, heard)
    press(page, "Ask them")
    expect(page.get_by_text("3 of them have not been reached yet.")).to_be_visible()
    sound(page, heard)


def answered(phone: Page, base: str, heard: list[str]) -> None:
    voices = {str(one.department): one for one in Voice.objects.select_related("department")}
    for name in ("Sales", "Product"):
        phone.goto(base + world.door(voices[name]))
        phone.get_by_role("button", name="I consent").click()
        expect(phone.get_by_text("You consent.")).to_be_visible()
    phone.goto(base + world.door(voices["Legal"]))
    sound(phone, heard)
    phone.get_by_text("I object…").click()
    phone.get_by_label("What harm do you see?").fill("The terms are not signed by then.")
    phone.get_by_role("button", name="Object", exact=True).click()
    expect(phone.get_by_text("Please say what you could live with instead.")).to_be_visible()
    expect(phone.get_by_label("What harm do you see?")).to_have_value("The terms are not signed by then.")
    assert "422" in heard.pop()  # the browser tells of the refusal as well
    phone.get_by_label("What could you live with instead?").fill("A day later.")
    phone.get_by_role("button", name="Object", exact=True).click()
    expect(phone.get_by_text("You object.")).to_be_visible()
    sound(phone, heard)


def adopted_and_done(page: Page, phone: Page, heard: list[str], heard_there: list[str]) -> None:
    page.reload()
    expect(page.get_by_role("heading", name="Legal objects")).to_be_visible()
    page.get_by_label(re.compile("As it is adopted")).fill("As proposed, and the terms a day later still.")
    page.get_by_label(re.compile("To what was objected")).fill("Agreed.")
    sound(page, heard)
    press(page, "Adopt it")
    expect(page.get_by_role("heading", name="What was adopted")).to_be_visible()
    assert Round.objects.get().state == "changed"
    phone.reload()
    expect(phone.get_by_text("As proposed, and the terms a day later still.")).to_be_visible()
    sound(phone, heard_there)
    press(page, "Now do it", "link")
    expect(page.get_by_text("A consent round came to an outcome")).to_be_visible()
    press(page, re.compile("^Do this: "))
    expect(page.get_by_role("heading", name="Nothing in the plan collides")).to_be_visible()
    sound(page, heard)
    assert Conflict.objects.get().state == "settled"
    assert Delivery.objects.filter(state="intent").values("due_at").distinct().count() == 3


def gone_out(w: world.World) -> datetime:
    """Approved by somebody else, sent by the loop each at its time, counted an hour later. Gives when the last went."""
    last, second = clock.now(), make.member("approver", w.workspace, "Olu")
    for row in Delivery.objects.filter(state="intent").order_by("due_at").select_related("post"):
        publishing.ask_approval(row.post, by=w.author)
        publishing.approve(row.post, by=second, text_hash=row.post.text_hash)
        last = row.due_at + timedelta(seconds=1)
        send(row.post, last)
        row.refresh_from_db()
        assert row.state == "accepted"
        with clock.at(last):
            following.follow(reacted_by(row))
    posted = Snapshot.objects.filter(age_hours=1)
    posted.update(taken_at=last + timedelta(hours=1), try_at=None, counts={"replies": 4})
    return last


@pytest.mark.timeout(300)
def test_from_asking_by_a_link_over_one_objection_to_a_result_and_up_to_the_objective(request, live_server):
    chromium = request.getfixturevalue("browser")
    w = world.with_slots(world.three())
    page, base, heard = opened(chromium, live_server, browser.DESK, "light", w.lead)
    phone, _, heard_there = opened(chromium, live_server, browser.PHONE, "dark")
    post = asked_and_negotiated(phone, page, w, base, heard_there)
    for_an_objective(w, post)
    planned_for_one_slot(w, post)
    page.goto(f"{base}/w/{w.workspace.slug}/conflicts/")
    put_to_a_round(page, heard)
    answered(phone, base, heard_there)
    adopted_and_done(page, phone, heard, heard_there)

    small, _, heard_small = opened(chromium, live_server, browser.PHONE, "dark", w.author)
    conflict = Conflict.objects.get().pk
    for rest in ("conflicts/", f"conflicts/{conflict}/", "conflicts/ended/", "consent/"):
        small.goto(f"{base}/w/{w.workspace.slug}/{rest}")
        sound(small, heard_small)
    page.goto(f"{base}/w/{w.workspace.slug}/conflicts/rules/")
    sound(page, heard)

    gone_out(w)
    phone.goto(base + links.path(Request.objects.get(what=LAUNCH).token))
    expect(phone.get_by_role("link", name="Read it on")).to_be_visible()
    expect(phone.get_by_text("counted 4 replies")).to_be_visible()
    sound(phone, heard_there)
    page.goto(f"{base}/w/{w.workspace.slug}/posts/{post.pk}/")
    sound(page, heard)
    page.locator(".purpose").get_by_role("link", name=AIM).click()
    expect(page.get_by_role("heading", name=AIM)).to_be_visible()
    expect(page.get_by_role("link", name=LAUNCH)).to_be_visible()
    sound(page, heard)
    connection.close()
