"""A video from the library to the hand of who posts it, in a real browser: previewed, commented at a second, saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Kind, Post
from quarterdeck.review.models import Comment
from quarterdeck.shell.tests import browser
from quarterdeck.studio.tests import videos
from quarterdeck.studio.tests.videos import PLAYED, mp4
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


@pytest.fixture
def at(page, live_server, mia):
    """Addresses of the workspace, signed in; the console stays quiet."""
    heard = browser.watch(page)
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, mia.user)
    yield f"{base}/w/{mia.workspace.slug}/"
    assert heard == []


def test_in_a_post_it_is_played_in_the_preview_and_commented_at_a_second(page, at, mia):
    lead = make.member("lead", of=mia.workspace, name="Lee")
    brand = mia.workspace.brands.get()
    channel = connect_by_hand(lead, brand=brand, network="instagram", name="harbour")
    file = videos.brought(mia, mp4(videos.picture())).pk.hex
    post = publishing.draft(
        mia,
        brand=brand,
        text="Soup.",
        images=[{"file": file, "alt": "Soup is poured."}],
        kind=Kind.REEL,
        channels=[channel],
    )
    page.goto(f"{at}posts/{post.pk}/text/")
    expect(page.locator("[data-piece] video")).to_have_count(1)
    expect(page.locator("[data-image] video")).to_have_count(1)
    page.locator("[data-source]").first.fill("Soup, poured slowly.")
    expect(page.locator("[data-piece] [data-text]").first).to_have_text("Soup, poured slowly.")
    expect(page.locator("[data-piece] video")).to_have_attribute("aria-label", "Soup is poured.")
    assert browser.axe_findings(page) == []
    page.goto(f"{at}posts/{post.pk}/")
    page.locator("[data-comment-form] summary").click()
    page.locator("[data-commented] video").evaluate(PLAYED)
    expect(page.get_by_label("When in the video")).to_have_value("0:02")
    page.locator("[data-comment-form] textarea[name=text]").fill("Cut here.")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("At 0:02")).to_be_visible()
    said = Comment.objects.get()
    assert (said.about, said.file, said.second) == ("second", file, 2.0)


def test_a_video_is_brought_and_chosen_in_the_composer(page, at, mia):
    lead = make.member("lead", of=mia.workspace, name="Lee")
    connect_by_hand(lead, brand=mia.workspace.brands.get(), network="instagram", name="harbour")
    videos.brought(mia, mp4(videos.picture(), seconds=9), "kept.mp4")
    page.goto(f"{at}posts/new/")
    given = {"name": "fresh.mp4", "mimeType": "video/mp4", "buffer": mp4(videos.picture())}
    page.locator("[data-part] input[type=file]").first.set_input_files([given])
    expect(page.locator("[data-image] video")).to_have_count(1)
    expect(page.locator("[data-piece] video")).to_have_count(1)
    page.locator("[data-drop]").first.click()
    expect(page.locator("[data-piece] video")).to_have_count(0)
    page.locator("[data-library]").first.click()
    page.locator("#choose [data-choose]", has_text="kept.mp4").click()
    expect(page.locator("[data-piece] video")).to_have_count(1)
    page.locator("[data-image] [data-alt]").fill("Soup is poured.")
    page.locator("[data-source]").first.fill("Soup.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Soup.").first).to_be_visible()
    [image] = Post.objects.get().images
    assert (image["alt"], image["video"]) == ("Soup is poured.", True)
