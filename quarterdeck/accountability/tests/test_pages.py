"""The pages of slips, as a member and as somebody outside sends their forms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from quarterdeck.accountability import verbs
from quarterdeck.accountability.models import Flag, Slip
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.crew import verbs as crew

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)
SHOWN = timedelta(days=365)


@pytest.fixture
def w():
    return world.two()


def at(w, name: str, **parts) -> str:
    return reverse(f"accountability-{name}", kwargs={"workspace": w.author.workspace.slug, **parts})


def as_member(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_a_member_flags_from_the_posts_page_and_sees_it_there(w):
    post, client = world.out(w), as_member(w.author)
    page = reverse("publishing-post", kwargs={"workspace": w.author.workspace.slug, "pk": post.pk})
    assert f'href="{at(w, "flag", pk=post.pk)}" data-key="f"' in client.get(page).content.decode()
    assert "What was wrong" not in client.get(page).content.decode()
    hostile = "<script>alert(1)</script> https://еxample.org"
    answer = client.post(at(w, "flag", pk=post.pk), {"text": hostile, "level": "2"}, follow=True)
    shown = answer.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; https://еxample.org" in shown
    assert 'href="https://еxample.org"' not in shown  # words of others are never links
    assert "Nobody sees to it yet" in shown
    assert "What was wrong" in client.get(page).content.decode()
    assert escape(Slip.objects.get().short) in client.get(at(w, "list")).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "", "level": "2"}, "what is wrong"),
        ({"text": "x" * 10_000, "level": "2"}, "at most 2000 characters; it has 10000"),
        ({"text": "Wrong.", "level": "9"}, "not one of the available choices"),
        ({"text": "Wrong.", "level": "2", "noticed": "2999-01-01T10:00"}, "It is in the future"),
        ({"text": "Wrong.", "level": "2", "noticed": "2001-01-01T10:00"}, "It went out"),
        ({"text": "Wrong.", "level": "2", "noticed": "yesterday"}, "Please write a day and a time"),
    ],
)
def test_a_refused_flag_keeps_what_was_typed(w, given, words):
    answer = as_member(w.author).post(at(w, "flag", pk=world.out(w).pk), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert given["text"][:100] in answer.content.decode()
    assert not Slip.objects.exists()


def test_the_acts_on_a_slip(w):
    slip = verbs.flag(world.out(w), by=w.author, said=Said("The price is 12, not 21."))
    author, lead = as_member(w.author), as_member(w.approver)
    author.post(at(w, "own", pk=slip.pk))
    refused = author.post(at(w, "offer", pk=slip.pk), {"to": ""})
    assert refused.status_code == 422
    author.post(at(w, "offer", pk=slip.pk), {"to": w.approver.pk, "word": "Please?"})
    assert "You are asked to take it over. “Please?”" in lead.get(at(w, "slip", pk=slip.pk)).content.decode()
    assert lead.post(at(w, "decline", pk=slip.pk), {"word": ""}).status_code == 422
    lead.post(at(w, "decline", pk=slip.pk), {"word": "Not today."})
    assert "It was not taken over: “Not today.”" in author.get(at(w, "slip", pk=slip.pk)).content.decode()
    author.post(at(w, "offer", pk=slip.pk), {"to": w.approver.pk})
    lead.post(at(w, "accept", pk=slip.pk))
    slip.refresh_from_db()
    assert slip.owner == w.approver
    lead.post(at(w, "let-go", pk=slip.pk))
    lead.post(at(w, "judge", pk=slip.pk), {"level": "3"})
    slip.refresh_from_db()
    assert (slip.owner, slip.level) == (None, 3)
    assert lead.post(at(w, "withdraw", pk=slip.pk), {"reason": ""}).status_code == 422
    lead.post(at(w, "withdraw", pk=slip.pk), {"reason": "It is right."})
    shown = author.get(at(w, "slip", pk=slip.pk)).content.decode()
    assert "It was not a mistake." in shown
    assert "I have this" not in shown


# --- somebody outside ---------------------------------------------------------------------------------


def door(w, post, **more) -> tuple[Client, str, object]:
    issued = crew.issue_link(
        by=w.author, purpose="accountability.flag", object_id=post.pk, label="Dee", **more
    )
    return Client(), reverse("crew-link-open", kwargs={"token": issued.token}), issued.link


def test_a_stakeholder_points_it_out_by_a_link_that_only_acts_by_its_button(w):
    client, url, link = door(w, world.out(w))
    for _ in range(2):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert not Flag.objects.exists()
    answer = client.post(url, {"text": "The price is wrong.", "level": "2"}, follow=True)
    assert "Thank you." in answer.content.decode()
    assert "the team was told" in answer.content.decode()
    slip = Flag.objects.get(link=link).slip
    verbs.own(slip, by=w.author)
    assert "somebody sees to it" in client.get(url).content.decode()
    assert "Ada" not in client.get(url).content.decode()
    verbs.withdraw(slip, by=w.author, reason="It costs 21 since Monday.")
    assert "It costs 21 since Monday." in client.get(url).content.decode()


def test_an_address_alone_says_nobody_thanked(w):
    client, url, _ = door(w, world.out(w))
    assert "Thank you." not in client.get(url + "?said=1").content.decode()


def test_a_link_that_is_over_or_revoked_opens_nothing(w):
    post = world.out(w)
    client, url, link = door(w, post)
    crew.revoke_link(link, by=w.author)
    _, late, _ = door(w, post, expires_at=clock.now() + timedelta(days=1))
    assert client.get(url).status_code == client.post(url, {"text": "x", "level": "2"}).status_code == 404
    with clock.at(clock.now() + timedelta(days=2)):
        assert (
            client.get(late).status_code == client.post(late, {"text": "x", "level": "2"}).status_code == 404
        )
    assert not Flag.objects.exists()


def test_a_link_cannot_flood(w):
    client, url, _ = door(w, world.out(w))
    for _ in range(20):
        client.post(url, {"text": "Wrong.", "level": "1"})
    answer = client.post(url, {"text": "Wrong once more.", "level": "1"})
    assert answer.status_code == 409
    assert "which is the most" in answer.content.decode()
    assert "Wrong once more." in answer.content.decode()
    assert Flag.objects.count() == 20


def test_a_link_refuses_what_cannot_be_and_shows_no_file_of_another_post(w):
    client, url, _ = door(w, world.out(w))
    assert client.post(url, {"text": "", "level": "2"}).status_code == 422
    assert client.post(url, {"text": "x", "level": "2", "noticed": "2999-01-01T00:00"}).status_code == 422
    assert client.get(url + "?file=" + "0" * 32).status_code == 404
    assert client.put(url).status_code in {403, 405}


def test_links_are_made_listed_and_closed(w):
    post, client = world.out(w), as_member(w.author)
    answer = client.post(at(w, "doors", pk=post.pk), {"label": "Dee", "days": "7"})
    assert "The link for Dee is ready" in answer.content.decode()
    assert client.post(at(w, "doors", pk=post.pk), {"label": "", "days": "7"}).status_code == 422
    link = post.workspace.links.get()
    client.post(at(w, "door-revoke", pk=link.pk))
    link.refresh_from_db()
    assert link.revoked_at is not None
    other = crew.issue_link(by=w.author, purpose="planning.feed", label="Feed").link
    assert client.post(at(w, "door-revoke", pk=other.pk)).status_code == 404
