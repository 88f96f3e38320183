"""The lint rail: each check finds what it is for and leaves alone what is fine; a draft and its past are compared."""

from __future__ import annotations

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from quarterdeck.channels.models import RemotePost
from quarterdeck.core import clock, registries
from quarterdeck.core.http import SafeClient
from quarterdeck.core.problems import Invalid
from quarterdeck.core.registries import LintDraft, LintItem, LintText
from quarterdeck.publishing import jobs, lint, rail, verbs, vocabulary
from quarterdeck.publishing.linked import intake, looking
from quarterdeck.publishing.models import LinkedPage
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_composer import address, browser, form
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures


def found(text: str, *images: dict, networks=(), labels=()) -> list[LintItem]:
    part = {"key": "1", "text": text, "images": list(images)}
    draft = LintDraft([LintText([part], frozenset(networks))], frozenset(labels))
    return lint.check(draft, vocabulary.words())


def words(text: str, *images: dict, **more) -> str:
    return " ".join(item.words for item in found(text, *images, **more))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Soup at noon. TK", "“TK” looks like"),
        ("Book at [link].", "“[link]” looks like"),
        ("Lorem ipsum dolor.", "“Lorem ipsum” looks like"),
        ("Hello {{name}}!", "“{{name}}” looks like"),
        ("COME TO THE BIG SPRING DINNER today", "in capitals"),
        ("Soup. " + " ".join(f"#Tag{n}" for n in range(6)), "6 hashtags"),
        ("The spring menu is here #springmenu", "“#SpringMenu”"),
        ("Soup #nettlesoup, with nettle", "“#NettleSoup”"),
        ("Soup #qwertzuiopas", "may be several words"),
    ],
)
def test_what_is_to_be_looked_at_is_said(text, said):
    assert said in words(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Soup at noon.",
        "The tk of it, and a todo list.",
        "NASA and ESA meet the BBC in Bern on Tuesday.",
        "Soup #SpringMenu #soup #NASA #春メニュー",
        "Array[0] and [link](https://example.com)"[:8],
        "مرحبا بكم في المطعم 🫩",
        "half \ud800 a character",
    ],
)
def test_what_is_fine_is_left_alone(text):
    assert found(text) == []


def test_a_hashtag_is_taken_apart_into_few_long_words():
    known = vocabulary.words() | {"sp", "ring", "men", "u"}
    assert lint.capitalised("springmenu", known) == "SpringMenu"
    assert lint.capitalised("menu", known) == ""
    assert lint.capitalised("a" * 200, frozenset({"a" * 5})) == "Aaaaa" * 40


def test_on_instagram_more_hashtags_are_usual():
    text = "Soup. " + " ".join(f"#Tag{n}" for n in range(8))
    assert "hashtags" in words(text, networks=["instagram", "bluesky"])
    assert "hashtags" not in words(text, networks=["instagram"])


def test_the_fix_of_a_hashtag_names_its_place_and_both_words():
    (item,) = found("The spring menu #springmenu")
    assert (item.at, item.swap) == ("text:1", ("#springmenu", "#SpringMenu"))


def test_a_picture_needs_a_description_or_a_reason():
    bare, told = {"file": "f", "alt": " ", "none": ""}, {"file": "g", "alt": "Soup.", "none": ""}
    assert "Picture 2 has no description. People who listen will miss it." in words("Soup.", told, bare)
    assert found("Soup.", told, bare | {"none": "It is decorative"}) == []
    assert lint.undescribed([{"images": [told]}, {"images": [bare]}]) == [2]


def test_what_somebody_paid_for_says_so():
    assert "does not say so" in words("Soup with Mia Farms.", labels=["Paid partner"])
    assert words("Soup with Mia Farms. #ad", labels=["Paid partner"]) == ""
    assert words("Soup with Mia Farms.", labels=["Adventure"]) == ""


def test_one_channels_own_text_is_named():
    part = {"key": "1", "text": "Soup TK", "images": []}
    draft = LintDraft([LintText([part], frozenset({"x"}), "Harbour on X")])
    assert [item.words for item in lint.check(draft)] == [
        "On Harbour on X: “TK” looks like a place that was to be filled in."
    ]


# --- with a workspace ---------------------------------------------------------------------------------------


def on_rail(w: world.World, text: str, post=None) -> list[str]:
    parts = [{"key": "1", "text": text, "images": []}]
    return [item.words for item in rail.of(w.author, parts, {}, [w.channel], post)]


@pytest.mark.django_db
def test_a_post_like_it_within_ninety_days_is_named():
    w = world.two("UTC")
    said = "The spring menu is here: nettle soup, new potatoes and rhubarb from Tuesday."
    assert on_rail(w, said) == ["No post like this in the last 90 days."]
    post = w.draft(said)
    near = said.replace("Tuesday", "Wednesday") + " https://example.com/menu"
    (item,) = on_rail(w, near)[-1:]
    assert item.startswith("It says nearly what “The spring menu is here")
    assert on_rail(w, said, post) == ["No post like this in the last 90 days."]  # not like itself
    with clock.at(clock.now() + timedelta(days=91)):
        assert "No post like this in the last 90 days." in on_rail(w, said)


@pytest.mark.django_db
def test_a_post_found_on_the_network_counts_too():
    w, now = world.two("UTC"), clock.now()
    said = "The spring menu is here: nettle soup, new potatoes and rhubarb from Tuesday."
    RemotePost.objects.create(
        channel=w.channel, remote_id="1", posted_at=now, text=said, url="https://x.example/1"
    )
    assert on_rail(w, said)[0].startswith("It says nearly what")
    assert on_rail(world.two("UTC"), said) == ["No post like this in the last 90 days."]


