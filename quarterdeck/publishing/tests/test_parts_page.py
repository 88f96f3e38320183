"""A post's page tells of each part what happened, what comes next, and asks a person only what it must."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels.contract import Refused
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.core import clock
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import test_parts, world
from quarterdeck.publishing.tests.test_composer import address, browser
from quarterdeck.publishing.tests.world import NOON
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def asked_of_a_person(w: world.World, monkeypatch) -> Post:
    post = test_parts.thread(w)
    test_parts.lose_the_second(monkeypatch, really_sent=False)
    test_parts.asked(w, post)
    return post


def test_a_person_sees_what_was_sent_beside_what_the_network_holds_and_says_which(monkeypatch):
    w = world.two("UTC")
    post = asked_of_a_person(w, monkeypatch)
    client = browser(w.author)
    with clock.at(test_parts.LATER):
        page = client.get(address(w, f"{post.pk}/")).content.decode()
        second = post.deliveries.get(part=1)
        for words in (
            "What was sent",
            "What Sandbox holds",
            "Its last 40 posts hold nothing like it.",
            "It is not out: send it again",
            "Decide about part 2 first; the rest goes with it.",
        ):
            assert words in page
        assert "Send now" not in page
        url = f"/w/{w.author.workspace.slug}/deliveries/{second.pk}/absent/"
        assert client.get(url).status_code == 405
        page = client.post(url, follow=True).content.decode()
        assert "It is sent again in ten seconds." in page
        assert "It is sent again at 13:30:10." in page
        assert "/undo/" in page
    stranger = make.member("author", name="Cay")
    assert (
        browser(stranger).post(url.replace(w.author.workspace.slug, stranger.workspace.slug)).status_code
        == 404
    )


def test_looking_and_trying_again_are_told_with_their_times(monkeypatch):
    w = world.two("UTC")
    post = test_parts.thread(w)
    test_parts.lose_the_second(monkeypatch, really_sent=False)
    client = browser(w.author)
    test_parts.run(test_parts.DUE, test_parts.DUE + timedelta(seconds=30))
    page = client.get(address(w, f"{post.pk}/")).content.decode()
    second = post.deliveries.get(part=1)
    assert "not known yet" in page
    assert f"looked for again at {second.try_at:%H:%M:%S}." in page
    assert "It follows part 2 as soon as that is out." in page


def test_the_schedule_of_tries_is_shown(monkeypatch):
    def busy(self, key, body, *, gate):
        raise Refused("The Sandbox is busy.", transient=True, retry_after=90)

    w = world.two("UTC")
    with clock.at(NOON):
        post = w.approved("Soup.")
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    monkeypatch.setattr(SandboxAdapter, "publish", busy)
    test_parts.run(test_parts.DUE, test_parts.DUE + timedelta(seconds=100))
    with clock.at(test_parts.DUE + timedelta(seconds=100)):
        page = browser(w.author).get(address(w, f"{post.pk}/")).content.decode()
    assert "The Sandbox is busy. Tried 2 times, next at 12:33:00." in page
