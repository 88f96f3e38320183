"""Ideas by mail: kept only from the member's own address to their own secret one, and once."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from uuid import UUID

import pytest

from quarterdeck.core import clock, registries
from quarterdeck.core.registries import InboundMail, MailedFile
from quarterdeck.crew import inbound, intake
from quarterdeck.crew.models import Notification
from quarterdeck.ideas import arriving, mail, reads, verbs
from quarterdeck.ideas.models import Idea
from quarterdeck.ideas.tests import world
from quarterdeck.studio import reads as studio
from quarterdeck.studio.models import File
from quarterdeck.studio.tests import photos, pictures

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


def file(data: bytes, name: str = "soup.jpg", mime: str = "image/jpeg", inline: bool = False) -> MailedFile:
    return MailedFile(name, mime, data, inline)


def test_its_pictures_are_kept_without_where_they_were_taken(w):
    verbs.open_address(w.author)
    given = [
        file(photos.telling_jpeg()),
        file(photos.telling_webp(), "b.webp", "image/webp"),
        file(photos.telling_jpeg(), "again.jpg"),
        file(pictures.png(), "logo.png", "image/png", inline=True),
    ]
    mail.take(sent(w, files=given))
    idea = Idea.objects.get()
    kept = [studio.data(UUID(one["file"])) for one in idea.images]
    assert len(kept) == 2, "the same one is kept once, and a logo in the text not at all"
    assert not any(photos.PLACE.encode() in one for one in kept)
    assert File.objects.count() == 2
    assert "left out" not in idea.why
    assert "It has 2 pictures." in Notification.objects.get().text


def test_what_was_left_out_is_said_in_the_idea_and_to_its_sender(w):
    verbs.open_address(w.author)
    given = [
        file(b"\0\0\0\x18ftypheic" + bytes(9), "soup.heic", "image/heic"),
        file(b"%PDF-1.7", "menu.pdf", "application/pdf"),
        file(b"<html>", "page.png", "image/png"),
        *(file(pictures.png(colour=n), f"{n}.png", "image/png") for n in range(6)),
    ]
    mail.take(sent(w, files=given, text="w" * 9000))
    idea = Idea.objects.get()
    assert len(idea.images) == 4
    for words in (
        "“soup.heic” was not added. This is a HEIC picture, which the networks do not take; save it as JPEG first.",
        "“menu.pdf” was left out: only pictures are kept.",
        "“page.png” was not added. It is not a JPEG, PNG, GIF or WebP picture.",
        "An idea has at most 4 pictures; 2 more were left out.",
    ):
        assert words in idea.why
        assert words in Notification.objects.get().text
    assert len(idea.why) <= 2000
    assert not idea.words, "a post that is made of it does not say what was left out"


def test_a_picture_that_is_too_large_does_not_keep_the_idea_out(w):
    verbs.open_address(w.author)
    mail.take(sent(w, files=[file(bytes(20 * 2**20 + 1), "large.jpg")]))
    idea = Idea.objects.get()
    assert idea.images == []
    assert "larger than the 20 MB" in idea.why


def test_nothing_of_a_strangers_mail_is_kept(w):
    verbs.open_address(w.author)
    mail.take(sent(w, sender="eve@example.org", files=[file(photos.jpeg())]))
    assert not File.objects.exists()


def test_files_come_out_of_a_real_mail(w):
    """From the bytes of a message to the shelf: one in the text, a signature's dot, an attachment, and a text."""
    verbs.open_address(w.author)
    made = EmailMessage()
    made["From"] = w.author.user.email
    made["To"] = f"desk+idea-{reads.token(reads.address(w.author))}@example.org"
    made["Subject"], made["Message-ID"] = "Soup", "<9@example.org>"
    made.set_content("Look.")
    made.add_alternative('<p>Look.</p><img src="cid:big"><img src="cid:dot">', subtype="html")
    html = made.get_payload()[1]
    big = photos.jpeg(photos.drawn(1200, 900), quality=95)
    html.add_related(big, "image", "jpeg", cid="<big>", filename="big.jpg", disposition="inline")
    html.add_related(pictures.png(), "image", "png", cid="<dot>", filename="dot.png", disposition="inline")
    made.add_attachment(photos.telling_gif(), "image", "gif", filename="Süppchen.gif")
    made.add_attachment("x", subtype="plain", filename="notes.txt")
    message = inbound.parse(made.as_bytes())
    assert [(one.name, one.inline) for one in message.files] == [
        ("big.jpg", True),
        ("dot.png", True),
        ("Süppchen.gif", False),
        ("notes.txt", False),
    ]
    mail.take(message)
    idea = Idea.objects.get()
    assert {one.name for one in File.objects.all()} == {"big.jpg", "Süppchen.gif"}
    assert len(idea.images) == 2
    assert "“notes.txt” was left out" in idea.why


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
