"""Ideas by mail: kept only from the member's own address to their own secret one, and once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quarterdeck.core import clock, registries
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import intake
from quarterdeck.crew.models import Notification
from quarterdeck.ideas import arriving, mail, reads, verbs
from quarterdeck.ideas.models import Idea
from quarterdeck.ideas.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world.three()


def sent(w: world.World, **fields) -> InboundMail:
    token = reads.token(reads.address(w.author))
    given = {
        "message_id": "<1@example.org>",
        "sender": w.author.user.email,
        "to": [f"desk+idea-{token}@example.org"],
        "subject": "Fwd: Seven soups",
        "text": "It makes a habit. #Recipes\nhttps://harbour.example/p/7.\n-- \nSent from my phone",
        "received": clock.now(),
    }
    return InboundMail(**(given | fields))


def test_a_mail_from_ones_own_address_is_on_the_shelf_once_and_told(w):
    verbs.open_address(w.author)
    message = sent(w)
    assert [intake.take_mail(message), intake.take_mail(message)] == [(True, True), (False, True)]
    idea = Idea.objects.get()
    assert (idea.title, idea.link, idea.tags) == ("Seven soups", "https://harbour.example/p/7", ["recipes"])
    assert (idea.made_by, idea.way, idea.kind) == (w.author, "mail", "swipe")
    assert "phone" not in idea.why
    told = Notification.objects.get()
    assert told.subject == "Kept: “Seven soups”"
    assert str(idea.pk) in told.url


def test_another_sender_keeps_nothing_and_the_owner_hears_of_it_once_a_day(w):
    verbs.open_address(w.author)
    for number in range(3):
        assert mail.take(sent(w, message_id=f"<{number}@x>", sender=w.lead.user.email)) is True
    assert not Idea.objects.exists()
    told = Notification.objects.get()
    assert told.member == w.author
    assert w.lead.user.email in told.text


def test_an_unknown_or_closed_address_is_taken_and_says_nothing(w):
    verbs.open_address(w.author)
    message = sent(w)
    assert mail.take(replace(message, to=["desk+idea-00000000000000000000@example.org"]))
    verbs.open_address(w.author)  # another: the first ends
    assert mail.take(message)
    verbs.close_address(w.author)
    assert mail.take(message)
    assert not Idea.objects.exists()
    assert not Notification.objects.exists()


def test_other_mail_is_left_to_others(w):
    verbs.open_address(w.author)
    assert mail.take(sent(w, to=["desk@example.org"])) is False


def test_answering_machines_and_people_who_left_keep_nothing(w):
    verbs.open_address(w.author)
    mail.take(sent(w, headers={"auto-submitted": "auto-replied"}))
    w.author.left_at = clock.now()
    w.author.save()
    mail.take(sent(w))
    assert not Idea.objects.exists()


def test_a_day_has_an_end(w, monkeypatch):
    monkeypatch.setattr(mail, "MOST_A_DAY", 2)
    verbs.open_address(w.author)
    for number in range(4):
        mail.take(sent(w, message_id=f"<{number}@x>"))
    assert Idea.objects.count() == 2
    assert Notification.objects.filter(subject=mail.TOO_MANY).count() == 1


def test_only_the_hash_can_be_searched_and_the_page_shows_the_address_to_its_owner(w):
    verbs.open_address(w.author)
    kept, token = reads.address(w.author), reads.token(reads.address(w.author))
    assert token.encode() not in bytes(kept.token_sealed) + bytes(kept.token_hash)
    page = world.browser(w.author).get(world.address(w.author, "ways/")).content.decode()
    assert f"+idea-{token}" in page
    assert "Incoming mail is not set up here" in page
    assert token not in world.browser(w.lead).get(world.address(w.lead, "ways/")).content.decode()


def test_the_hook_is_registered():
    assert registries.inbound_mail["ideas"] is mail.take


@pytest.mark.parametrize(
    ("mailbox", "expected"),
    [
        ("desk@example.org", "desk+idea-abc@example.org"),
        ("desk+in@example.org", "desk+idea-abc@example.org"),
        ("desk", ""),
        ("desk@localhost", ""),
    ],
)
def test_the_address_is_made_from_the_mailbox(mailbox, expected):
    assert mail.address(mailbox, "abc") == expected


@pytest.mark.parametrize(
    ("given", "title", "link", "words"),
    [
        ({"url": "https://a.example/1", "title": "A"}, "A", "https://a.example/1", ""),
        ({"text": "https://a.example/1"}, "", "https://a.example/1", ""),
        ({"text": "Look (https://a.example/1)."}, "Look ().", "https://a.example/1", ""),
        ({"title": "A", "text": "B https://a.example/1"}, "A", "https://a.example/1", "B"),
        ({"text": "One\nTwo"}, "One", "", "One\nTwo"),
        ({}, "", "", ""),
    ],
)
def test_what_a_phone_shares_is_sorted_into_fields(given, title, link, words):
    found = arriving.shared(given)
    assert (found["title"], found["link"], found["words"]) == (title, link, words)


@pytest.mark.parametrize(
    ("subject", "text", "title", "link"),
    [
        ("Re: AW: Soup", "x", "Soup", ""),
        ("", "First line\nsecond", "First line", ""),
        ("", "", "A mail without words", ""),
        ("https://a.example/1", "", "https://a.example/1", "https://a.example/1"),
        ("s" * 300, "w" * 9000, "s" * 199 + "…", ""),
    ],
)
def test_a_mail_is_sorted_into_fields(subject, text, title, link):
    found = arriving.mailed(subject, text)
    assert (found["title"], found["link"]) == (title, link)
    assert len(found["why"]) <= 2000