@pytest.mark.django_db
def test_other_rooms_add_their_sentences(monkeypatch):
    w = world.two("UTC")
    monkeypatch.setitem(
        registries.lint._entries, "test", lambda draft, who: [LintItem("Ask Legal.", "amber")]
    )
    assert "Ask Legal." in on_rail(w, "Soup.")
    assert on_rail(w, " ") == []


@pytest.mark.django_db
def test_the_library_is_asked_about_the_pictures(monkeypatch):
    w = world.two("UTC")
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    asked = []

    def concerns(workspace_id, files, on, *, networks=()):
        asked.append((workspace_id, list(files), set(networks)))
        return {kept.pk.hex: ["The licence of “soup.png” ended on 1 March."]}

    monkeypatch.setattr(rail.studio, "concerns", concerns, raising=False)
    parts = [{"key": "1", "text": "Soup.", "images": [{"file": kept.pk.hex, "alt": "Soup.", "none": ""}]}]
    said = [item.words for item in rail.of(w.author, parts, {}, [w.channel])]
    assert "The licence of “soup.png” ended on 1 March." in said
    assert asked == [(w.author.workspace_id, [kept.pk.hex], {"sandbox"})]


@pytest.mark.django_db
def test_approval_is_asked_only_of_described_pictures_and_drafts_are_free():
    w = world.two("UTC")
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    bare = {"file": kept.pk.hex, "alt": ""}
    post = verbs.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel], images=[bare])
    with pytest.raises(Invalid, match="Picture 1 has no description") as refused:
        verbs.ask_approval(post, by=w.author)
    assert refused.value.not_done == "Nobody was asked."
    said = {"by": w.author, "version": 1, "text": "Soup.", "channels": [w.channel]}
    post = verbs.edit(post, **said, images=[bare | {"none": "It is decorative"}])
    first = post.text_hash
    verbs.ask_approval(post, by=w.author)
    post = verbs.edit(post, **said | {"version": 2}, images=[bare | {"none": "The text describes it"}])
    assert post.text_hash != first  # the reason is part of what is approved
    own = {w.channel.pk.hex: [{"text": "Soup!", "images": [bare]}]}
    post = verbs.edit(post, **said | {"version": 3}, overrides=own)
    with pytest.raises(Invalid, match="no description"):
        verbs.ask_approval(post, by=w.author)


@pytest.mark.django_db
def test_the_rail_is_sent_with_the_draft_and_shown_before_approval():
    w = world.two()
    client = browser(w.author)
    answer = client.post(address(w, "check/"), form(w, "The spring menu #springmenu TK"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'data-fix="text:1" data-from="#springmenu" data-to="#SpringMenu"' in page
    post = w.draft("Soup TK")
    shown = client.get(address(w, f"{post.pk}/")).content.decode()
    assert "looks like a place that was to be filled in" in shown
    assert client.get(address(w, "check/")).status_code == 405


# --- links ----------------------------------------------------------------------------------------------------

PAGE = """<html><head><title>Plain &amp; simple</title>
<meta property="og:title" content="The  spring menu"><meta name="description" content="Nettle soup.">
<meta property="og:image" content="/soup.png"></head><body><meta property="og:title" content="no"></body>"""


class FakeSite(BaseHTTPRequestHandler):
    """A site with one page, one picture, and nothing else."""

    def do_GET(self) -> None:
        kind, body = {"/menu": ("text/html", PAGE.encode()), "/soup.png": ("image/png", pictures.png())}.get(
            self.path, ("text/plain", b"")
        )
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def site(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeSite)
    Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    client = SafeClient(allow=[host], largest=looking.LARGEST_PAGE)
    monkeypatch.setattr(looking, "client", lambda: client)
    yield f"http://{host}"
    server.shutdown()
    server.server_close()


def test_a_page_is_read_for_what_it_says_of_itself(site):
    there = looking.look(f"{site}/menu")
    assert (there.title, there.description, there.image) == (
        "The spring menu",
        "Nettle soup.",
        f"{site}/soup.png",
    )
    gone = looking.look(f"{site}/gone")
    assert (gone.status, gone.failure) == (404, f"The link {site[7:]}/gone answers 404.")
    assert looking.look("http://127.0.0.1:9/").failure.startswith("The link 127.0.0.1:9 could not be opened")
    assert looking.look("http://169.254.1.1/").status is None


@pytest.mark.django_db
def test_a_dead_link_is_said_once_the_worker_has_looked(site, monkeypatch):
    w = world.two()
    monkeypatch.setattr(lint, "links", lambda words: words.split())  # a loopback address is no link elsewhere
    urls = [f"{site}/gone", f"{site}/menu"]
    intake.want(w.author.workspace, urls)
    intake.want(w.author.workspace, urls)
    assert LinkedPage.objects.count() == 2
    for one in LinkedPage.objects.all():
        jobs.look.func(page_id=str(one.pk))
    menu = LinkedPage.objects.get(title="The spring menu")
    assert menu.image.mime == "image/jpeg"
    assert on_rail(w, " ".join(urls))[0] == f"The link {site[7:]}/gone answers 404."


def test_links_are_found_as_they_would_be_opened():
    said = "Soup: https://example.com/menu and example.org, https://example.com/menu."
    assert lint.links(said) == ["https://example.com/menu", "https://example.org"]
