"""A video in a real browser: brought in pieces, played and moved in by the parts the server gives; on a laptop and a
phone, in both themes.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quarterdeck.shell.tests import browser
from quarterdeck.studio.models import PIECE, File
from quarterdeck.studio.tests import videos
from quarterdeck.studio.tests.videos import PLACE, PLAYED, TELLING_BOXES, box, mp4
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
    assert [words for words in heard if "allow-scripts" not in words] == []  # of a video opened by itself


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
    expect(page.locator(".tile").get_by_text("Video, 0:04")).to_be_visible()
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


def test_opened_by_itself_it_plays_and_does_nothing_else(page, at, mia):
    kept = videos.brought(mia, mp4(videos.picture()))
    with page.expect_response(lambda one: one.url.endswith("/video/") and one.status == 206):
        page.goto(f"{at}files/{kept.pk}/video/")  # the document, and then what its player asks for
