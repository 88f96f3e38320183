"""The pages as a browser without scripts uses them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.crew.models import Member, Notification
from quarterdeck.publishing import intake, sending, verbs
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from tests import make

pytestmark = pytest.mark.django_db


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def address(member: Member, rest: str = "") -> str:
    return f"/w/{member.workspace.slug}/posts/{rest}"


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_from_a_draft_to_the_feed():
    w = world.two()
    author, approver = browser(w.author), browser(w.approver)
    with clock.at(NOON):
        form = {"text": "Nettle soup.", "version": 1, "channels": [w.channel.pk], "then": "ask"}
        assert author.post(address(w.author, "new/"), form).status_code == 302
        post = Post.objects.get()
        here = address(w.author, f"{post.pk}/")
        assert "Approve this text" not in page(author, here)
        assert "Approve this text" in page(approver, here)
        approver.post(f"{here}approval/", {"text_hash": post.text_hash})
        assert "It is approved. Choose when it goes out." in page(author, here)
        assert author.post(f"{here}plan/now/", follow=True).status_code == 200
        assert "/undo/" in author.get(address(w.author)).content.decode() or Delivery.objects.exists()
    with clock.at(NOON + timedelta(seconds=10)):
        for claimed in intake.claim(5, clock.now()):
            sending.work(claimed)
        words = page(author, here)
    sent = SandboxPost.objects.get()
    assert f"/sandbox/{w.channel.handle}/{sent.pk}/" in words
    assert "Out: accepted by the network" in words
    feed = page(Client(headers={"host": "localhost"}), f"/sandbox/{w.channel.handle}/")
    assert "Nettle soup." in feed
    assert "Nothing here leaves it." in feed


def test_the_words_of_a_text_are_escaped_everywhere():
    w = world.two()
    bad = "<script>alert(1)</script>"
    with clock.at(NOON):
        post = w.approved(bad)
        act = verbs.publish_now(post, by=w.author)
        assert act
    with clock.at(NOON + timedelta(seconds=10)):
        for claimed in intake.claim(5, clock.now()):
            sending.work(claimed)
        client = browser(w.author)
        for url in (address(w.author), address(w.author, f"{post.pk}/"), f"/sandbox/{w.channel.handle}/"):
            assert bad not in page(client, url)


def test_two_people_in_one_draft_see_both_texts():
    w = world.two()
    post = w.draft("Soup.")
    url = address(w.author, f"{post.pk}/text/")
    browser(w.approver).post(url, {"text": "Soup and bread.", "version": 1, "channels": []})
    answer = browser(w.author).post(url, {"text": "Soup, hot.", "version": 1, "channels": []})
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Soup and bread." in words
    assert "Soup, hot." in words
    assert 'name="version" value="2"' in words


def test_a_time_in_a_gap_and_one_that_comes_twice_are_answered_in_words():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        url = address(w.author, f"{post.pk}/plan/")
        client = browser(w.author)
        gap = client.post(url, {"when": "2026-03-29T02:30"})
        assert gap.status_code == 422
        assert "clocks go from 02:00 to 03:00" in gap.content.decode()
        twice = client.post(url, {"when": "2026-10-25T02:30"})
        assert "The first, before clocks go back" in twice.content.decode()
        assert client.post(url, {"when": "2026-10-25T02:30", "fold": "1"}).status_code == 302
    assert Delivery.objects.get().fold == 1


@pytest.mark.parametrize("when", ["", "tomorrow", "2026-03-10T11:30+01:00", "9" * 5000])
def test_a_time_that_is_none_is_refused_at_its_field(when):
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        answer = browser(w.author).post(address(w.author, f"{post.pk}/plan/"), {"when": when})
    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_the_undo_of_a_toast():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        act = verbs.schedule(post, by=w.author, when=(NOON + timedelta(days=1)).replace(tzinfo=None))
        url = address(w.author, f"{post.pk}/undo/{act}/")
        assert browser(w.author).get(url).status_code == 405
        assert browser(w.author).post(url).status_code == 302
    assert Delivery.objects.get().state == "cancelled"


@pytest.mark.parametrize("role", ["analyst", "observer", "approver"])
def test_who_may_not_write_is_not_offered_it_and_refused(role):
    w = world.two()
    post = w.draft()
    other = make.member(role, w.author.workspace, "Cay")
    client = browser(other)
    assert "New post" not in page(client, address(other)).split("<main")[1].split("</main>")[0]
    assert "Edit</a>" not in page(client, address(other, f"{post.pk}/"))
    assert client.get(address(other, "new/")).status_code == 403
    assert client.post(address(other, f"{post.pk}/text/"), {"text": "x", "version": 1}).status_code == 403


def test_asked_approved_returned_and_missed_are_told():
    w = world.two()
    with clock.at(NOON):
        post = w.draft()
        verbs.ask_approval(post, by=w.author)
        assert [n.member for n in Notification.objects.all()] == [w.approver]
        verbs.return_(post, by=w.approver, reason="The price is missing.")
        verbs.schedule(post, by=w.author, when=(NOON + timedelta(hours=2)).replace(tzinfo=None))
    with clock.at(NOON + timedelta(hours=3)):
        for claimed in intake.claim(5, clock.now()):
            sending.work(claimed)
    told = list(Notification.objects.filter(member=w.author).order_by("pk"))
    assert len(told) == 2
    assert "came back" in told[0].subject
    assert "did not go out" in told[1].subject
