"""Requests by mail: to the department's own address, answers to one request, and mails to whoever asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outbox

from quarterdeck.core import clock
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import inbound, intake
from quarterdeck.crew import mail as crew_mail
from quarterdeck.stakeholders import mail, mailing, verbs
from quarterdeck.stakeholders.models import Request
from quarterdeck.stakeholders.tests import world
from quarterdeck.stakeholders.tests.world import NOON
from quarterdeck.stakeholders.verbs import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    with clock.at(NOON):
        inbound.keep(inbound.Mailbox("imap.example", 993, "tls", "desk@example.org", "INBOX"), "secret")
        yield world.three()


def message(to: str, **given) -> InboundMail:
    fields = {
        "message_id": f"<{given.get('subject', 'x')}@sales.example>",
        "sender": "dee@sales.example",
        "to": [to],
        "subject": "The soup is back",
        "text": "It makes people happy.\r\n\r\nOn Monday somebody wrote:\n> old words",
        "received": clock.now(),
    }
    return InboundMail(**fields | given)


def test_a_mail_to_the_departments_address_is_a_request_once(w):
    dee = verbs.add_stakeholder(w.sales, by=w.lead, name="Dee Dahl", address="dee@sales.example")
    sent = message(mail.address(w.sales))
    assert [intake.take_mail(sent)[0], intake.take_mail(sent)[0]] == [True, False]
    row = Request.objects.get()
    assert (row.what, row.why, row.way, row.kind) == (
        "The soup is back",
        "It makes people happy.",
        "mail",
        "other",
    )
    assert (row.stakeholder, row.email) == (dee, "dee@sales.example")


def test_an_answer_to_the_receipt_is_added_to_the_request(w):
    row = w.asked()
    assert mail.answers_to(f"/w/{w.workspace.slug}/requests/{row.pk}/") == mail.reply_address(row)
    assert mail.answers_to(f"/w/{w.workspace.slug}/requests/times/") == ""
    assert mail.take(message(mail.reply_address(row), text="The picture is ready.\n> quoted"))
    assert row.answers.get().reason == "The picture is ready."
    assert not row.answers.get().of_team


@pytest.mark.parametrize("spoil", ["seal", "old", "ended", "machine", "other"])
def test_nothing_is_taken_by_an_address_that_is_not_right(w, spoil):
    address, headers = mail.address(w.sales), {}
    if spoil == "seal":
        at = address.index("@")
        address = address[: at - 1] + ("0" if address[at - 1] != "0" else "1") + address[at:]
    elif spoil == "old":
        verbs.change_mail_address(w.sales, by=w.lead)
    elif spoil == "ended":
        verbs.end_department(w.sales, by=w.lead)
    elif spoil == "machine":
        headers = {"auto-submitted": "auto-replied"}
    elif spoil == "other":
        address = address.replace(w.sales.pk.hex, w.legal.pk.hex)
    assert mail.take(message(address, headers=headers))
    assert not Request.objects.exists()
    assert not mail.take(message("desk@example.org")), "mail of nobody’s department is left to others"


def test_mail_is_bounded_by_the_day(w):
    for number in range(asking.MOST_A_DAY + 3):
        mail.take(message(mail.address(w.sales), subject=f"Number {number}"))
    assert Request.objects.count() == asking.MOST_A_DAY


def test_a_long_or_broken_mail_is_kept_short(w):
    mail.take(message(mail.address(w.sales), subject="s" * 500, text="t\x00" * 9000))
    row = Request.objects.get()
    assert len(row.what) == 200
    assert len(row.why) <= 2000


def test_the_receipt_and_each_answer_carry_the_link_and_can_be_answered(w, settings, monkeypatch):
    sent = []
    server = crew_mail.Server("smtp.example", 587, "starttls", "", "desk@example.org")
    monkeypatch.setattr(crew_mail, "server", lambda: server)
    monkeypatch.setattr(
        crew_mail, "deliver", lambda messages, through: sent.extend(messages) or len(messages)
    )
    row = w.asked(name="Dee", address="dee@sales.example")
    mailing.send(row, "receipt")
    verbs.propose(row, by=w.author, reason="That week is full.", week=world.NEXT)
    row.refresh_from_db()
    mailing.send(row, "answer")
    assert [one.to for one in sent] == [["dee@sales.example"]] * 2
    assert "You have an answer by Wed 11 Mar, 13:00." in sent[0].body
    assert "That week is full." in sent[1].body
    assert all(row.token in one.body and one.reply_to == [mail.reply_address(row)] for one in sent)
    assert outbox.outbox == []


def test_nobody_is_written_to_who_wants_no_mail_or_is_not_known(w):
    verbs.add_stakeholder(w.sales, by=w.lead, name="Dee", address="dee@sales.example", heard="link")
    assert w.asked(address="dee@sales.example").email == ""
    assert w.asked().email == ""


def test_a_mail_that_does_not_leave_is_said_on_the_requests_page(w):
    from quarterdeck.stakeholders import intake as ours

    row = w.asked(address="dee@sales.example")
    ours.note_mailed(row, "smtp.example refused it.")
    with clock.at(NOON + timedelta(minutes=1)):
        page = world.browser(w.author).get(world.at(w.author, f"requests/{row.pk}/")).content.decode()
    assert "smtp.example refused it." in page
