"""Pictures on their way in the composer: how far they have come, a connection that breaks, a page that is left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.studio.models import Upload
from quarterdeck.studio.tests.test_library_browser import noise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MB = 2**20


def test_a_broken_connection_is_told_waited_for_and_a_reload_goes_on_into_the_same_part(page, composer):
    """Sent in pieces: the first arrives, then nothing does until the page is opened again."""
    data, seen, broken = noise(7, 1300, 1000), [], [True]
    assert len(data) > MB

    def pieces(route):
        offset = int(route.request.headers["upload-offset"])
        seen.append(offset)
        if offset and broken[0]:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/files/uploads/[0-9a-f-]{36}/$"), pieces)
    page.get_by_label("Text", exact=True).fill("One.")
    page.get_by_role("button", name="Add a part").click()
    second = page.locator("[data-part]").nth(1)
    second.locator("[data-source]").fill("Two.")
    second.locator("input[type=file]").set_input_files(
        [{"name": "soup.jpg", "mimeType": "image/jpeg", "buffer": data}]
    )
    expect(second.get_by_text("waits for the connection")).to_be_visible()
    expect(second.get_by_role("progressbar", name="soup.jpg")).to_have_attribute("value", str(MB))
    expect(page.get_by_text("The connection broke. “soup.jpg” goes on by itself")).to_be_attached()
    page.get_by_role("button", name="Move part 2 up").click()
    page.get_by_role("button", name="Move part 1 down").click()
    expect(second.get_by_text("waits for the connection")).to_be_visible()
    broken[0] = False
    page.reload()
    expect(second.locator("[data-image]")).to_have_count(1)
    expect(second.get_by_text("“soup.jpg” is added. Please describe it.")).to_be_visible()
    expect(page.locator("[data-uploads] li")).to_have_count(0)
    assert seen.count(0) == 1, "what had arrived did not travel twice"


def test_what_is_given_up_is_not_waited_for(page, composer):
    page.route(re.compile(r"/files/uploads/[0-9a-f-]{36}/$"), lambda route: route.abort())
    page.get_by_label("Text", exact=True).fill("One.")
    page.locator("[data-scope=''] input[type=file]").set_input_files(
        [{"name": "soup.jpg", "mimeType": "image/jpeg", "buffer": noise(8, 60, 40)}]
    )
    expect(page.get_by_text("waits for the connection")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("One moment: an image is still being added")).to_be_visible()
    page.get_by_role("button", name="Give up soup.jpg").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    assert Upload.objects.get().file is None
