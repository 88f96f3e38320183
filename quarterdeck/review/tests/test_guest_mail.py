"""The mail to a guest carries everything, as plain text and as simple HTML; what the server said stands beside."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.crew import mail
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Notification
from quarterdeck.crew.tests.fake_servers import FakeSMTP
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.review.models import Guest
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db

WHOLE = (
    "Nettle soup <b>today</b>.",
    "Part 1 of 2",
    "1 image:",
    "A bowl of soup",
    "And bread.",
    "Harbour Kitchen on Sandbox",
    "Tuesday 10 March 2026, 12:30 Europe/Berlin",
)


def thread(w: world.World) -> Post:
    image = {
        "file": studio.keep(w.author.workspace, pictures.png(), "soup.png").pk.hex,
        "alt": "A bowl of soup",
    }
    post = publishing.draft(
        w.author,
        brand=w.brand,
        text="Nettle soup <b>today</b>.",
        channels=[w.channel],
        images=[image],
        following=[{"text": "And bread.", "images": []}],
    )
    publishing.schedule(post, by=w.author, when=(NOON + timedelta(days=1, minutes=30)).replace(tzinfo=None))
    return post


def ask(w: world.World, post: Post) -> str:
    client = Client(headers={"host": "localhost"})
    client.force_login(w.approver.user)
    form = {"name": "Dee", "address": "dee@example.org", "approve": "on", "days": "7"}
    return client.post(f"/w/{post.workspace.slug}/posts/{post.pk}/guests/", form).text


def set_up(fake: FakeSMTP) -> None:
    server = mail.Server("127.0.0.1", fake.port, "none", fake.user, "desk@example.org")
    crew.set_outgoing_mail(server, "open sesame", by=make.user("Keeper", owns_installation=True))


def test_the_whole_preview_and_the_link_in_both_kinds():
    w = world.two()
    with clock.at(NOON), FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake)
        page = ask(w, thread(w))
    assert "It was sent to dee@example.org with the whole preview." in page
    [(_, to, text)] = fake.received
    arrived = email.message_from_string(text, policy=email.policy.default)
    assert to == ["dee@example.org"]
    assert (
        arrived["subject"].strip()
        == "Bea asks you to approve a post of Harbour Kitchen: “Nettle soup <b>today</b>.”"
    )
    plain = arrived.get_body(("plain",)).get_content()
    html = arrived.get_body(("html",)).get_content()
    for words in (*WHOLE, "/s/", "Opening it decides nothing."):
        assert words in plain
        assert words.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in html
    assert Guest.objects.get().mailed_at is not None


def test_what_the_server_refused_is_said_and_the_link_is_there_to_copy():
    w = world.two()
    with clock.at(NOON), FakeSMTP("ada", "open sesame").running() as fake:
        fake.refuse["RCPT"] = "550 no such person"
        set_up(fake)
        page = ask(w, thread(w))
    assert "It was not sent to dee@example.org." in page
    assert "/s/" in page
    assert Guest.objects.get().mail_problem


def test_members_read_the_whole_preview_too():
    w = world.two()
    with clock.at(NOON):
        publishing.ask_approval(thread(w), by=w.author)
    told = Notification.objects.get(member=w.approver)
    for words in WHOLE:
        assert words in told.text
