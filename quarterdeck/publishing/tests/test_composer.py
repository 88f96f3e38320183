"""The composer as a plain form: parts, images and counts without a script, and nothing lost in a refusal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.publishing import intake, sending, verbs
from quarterdeck.publishing.forms_parts import Given, GivenPart, rearranged
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.studio import intake as studio
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db


def browser(member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def address(w: world.World, rest: str = "new/") -> str:
    return f"/w/{w.author.workspace.slug}/posts/{rest}"


def picture(name: str = "soup.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.png() if data is None else data)


def form(w: world.World, *texts: str, **more) -> dict:
    """What the form sends for parts with these texts."""
    keys = [str(number) for number in range(1, len(texts) + 1)]
    return {
        "version": 1,
        "channels": [w.channel.pk],
        "part": keys,
        **{f"text:{key}": text for key, text in zip(keys, texts, strict=True)},
        **more,
    }


def test_a_thread_with_an_image_is_written_without_a_script():
    w = world.two()
    client = browser(w.author)
    sent = form(w, "One.", "Two.", " ", "Three.") | {"files:2": picture()}
    assert client.post(address(w), sent).status_code == 302
    post = Post.objects.get()
    kept = File.objects.get()
    assert [part["text"] for part in post.parts] == ["One.", "Two.", "Three."]
    assert post.parts[1]["images"] == [{"file": kept.pk.hex, "sha256": kept.sha256, "alt": ""}]
    page = client.get(address(w, f"{post.pk}/text/")).content.decode()
    assert page.count("data-source") == 3 + 1  # and the shape that new parts are made of
    assert f'value="{kept.pk.hex}"' in page
    assert "No description yet" in page
    again = form(w, "One.", "Two.", "Three.") | {
        "image:2": [kept.pk.hex],
        f"alt:2:{kept.pk.hex}": "A bowl <b>of</b> soup.",
    }
    assert client.post(address(w, f"{post.pk}/text/"), again).status_code == 302
    shown = client.get(address(w, f"{post.pk}/")).content.decode()
    assert 'alt="A bowl &lt;b&gt;of&lt;/b&gt; soup."' in shown
    assert "Part 3 of 3" in shown
    gone = again | {"version": 2, "gone:2": [kept.pk.hex]}
    assert client.post(address(w, f"{post.pk}/text/"), gone).status_code == 302
    post.refresh_from_db()
    assert post.parts[1]["images"] == []


def test_parts_are_added_moved_and_taken_out_without_a_script():
    w = world.two()
    client = browser(w.author)
    answer = client.post(address(w), form(w, "One.", "Two.", do="add"))
    assert answer.status_code == 200
    assert texts(answer) == ["One.", "Two.", ""]
    assert texts(client.post(address(w), form(w, "One.", "Two.", do="up:2"))) == ["Two.", "One."]
    assert texts(client.post(address(w), form(w, "One.", "Two.", do="remove:1"))) == ["Two."]
    with_file = form(w, "One.", "Two.", do="down:1") | {"files:1": picture()}
    moved = client.post(address(w), with_file)
    assert texts(moved) == ["Two.", "One."]
    assert f'name="image:1" value="{File.objects.get().pk.hex}"' in moved.content.decode()
    assert not Post.objects.exists()


def texts(answer) -> list[str]:
    page = answer.content.decode().split("<template")[0]
    return re.findall(r"data-source[^>]*>\n([^<]*)</textarea>", page)


def test_wishes_for_parts_that_are_not_there_change_nothing():
    now = Given([GivenPart("1", "One."), GivenPart("2", "Two.")])
    for wish in ("", "up:9", "down:2", "up:1", "sideways:1", "remove:9", "add:1:2", "common:x", "differ:y"):
        after = rearranged(now, wish)
        assert [p.text for p in after.parts] == ["One.", "Two."]
        assert after.own == {}
    added = rearranged(Given([GivenPart("1"), GivenPart("3")]), "add")
    assert [p.key for p in added.parts] == ["1", "3", "2"]
    assert [p.text for p in rearranged(Given(now.parts[:1]), "remove:1").parts] == [""]


def test_a_refused_image_loses_neither_words_nor_the_other_images():
    w = world.two()
    bad = SimpleUploadedFile("notes.png", b"<script>alert(1)</script>")
    sent = form(w, "One.", "Two.") | {"files:1": picture(), "files:2": bad}
    answer = browser(w.author).post(address(w), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“notes.png” was not added." in page
    assert texts(answer) == ["One.", "Two."]
    assert f'name="image:1" value="{File.objects.get().pk.hex}"' in page
    assert not Post.objects.exists()


def test_two_people_in_one_draft_keep_their_parts_and_images():
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    post = w.draft("One.")
    url = address(w, f"{post.pk}/text/")
    theirs = form(w, "One.", "Theirs.") | {"image:2": [kept.pk.hex], f"alt:2:{kept.pk.hex}": "Their soup."}
    assert browser(w.approver).post(url, theirs).status_code == 302
    mine = form(w, "One.", "Mine.") | {"image:1": [kept.pk.hex], f"alt:1:{kept.pk.hex}": "My soup."}
    answer = browser(w.author).post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert texts(answer) == ["One.", "Mine."]
    for words in ("Theirs.", "“Their soup.”", "My soup.", 'name="version" value="2"'):
        assert words in page
    assert browser(w.author).post(url, mine | {"version": 2}).status_code == 302
    post.refresh_from_db()
    assert [part["text"] for part in post.parts] == ["One.", "Mine."]


def test_a_form_that_knows_of_one_text_leaves_the_rest_as_it_is():
    w = world.two()
    post = verbs.draft(
        w.author, brand=w.brand, text="One.", channels=[w.channel], following=[{"text": "Two.", "images": []}]
    )
    url = address(w, f"{post.pk}/text/")
    assert (
        browser(w.author).post(url, {"text": "One!", "version": 1, "channels": [w.channel.pk]}).status_code
        == 302
    )
    post.refresh_from_db()
    assert [part["text"] for part in post.parts] == ["One!", "Two."]


@pytest.mark.parametrize(
    ("network", "facts", "text", "said"),
    [
        ("sandbox", {}, "a" * 501, "501 / 500"),
        ("bluesky", {}, "👩🏽‍🍳" * 150, "150 / 300"),
        ("bluesky", {}, "👩🏽‍🍳" * 301, "too long for Bluesky"),
        ("mastodon", {"limits": {"text": 5000}}, "https://example.com/" + "a" * 400, "23 / 5000"),
        ("mastodon", {}, "@ann@example.com", "4 / 500"),
    ],
)
def test_the_counts_are_the_networks_own(network, facts, text, said):
    w = world.two()
    Channel.objects.filter(pk=w.channel.pk).update(network=network, facts=facts)
    answer = browser(w.author).post(address(w), form(w, text, do="add"))
    assert said in answer.content.decode()


def test_saving_a_draft_says_what_a_network_would_refuse():
    w = world.two()
    client = browser(w.author)
    answer = client.post(address(w), form(w, "One.", "b" * 501), follow=True)
    page = answer.content.decode()
    assert "The draft is saved. " in page
    assert "would refuse part 2 of this post" in page
    asked = client.post(address(w), form(w, "One.", "b" * 501, then="ask"), follow=True)
    assert "Nobody was asked" in asked.content.decode() or "would refuse part 2" in asked.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"part": ["../1", "x" * 99, "1:2"], "version": 1},
        {"part": ["1"], "text:1": "a" * 30_000, "version": 1},
        {"part": [str(n) for n in range(60)], "version": 1, **{f"text:{n}": "x" for n in range(60)}},
        {"part": ["1"], "image:1": ["nothing", "0" * 32], "text:1": "x", "version": 1},
        {"part": ["1"], "text:1": "x", "version": "9" * 400},
        {"part": ["1"], "text:1": "x\ud800", "version": 1},
    ],
)
def test_strange_forms_are_answered_in_words(sent):
    w = world.two()
    answer = browser(w.author).post(address(w), {k: v for k, v in sent.items() if "\ud800" not in str(v)})
    assert answer.status_code in {200, 302, 422}


def test_parts_are_listed_by_channel_with_their_own_words():
    w = world.two("UTC")
    client = browser(w.author)
    with clock.at(NOON):
        client.post(address(w), form(w, "One.", "Two.", "Three."))
        post = Post.objects.get()
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
        page = client.get(address(w, f"{post.pk}/")).content.decode()
        assert "0 of 3 parts out." in page
        assert "It follows part 2 as soon as that is out." in page
    with clock.at(NOON + timedelta(minutes=30)):
        for _ in range(2):
            for batch in intake.claim(5, clock.now()):
                sending.work(batch)
        page = client.get(address(w, f"{post.pk}/")).content.decode()
    assert "2 of 3 parts out." in page
    assert page.count("Accepted by the network at 12:30.") == 2
