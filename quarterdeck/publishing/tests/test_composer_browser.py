"""The composer in a real browser: parts and images by mouse and keyboard, counts as one writes, nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import expect

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.contract import Connected, Secrets
from quarterdeck.core import clock
from quarterdeck.publishing import intake, sending, verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import test_parts, world
from quarterdeck.shell.tests import browser
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOUP = {"name": "soup.png", "mimeType": "image/png", "buffer": pictures.png(60, 40)}
DROP = """([selector, type, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
  const options = { bubbles: true, cancelable: true };
  const target = document.querySelector(selector);
  if (type === "paste") target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, ...options }));
  else target.dispatchEvent(new DragEvent("drop", { dataTransfer: data, ...options }));
}"""


@pytest.fixture
def w():
    return world.two("UTC")


@pytest.fixture
def composer(page, live_server, w):
    """The composer with an empty post; its console stays quiet."""
    heard = browser.watch(page)
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, w.author.user)
    page.goto(f"{base}/w/{w.author.workspace.slug}/posts/new/")
    expect(page.locator("form.scripted")).to_be_attached()
    yield f"{base}/w/{w.author.workspace.slug}/posts/"
    assert [words for words in heard if "status of 4" not in words] == []


def part(page, number: int):
    return page.get_by_label(f"Part {number}", exact=True)


def add(page, text: str) -> None:
    page.get_by_role("button", name="Add a part").click()
    page.locator("[data-part]:last-child [data-source]").fill(text)


def test_a_thread_of_three_with_a_picture_is_written_and_saved(page, composer):
    page.get_by_label("Text", exact=True).fill("The spring menu is here.")
    add(page, "Nettle soup from Tuesday.")
    expect(page.locator("[data-part]:last-child [data-source]")).to_be_focused()
    add(page, "Book a table.")
    page.locator("[data-part]").nth(1).locator("input[type=file]").set_input_files(SOUP)
    alt = page.get_by_label("Describe it for people who cannot see it")
    expect(page.get_by_text("No description yet.")).to_be_visible()
    alt.fill("A bowl of nettle soup.")
    expect(page.get_by_text("No description yet.")).to_be_hidden()
    pieces = page.locator("[data-preview] [data-piece]")
    expect(pieces).to_have_count(3)
    expect(pieces.nth(1).locator("img")).to_have_attribute("alt", "A bowl of nettle soup.")
    expect(pieces.nth(1)).to_contain_text("2 of 3")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", name="Part 3 of 3")).to_be_visible()
    assert page.get_by_alt_text("A bowl of nettle soup.").evaluate(
        "async one => (await one.decode(), one.naturalWidth)"
    )
    post = Post.objects.get()
    assert [one["text"] for one in post.parts] == [
        "The spring menu is here.",
        "Nettle soup from Tuesday.",
        "Book a table.",
    ]
    assert [image["alt"] for image in post.parts[1]["images"]] == ["A bowl of nettle soup."]


def test_parts_are_moved_and_taken_out_by_keyboard_alone(page, composer):
    page.get_by_label("Text", exact=True).fill("One.")
    add(page, "Two.")
    add(page, "Three.")
    page.keyboard.press("Alt+ArrowUp")
    expect(part(page, 2)).to_have_value("Three.")
    expect(part(page, 2)).to_be_focused()
    expect(page.locator("[data-told]")).to_have_text("Part 3 is part 2 now.")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(part(page, 1)).to_have_value("Three.")
    page.get_by_role("button", name="Move part 3 up").focus()
    page.keyboard.press("Enter")
    expect(part(page, 2)).to_have_value("Two.")
    page.get_by_role("button", name="Remove part 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part]")).to_have_count(2)
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(part(page, 2)).to_have_value("Two.")
    page.get_by_role("button", name="Save draft").press("Enter")
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    assert [one["text"] for one in Post.objects.get().parts] == ["Three.", "Two.", "One."]


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_an_image_is_dropped_or_pasted_into_its_part(page, composer, how):
    page.get_by_label("Text", exact=True).fill("One.")
    add(page, "Two.")
    page.evaluate(DROP, ["[data-part]:last-child [data-source]", how, list(pictures.png(20, 20))])
    last = page.locator("[data-part]").nth(1)
    expect(last.locator("[data-image]")).to_have_count(1)
    expect(last.get_by_text("is added. Please describe it.")).to_be_visible()
    page.evaluate(DROP, ["[data-part]:last-child [data-source]", how, list(pictures.png(20, 20))])
    expect(last.get_by_text("is in this part already")).to_be_visible()
    last.get_by_role("button", name="Leave this image out").click()
    expect(last.locator("[data-image]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-part]").nth(1).locator("[data-image]")).to_have_count(1)


def test_what_is_no_picture_is_said_at_its_part_and_nothing_else_is_lost(page, composer):
    page.get_by_label("Text", exact=True).fill("One.")
    files = page.locator("[data-part] input[type=file]")
    files.set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"<script>"})
    expect(
        page.locator("[data-part] [data-uploads]").get_by_text(
            "“notes.png” was not added. It is not a JPEG, PNG, GIF or WebP picture."
        )
    ).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("One.")
    assert not File.objects.exists()


def test_a_reload_loses_neither_parts_nor_images_nor_descriptions(page, composer):
    page.get_by_label("Text", exact=True).fill("One.")
    add(page, "Two.")
    page.locator("[data-part]").nth(1).locator("input[type=file]").set_input_files(SOUP)
    page.get_by_label("Describe it").fill("A bowl of soup.")
    page.reload()
    expect(part(page, 2)).to_have_value("Two.")
    expect(page.get_by_label("Describe it")).to_have_value("A bowl of soup.")
    expect(page.get_by_text("Restored what you typed at")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    page.goto(f"{composer}new/")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")


def test_what_is_restored_can_be_discarded(page, composer):
    page.get_by_label("Text", exact=True).fill("One.")
    add(page, "Two.")
    page.reload()
    expect(page.locator("[data-part]")).to_have_count(2)
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("[data-part]")).to_have_count(1)
    expect(page.get_by_label("Text", exact=True)).to_have_value("")


def test_counts_follow_the_networks_own_rules_for_the_chosen_channels(page, composer, w):
    account = Connected(
        "@harbour@harbour.social", "7", "harbour.social", "https://harbour.social", Secrets({"token": "t"})
    )
    account = replace(account, facts={"limits": {"text": 700}})
    channels.connect(w.approver, brand=w.brand, network="mastodon", connected=account)
    page.reload()
    for name in ("harbour.social", w.channel.name):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("Text", exact=True).fill("https://example.com/" + "a" * 500)
    meters = page.locator("[data-part] .meter")
    expect(meters.filter(has_text="harbour.social")).to_contain_text("23 / 700")
    sandbox = meters.filter(has_text=w.channel.name)
    expect(sandbox).to_contain_text("520 / 500")
    expect(sandbox).to_contain_text("The text is 20 characters too long for the Sandbox, which takes 500.")
    page.get_by_role("checkbox", name=w.channel.name).uncheck()
    expect(sandbox).to_be_hidden()


def test_a_draft_kept_here_meets_what_somebody_saved_meanwhile(page, composer, w):
    post = w.draft("Soup.")
    page.goto(f"{composer}{post.pk}/text/")
    page.get_by_label("Text", exact=True).fill("Soup, hot.")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    verbs.edit(post, by=w.approver, version=1, text="Soup and bread.", channels=[w.channel])
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Soup, hot.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("changed this post while you were writing")).to_be_visible()
    expect(page.get_by_text("Soup and bread.")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value("Soup, hot.")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile(rf"/posts/{post.pk}/$"))
    assert Post.objects.get().text == "Soup, hot."


def test_a_form_sent_while_an_image_is_on_its_way_waits_for_it(page, composer):
    held = []
    page.route("**/files/uploads/*/complete/", lambda route: held.append(route))
    page.get_by_label("Text", exact=True).fill("One.")
    with page.expect_request("**/complete/"):
        page.locator("[data-part] input[type=file]").set_input_files(SOUP)
    expect(page.get_by_role("progressbar", name="soup.png")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("One moment: an image is still being added")).to_be_visible()
    held[0].continue_()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    assert len(Post.objects.get().images) == 1


def test_without_scripts_it_is_a_plain_form(browser_type, browser_type_launch_args, live_server, w):
    chromium = browser_type.launch(**browser_type_launch_args)
    page = chromium.new_context(java_script_enabled=False, viewport=browser.PHONE).new_page()
    try:
        browser.sign_in(page, live_server.url, w.author.user)
        page.goto(f"{live_server.url}/w/{w.author.workspace.slug}/posts/new/")
        page.get_by_label("Text", exact=True).fill("One.")
        page.get_by_role("button", name="Add a part").click()
        part(page, 2).fill("Two.")
        page.locator("[data-part]").nth(1).locator("input[type=file]").set_input_files(SOUP)
        page.get_by_role("button", name="Move part 2 up").click()
        expect(part(page, 1)).to_have_value("Two.")
        page.get_by_label("Describe it").fill("Soup.")
        page.get_by_role("button", name="Save draft").click()
        expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    finally:
        chromium.close()
    post = Post.objects.get()
    assert [one["text"] for one in post.parts] == ["Two.", "One."]
    assert post.images[0]["alt"] == "Soup."


@browser.EVERY_LOOK
def test_the_composer_is_accessible(page, composer, theme, size):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)
    page.get_by_label("Text", exact=True).fill("One.")
    add(page, "Two. " + "a" * 500)
    page.locator("[data-part]").nth(1).locator("input[type=file]").set_input_files(SOUP)
    expect(page.get_by_text("is added. Please describe it.")).to_be_visible()
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_thread_of_three_is_written_goes_out_and_each_part_tells_its_own_state(page, composer, w):
    """The journey: what fits is seen while writing, and afterwards what became of each part."""
    page.get_by_label("Text", exact=True).fill("The spring menu is here.")
    add(page, "Nettle soup. " + "It is green. " * 40)
    first, second = (page.locator("[data-part]").nth(n).locator(".meter") for n in (0, 1))
    expect(first).to_contain_text("24 / 500")
    expect(second).to_contain_text("too long for the Sandbox")
    part(page, 2).fill("Nettle soup from Tuesday.")
    expect(second).not_to_contain_text("too long")
    page.locator("[data-part]").nth(1).locator("input[type=file]").set_input_files(SOUP)
    page.get_by_label("Describe it").fill("A bowl of nettle soup.")
    add(page, "Book a table.")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    post = Post.objects.get()
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    page.reload()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("0 of 3 parts out.")).to_be_visible()
    expect(page.get_by_text("It follows part 1 as soon as that is out.")).to_be_visible()
    with clock.at(clock.now() + timedelta(seconds=11)):
        for _ in range(3):
            for batch in intake.claim(5, clock.now()):
                sending.work(batch)
    page.reload()
    expect(page.get_by_text("3 of 3 parts out.")).to_be_visible()
    parts = page.get_by_role("list", name=re.compile("Parts on ")).get_by_role("listitem")
    expect(parts.filter(has_text="Accepted by the network at")).to_have_count(3)
    parts.nth(1).get_by_role("link", name="See it on the Sandbox").click()
    expect(page.get_by_alt_text("A bowl of nettle soup.")).to_be_visible()
    expect(page.get_by_text("3 of 3")).to_be_visible()


def test_a_session_that_ended_is_said_when_an_image_is_added(page, composer):
    page.get_by_label("Text", exact=True).fill("One.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("[data-part] input[type=file]").set_input_files(SOUP)
    expect(
        page.locator("[data-uploads]").get_by_text("“soup.png” was not added: you may have been")
    ).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("One.")


@browser.EVERY_LOOK
def test_a_question_to_a_person_is_answered_from_the_page(page, composer, w, monkeypatch, theme, size):
    """What was sent stands beside what was found; one button says it is not out, and it goes again."""
    post = test_parts.thread(w)
    test_parts.lose_the_second(monkeypatch, really_sent=False)
    test_parts.asked(w, post)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)
    page.goto(f"{composer}{post.pk}/")
    expect(page.get_by_text("What was sent")).to_be_visible()
    expect(page.get_by_text("1 of 3 parts out.")).to_be_visible()
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="It is not out: send it again").click()
    expect(page.get_by_text("Noted: it is not out. It is sent again in ten seconds.")).to_be_visible()
    expect(page.get_by_text("You looked and said that it is not out.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="It is not out: send it again")).to_be_visible()
