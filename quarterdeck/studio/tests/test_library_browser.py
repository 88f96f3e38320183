"""The library in a real browser: files dropped and chosen, a connection that breaks, a reload, a box moved by keys and
by pointer; on a laptop and a phone, in both themes.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.shell.tests import browser
from quarterdeck.studio import intake, verbs
from quarterdeck.studio.models import Card, Cut, File, Upload
from quarterdeck.studio.tests import photos
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DROP = """(files) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


@pytest.fixture
def library(page, live_server, mia):
    """The library's address, signed in; its console stays quiet but for what a test breaks itself."""
    heard = browser.watch(page)
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, mia.user)
    yield f"{base}/w/{mia.workspace.slug}/library/"
    assert [words for words in heard if "Failed to load" not in words] == []


def noise(seed: int, width: int = 2000, height: int = 1500) -> bytes:
    """A photo of more than two pieces, because nothing in it repeats."""
    import random

    from PIL import Image

    made = Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))
    return photos.jpeg(made, quality=90)


def test_files_are_dropped_and_chosen_and_stand_in_the_library(page, library, mia):
    page.goto(library)
    expect(page.get_by_text("No file yet")).to_be_visible()
    page.evaluate(DROP, [["soup.jpg", list(photos.telling_jpeg())]])
    expect(page.locator("[data-uploads]").get_by_text("“soup.jpg” is in the library.")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "cake.gif", "mimeType": "image/gif", "buffer": photos.telling_gif()},
            {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            {"name": "fake.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"},
        ]
    )
    expect(
        page.locator("[data-uploads]").get_by_text("“paper.pdf” was not added. It is neither a JPEG")
    ).to_be_visible()
    expect(
        page.locator("[data-uploads]").get_by_text("“fake.jpg” was not added. This is a PDF")
    ).to_be_visible()
    expect(page.locator(".tile")).to_have_count(2)
    assert {one.name for one in File.objects.all()} == {"soup.jpg", "cake.gif"}
    page.get_by_role("link", name="Describe it").first.click()
    expect(page.get_by_role("heading", name="What it shows")).to_be_visible()


def test_a_broken_connection_is_waited_for_and_a_reload_goes_on(page, library, mia):
    data = noise(1)
    assert len(data) > 2 * 2**20
    broken = {"left": 1, "seen": []}

    def pieces(route):
        offset = int(route.request.headers["upload-offset"])
        broken["seen"].append(offset)
        if offset and broken["left"]:
            broken["left"] -= 1
            route.abort("connectionreset")
        elif offset >= 2 * 2**20 and broken.get("wall"):
            route.abort("connectionreset")
        else:
            route.continue_()

    broken["wall"] = True
    page.route(re.compile(r"/files/uploads/[0-9a-f-]{36}/$"), pieces)
    page.goto(library)
    page.locator("input[type=file]").set_input_files(
        [{"name": "soup.jpg", "mimeType": "image/jpeg", "buffer": data}]
    )
    expect(page.get_by_text("waits for the connection")).to_be_visible()
    expect(page.locator("[data-uploads] progress")).to_have_attribute("value", str(2 * 2**20))
    assert broken["seen"].count(2**20) >= 2, "the piece that was lost came again"
    broken["wall"] = False
    page.reload()
    expect(page.locator("[data-uploads]").get_by_text("“soup.jpg” is in the library.")).to_be_visible()
    assert broken["seen"].count(0) == 1, "what had arrived did not travel twice"
    assert File.objects.get().name == "soup.jpg"
    page.reload()
    expect(page.locator("[data-uploads] li")).to_have_count(0)
    assert Upload.objects.count() == 1


