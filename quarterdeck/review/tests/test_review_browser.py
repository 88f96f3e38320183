"""The journey in a real browser: the boss on a phone, without an account; the author at a desk. By keyboard too."""

from __future__ import annotations

import pytest
from django.db import connection

from quarterdeck.publishing import reads
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.review import verbs
from quarterdeck.review.models import Comment
from quarterdeck.shell.tests import browser
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Nettle soup from Tuesday.\nCome before it is gone."
SELECT = """([selector, from, to]) => {
  const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
  const node = walker.nextNode();
  const range = new Range();
  range.setStart(node, from);
  range.setEnd(node, to);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def made() -> tuple[world.World, Post, str]:
    w = world.two()
    image = {
        "file": studio.keep(w.author.workspace, pictures.png(600, 400), "soup.png").pk.hex,
        "alt": "A bowl",
    }
    post = publishing.draft(w.author, brand=w.brand, text=TEXT, channels=[w.channel], images=[image])
    publishing.ask_approval(post, by=w.author)
    invited = verbs.invite(post, by=w.approver, name="Dee", approve=True)
    return w, post, f"/s/{invited.token}/"


def opened(chromium, size, theme="light"):
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    return page, browser.watch(page)


def sound(page, heard: list[str]) -> None:
    assert browser.axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert heard == []


@pytest.mark.timeout(240)
def test_the_boss_pins_a_comment_suggests_a_word_and_approves_and_the_author_takes_it_over(
    request, live_server
):
    chromium = request.getfixturevalue("browser")
    w, post, link = made()
    page, heard = opened(chromium, browser.PHONE, "dark")
    page.goto(live_server.url + link)
    sound(page, heard)
    page.evaluate(SELECT, ["[data-words='0'] .text", 17, 24])
    page.get_by_role("button", name="Comment on these words").click()
    assert page.get_by_label("The words it is about").input_value() == "Tuesday"
    page.keyboard.type("Which Tuesday?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Your comment is with the team.").wait_for()
    page.get_by_text("Write a comment or suggest other words").click()
    page.get_by_label("The words it is about").fill("before it is gone")
    page.get_by_label("What should stand there instead").fill("while it lasts")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Your suggestion is with the team.").wait_for()
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_text("You approved it. The team sees that now.").wait_for()
    sound(page, heard)
    assert reads.post(post.workspace, post.pk).is_approved

    desk, heard = opened(chromium, browser.DESK)
    browser.sign_in(desk, live_server.url, w.author.user)
    desk.goto(f"{live_server.url}/w/{post.workspace.slug}/posts/{post.pk}/")
    desk.locator(".approval li", has_text="A guest").wait_for()
    beside, text = desk.locator("#comments").bounding_box(), desk.locator("[data-commented]").bounding_box()
    assert beside["x"] >= text["x"] + text["width"]
    assert desk.evaluate("CSS.highlights.get('commented').size") == 2
    sound(desk, heard)
    desk.get_by_role("button", name="Take it over").press("Enter")
    desk.get_by_text("has to be approved again").wait_for()
    assert Post.objects.get().text == "Nettle soup from Tuesday.\nCome while it lasts."
    assert Comment.objects.get(instead__isnull=False).settled == "taken"
    connection.close()


@pytest.mark.timeout(240)
def test_a_spot_is_chosen_by_a_click_on_the_image(request, live_server):
    chromium = request.getfixturevalue("browser")
    _, _, link = made()
    page, heard = opened(chromium, browser.DESK)
    page.goto(live_server.url + link)
    page.get_by_text("Write a comment or suggest other words").click()
    image = page.locator("[data-commented] img")
    area = image.bounding_box()
    image.click(position={"x": area["width"] * 0.9, "y": area["height"] * 0.1})
    page.keyboard.type("A hair?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Image 1, top right").wait_for()
    sound(page, heard)


@pytest.mark.timeout(240)
def test_versions_by_keyboard_and_without_a_script(request, live_server):
    chromium = request.getfixturevalue("browser")
    w, post, _ = made()
    for number, word in ((1, "Friday"), (2, "Sunday")):
        publishing.edit(
            post, by=w.author, version=number, text=TEXT.replace("Tuesday", word), channels=[w.channel]
        )
    url = f"{live_server.url}/w/{post.workspace.slug}/posts/{post.pk}/versions/"
    page, heard = opened(chromium, browser.DESK)
    browser.sign_in(page, live_server.url, w.author.user)
    page.goto(url)
    page.get_by_role("heading", name="Version 3").wait_for()
    page.get_by_label("Version", exact=True).press("ArrowLeft")
    page.get_by_role("heading", name="Version 2").wait_for()
    assert page.evaluate("document.activeElement.id") == "version"
    assert page.locator("#versioned ins").last.text_content() == "[put in:Friday.]"
    sound(page, heard)
    plain = chromium.new_context(java_script_enabled=False).new_page()
    browser.sign_in(plain, live_server.url, w.author.user)
    plain.goto(url)
    plain.get_by_role("link", name="Earlier").click()
    plain.get_by_role("heading", name="Version 2").wait_for()
    plain.get_by_role("link", name="Version 1").click()
    plain.get_by_text("The first version.").wait_for()
