"""Mail to a post's own address points out a mistake; answers to our mails about the post go there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.accountability import mail, verbs
from quarterdeck.accountability.models import Basis, Flag, Slip, Way
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import inbound, intake
from quarterdeck.crew import mail as outgoing
from quarterdeck.crew.models import Notification

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)


@pytest.fixture
def w(monkeypatch):
    box = inbound.Mailbox("imap.example.org", 993, "tls", "desk@example.org", "INBOX")
    monkeypatch.setattr(inbound, "mailbox", lambda: box)
    return world.two()


def sent(post, number: int = 1, **fields) -> InboundMail:
    given = {
        "message_id": f"<{number}@example.org>",
        "sender": "guest@example.org",
        "to": [mail.address(post)],
        "subject": "Re: your post",
        "text": "The price is wrong.\n\nOn Monday, Ada wrote:\n> Nettle soup, 21 euros\n-- \nFrom my phone",
        "received": LATER - timedelta(minutes=30),
    }
    return InboundMail(**(given | fields))


def take(message: InboundMail) -> tuple[bool, bool]:
    with clock.at(LATER):
        return intake.take_mail(message)


def test_a_mail_is_a_flag_once_with_the_clock_at_its_sending_and_without_what_it_answers(w):
    post = world.out(w)
    message = sent(post)
    assert [take(message), take(message)] == [(True, True), (False, True)]
    flag = Flag.objects.get()
    assert (flag.text, flag.way, flag.sender, flag.member) == (
        "The price is wrong.",
        Way.MAIL,
        "guest@example.org",
        None,
    )
    slip = Slip.objects.get()
    assert (slip.trace_at, slip.trace_basis) == (LATER - timedelta(minutes=30), Basis.MAILED)
    verbs.withdraw(slip, by=w.author, reason="It is right.")
    assert Flag.objects.get().sender == ""


def test_a_member_is_known_by_their_address(w):
    take(sent(world.out(w), sender=w.approver.user.email))
    assert (Flag.objects.get().member, Flag.objects.get().sender) == (w.approver, "")


@pytest.mark.parametrize("wrong", ["seal", "post", "machine"])
def test_a_made_up_address_or_a_machine_flags_nothing(w, wrong):
    post = world.out(w)
    to = mail.address(post)
    if wrong == "seal":
        to = to.replace(to.split("@")[0][-4:], "0000")
    if wrong == "post":
        to = to.replace(post.pk.hex, "0" * 32)
    headers = {"auto-submitted": "auto-replied"} if wrong == "machine" else {}
    take(sent(post, to=[to], headers=headers))
    assert not Flag.objects.exists()


def test_an_answer_about_a_post_that_is_not_out_is_passed_on(w):
    take(sent(w.approved()))
    assert not Slip.objects.exists()
    told = Notification.objects.get(subject__startswith="An answer by mail")
    assert (told.member, "The price is wrong." in told.text) == (w.author, True)


def test_a_flood_stays_bounded_and_long_words_are_cut(w):
    post = world.out(w)
    take(sent(post, text="x" * 10_000))
    assert len(Flag.objects.get().text) == 2000
    for number in range(2, 54):
        take(sent(post, number))
    assert Flag.objects.count() == mail.MOST_A_DAY


def test_mails_about_a_post_are_answered_there_and_others_are_not(w, monkeypatch):
    post = world.out(w)
    sent_out = []
    monkeypatch.setattr(
        outgoing, "server", lambda: outgoing.Server("smtp", 25, "none", "", "desk@example.org")
    )
    monkeypatch.setattr(outgoing, "deliver", lambda messages, through: sent_out.extend(messages))
    with clock.at(LATER):
        slip = verbs.flag(post, by=w.author, said=Said("Wrong."))
    for about in (f"/w/x/posts/{post.pk}/", f"/w/x/corrections/{slip.pk}/", "/w/x/people/", ""):
        outgoing.send("dee@example.org", "Subject", "Text", about=about)
    assert [message.reply_to for message in sent_out] == [[mail.address(post)], [mail.address(post)], [], []]
    assert ["answer this mail" in message.body for message in sent_out] == [True, True, False, False]


def test_without_a_mailbox_there_is_no_address(w, monkeypatch):
    monkeypatch.setattr(inbound, "mailbox", lambda: None)
    assert mail.address(world.out(w)) == ""