def test_without_a_script_files_come_too(browser_name, live_server, mia, request):
    context = request.getfixturevalue("browser").new_context(
        java_script_enabled=False, viewport=browser.PHONE
    )
    page = context.new_page()
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, mia.user)
    page.goto(f"{base}/w/{mia.workspace.slug}/library/")
    soup = {"name": "soup.jpg", "mimeType": "image/jpeg", "buffer": photos.telling_jpeg()}
    page.get_by_label("Add files").set_input_files([soup])
    page.get_by_role("button", name="Add them").click()
    expect(page.locator(".tile")).to_have_count(1)
    file = File.objects.get()
    page.goto(f"{base}/w/{mia.workspace.slug}/library/{file.pk}/cuts/instagram-square/")
    page.get_by_label("From the left").fill("10")
    page.get_by_role("button", name="Cut it like this").click()
    expect(page).to_have_url(re.compile(r"#cuts$"))
    assert Cut.objects.get().left == pytest.approx(0.1)
    context.close()


def test_a_box_is_moved_by_keys_and_by_pointer_and_keeps_its_shape(page, library, mia):
    file = intake.keep(mia.workspace, photos.jpeg(photos.drawn(600, 400, at=0.5)), "soup.jpg")
    page.goto(f"{library}{file.pk}/cuts/instagram-square/")
    left, width = page.get_by_label("From the left"), page.get_by_label("Width")
    begun = float(left.input_value())
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    assert float(left.input_value()) == pytest.approx(begun - 4, abs=0.05)
    for _ in range(4):
        page.keyboard.press("Shift+-")
    wide, tall = float(width.input_value()), float(page.get_by_label("Height").input_value())
    assert wide < 60
    assert wide * 600 == pytest.approx(tall * 400, rel=0.01)
    stage = page.get_by_role("application").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.down()
    page.mouse.move(stage["x"], stage["y"])
    page.mouse.up()
    assert float(left.input_value()) == 0
    assert float(page.get_by_label("From the top").input_value()) == 0
    page.get_by_label("Width").fill("50")
    page.get_by_label("Width").blur()
    assert float(page.get_by_label("Height").input_value()) == pytest.approx(75, abs=0.1)
    page.get_by_role("button", name="Cut it like this").click()
    expect(page).to_have_url(re.compile(r"#cuts$"))
    made = Cut.objects.get()
    assert (made.left, made.top, made.made.width, made.made.height) == (0, 0, 300, 300)


def test_the_journey_by_keyboard_on_a_phone_in_the_dark(page, library, mia):
    """Find it by its words, tag it, note whose it is, and see what stands against it."""
    file = intake.keep(mia.workspace, photos.jpeg(), "soup.jpg")
    intake.keep(mia.workspace, photos.jpeg(photos.drawn(at=0.3)), "cake.jpg")
    verbs.describe(file, by=mia, name="Nettle soup", description="A bowl of soup.", tags=["spring"])
    page.set_viewport_size(browser.PHONE)
    page.emulate_media(color_scheme="dark")
    page.goto(library)
    page.get_by_role("searchbox").fill("nettle spring")
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_label("Choose Nettle soup").focus()
    page.keyboard.press("Space")
    page.get_by_label("Add tags").fill("menu, soup")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 file is sorted.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=nettle"))
    assert Card.objects.get().tags == ["menu", "soup", "spring"]
    page.get_by_role("link", name="Nettle soup").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Who holds the rights").fill("Jo Photo")
    page.get_by_label("May be used until").fill("2020-05-31")
    page.get_by_label("May be used until").press("Enter")
    expect(page.get_by_text("The rights to “Nettle soup” ended on 31 May 2020.")).to_be_visible()
    assert browser.axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == browser.PHONE["width"]
    page.get_by_role("button", name="Put it aside").click()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_role("button", name="Put it aside")).to_be_visible()


def test_the_part_for_the_composer_is_sound_and_searches_in_place(page, library, mia):
    file = intake.keep(mia.workspace, photos.jpeg(), "soup.jpg")
    verbs.describe(file, by=mia, description="A bowl of soup.")
    page.goto(library)
    page.evaluate(
        "async (at) => { const main = document.querySelector('main'); main.innerHTML = await (await fetch(at)).text();"
        " htmx.process(main); }",
        f"{library}choose/",
    )
    expect(page.locator("[data-choose]")).to_have_attribute("data-alt", "A bowl of soup.")
    assert browser.axe_findings(page) == []
    page.get_by_role("searchbox").fill("cake")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No file of the library answers this.")).to_be_visible()
    expect(page).to_have_url(library)
