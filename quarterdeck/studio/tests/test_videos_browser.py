"""A video in a real browser: brought in pieces, played and moved in by what the server gives in parts, put into a post,
commented at a second; on a laptop and a phone, in both themes.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Kind
from quarterdeck.review.models import Comment
from quarterdeck.shell.tests import browser
from quarterdeck.studio.models import PIECE, File
from quarterdeck.studio.tests import videos
from quarterdeck.studio.tests.videos import PLACE, TELLING_BOXES, box, mp4
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAYED = """async (video) => {
  if (video.readyState < 1) await new Promise((done) => video.addEventListener("loadedmetadata", done, { once: true }));
  video.currentTime = 2.5;
  await new Promise((done) => video.addEventListener("seeked", done, { once: true }));
  const canvas = Object.assign(document.createElement("canvas"), { width: 4, height: 4 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 4, 4);
  return [video.duration, video.videoWidth, video.videoHeight, context.getImageData(1, 1, 1, 1).data[1]];
}"""


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


@pytest.fixture
def at(page, live_server, mia):
    """Addresses of the workspace, signed in; the console stays quiet."""
    heard = browser.watch(page)
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, mia.user)
    page.route("**/live/stream?*", lambda route: route.fulfill(status=204))
    yield f"{base}/w/{mia.workspace.slug}/"
    assert heard == []


def telling_video() -> bytes:
    """More than one piece, because of what does not travel."""
    every = b"".join(TELLING_BOXES.values())
    return mp4(videos.picture(), before=box(b"udta", PLACE * 30_000), inside=every)


def test_a_video_is_brought_played_and_moved_in(page, at, mia):
    page.goto(f"{at}library/")
    given = {"name": "soup.mp4", "mimeType": "video/mp4", "buffer": telling_video()}
    assert len(given["buffer"]) > PIECE
    page.locator("input[type=file]").set_input_files([given])
    expect(page.locator("[data-uploads]").get_by_text("“soup.mp4” is in the library.")).to_be_visible()
    expect(page.locator(".tile").get_by_text("video 0:04")).to_be_visible()
    kept = File.objects.get()
    parts = []
    page.on("response", lambda one: one.url.endswith("/video/") and parts.append(one.status))
    page.get_by_role("link", name="Describe it").click()
    player = page.locator(".whole video")
    seconds, width, height, shade = player.evaluate(PLAYED)
    assert (round(seconds), width, height) == (4, 128, 96)
    assert shade > 120, "the third of four frames, each lighter than the one before"
    assert set(parts) == {206}
    assert kept.is_video
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert browser.axe_findings(page) == []
    page.set_viewport_size(browser.PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == browser.PHONE["width"]
    page.goto(f"{at}library/?kind=video")
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == browser.PHONE["width"]


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
    page.locator("[data-comment-form]").get_by_role("button", name=re.compile("comment", re.I)).first.click()
    expect(page.get_by_text("At 0:02")).to_be_visible()
    said = Comment.objects.get()
    assert (said.about, said.file, said.second) == ("second", file, 2.0)
