"""The Sandbox behaves as a careful network would: one post per key, findable by it, refusals in words."""

from __future__ import annotations

import hashlib
import threading
from contextlib import nullcontext

import pytest
from django.db import connection
from django.test import Client

from quarterdeck.channels.contract import Account, Content, Media, Published, Refused, Stopped, Thread
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxFile, SandboxPost
from quarterdeck.core import clock

PIXELS = b"\x89PNG and so on"


def account(handle: str = "harbour") -> SandboxAccount:
    return SandboxAccount.objects.create(handle=handle, name="Harbour", created_at=clock.now())


def adapter(handle: str = "harbour") -> SandboxAdapter:
    return SandboxAdapter(Account(handle))


def media(
    alt: str = "A bowl of soup.", mime: str = "image/png", size: int = len(PIXELS), data: bytes = PIXELS
) -> Media:
    sha256 = hashlib.sha256(data).hexdigest()
    return Media("f" * 32, "soup.png", mime, size, sha256, 3, 2, alt, lambda: data)


def send(
    network: SandboxAdapter, key: str, text: str, *pictures: Media, after: Published | None = None
) -> Published:
    uploads = [network.upload(one) for one in pictures]
    thread = Thread(after, after) if after else None
    body = network.render(
        Content(text, pictures), key=key, due_at=clock.now(), uploads=uploads, thread=thread
    )
    return network.publish(key, body, gate=nullcontext)


@pytest.mark.django_db
def test_publishing_twice_with_one_key_is_one_post():
    account()
    network = adapter()
    first = send(network, "key", "Soup.")
    assert send(network, "key", "Soup.") == first
    assert network.reconcile("key", {}, began_at=clock.now()).published == first
    assert network.reconcile("other", {}, began_at=clock.now()).what == "absent"
    assert SandboxPost.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_are_one_post_and_one_picture():
    account()
    answers, start = [], threading.Barrier(8)

    def publish() -> None:
        start.wait()
        try:
            answers.append(send(adapter(), "key", "Soup.", media()))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len({answer.remote_id for answer in answers}) == 1
    assert SandboxPost.objects.count() == 1
    assert SandboxFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (Content("a" * 500), ""),
        (Content("a" * 501), "It is 1 character over the 500 that the Sandbox takes."),
        (Content("é👍" * 250), ""),
        (Content(" \n"), "There is no text yet."),
        (Content("", (media(),)), ""),
        (Content("Soup.", (media(),) * 5), "The Sandbox takes 4 images a post."),
        (Content("", (media(mime="image/tiff"),)), "“soup.png” is none of them"),
        (Content("", (media(size=9 * 2**20),)), "“soup.png” has 9.0 MB; the Sandbox takes 8 MB."),
        (Content("", (media("a" * 1501),)), "longer than the 1,500 characters"),
    ],
)
def test_limits_in_words(content, words):
    said = adapter().validate(content)
    assert (words in " ".join(said)) if words else not said


@pytest.mark.django_db
def test_an_account_that_is_gone_refuses_and_a_shut_gate_leaves_nothing():
    with pytest.raises(Refused, match="no account"):
        adapter("nobody").upload(media())
    account()

    def shut():
        raise Stopped("it is held")

    with pytest.raises(Stopped):
        adapter().publish("key", {"text": "Soup."}, gate=shut)
    assert not SandboxPost.objects.exists()


@pytest.mark.django_db
def test_the_feed_shows_threads_in_order_with_their_pictures_and_descriptions():
    account()
    account("other")
    network = adapter()
    first = send(network, "1", "First part.", media("A <bowl> of soup."))
    second = send(network, "2", "Second part.", after=first)
    third = send(network, "3", "Third part.", after=second)
    send(network, "4", "Another post.")
    visitor = Client(headers={"host": "localhost"})
    feed = visitor.get("/sandbox/harbour/").content.decode()
    places = [feed.index(text) for text in ("Another post.", "First part.", "Second part.", "Third part.")]
    assert places == sorted(places)
    assert "2 of 3" in feed
    assert 'alt="A &lt;bowl&gt; of soup."' in feed
    alone = visitor.get(third.url).content.decode()
    assert "First part." in alone
    assert "Another post." not in alone
    picture = SandboxFile.objects.get()
    served = visitor.get(f"/sandbox/harbour/pictures/{picture.pk}/")
    assert (served.content, served["Content-Type"]) == (PIXELS, "image/png")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert visitor.get(f"/sandbox/other/pictures/{picture.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_picture_that_is_none_is_only_ever_saved():
    kept = account().files.create(sha256="0" * 64, mime="text/html", width=1, height=1, data=b"<script>")
    served = Client(headers={"host": "localhost"}).get(f"/sandbox/harbour/pictures/{kept.pk}/")
    assert served["Content-Type"] == "application/octet-stream"
    assert served["Content-Disposition"] == "attachment"


@pytest.mark.django_db
def test_an_edit_shows_its_time_and_what_it_said_before():
    account()
    network = adapter()
    post = send(network, "1", "Soop.")
    for _ in range(2):
        network.edit(post, {"text": "Soup."}, gate=nullcontext)
    feed = Client(headers={"host": "localhost"}).get("/sandbox/harbour/").content.decode()
    assert (
        feed.index("edited") < feed.index("Soup.") < feed.index("What it said before") < feed.index("Soop.")
    )
    assert [one["text"] for one in SandboxPost.objects.get().earlier] == ["Soop."]


@pytest.mark.django_db
def test_what_was_taken_down_leaves_a_mark_and_none_of_its_words():
    account()
    network = adapter()
    first = send(network, "1", "First part.", media())
    second = send(network, "2", "Second part.", after=first)
    network.edit(first, {"text": "First."}, gate=nullcontext)
    network.delete(first)
    feed = Client(headers={"host": "localhost"}).get("/sandbox/harbour/").content.decode()
    assert feed.index("This post was taken down") < feed.index("Second part.")
    assert "First" not in feed
    assert "soup" not in feed
    with pytest.raises(Refused, match="The post it answers is not on the Sandbox any more"):
        send(network, "3", "Third part.", after=first)
    assert send(network, "2", "Second part.", after=first) == second  # a lost answer, asked again
    assert network.replies(first) != []
    assert send(network, "1", "First part.") == first  # its key is still known: it does not come back
    assert SandboxPost.objects.get(pk=first.remote_id).text == ""
