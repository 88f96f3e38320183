"""Mail out: what the server answers is said in words; what it takes arrives whole."""

import email
import email.policy
import socket

import pytest
from django.urls import reverse

from quarterdeck.core.models import Setting
from quarterdeck.crew import mail, verbs
from quarterdeck.crew.models import Invitation
from quarterdeck.crew.permissions import Role
from quarterdeck.crew.tests import fake_servers
from quarterdeck.crew.tests.fake_servers import FakeSMTP
from tests import make

pytestmark = pytest.mark.django_db


def set_up(fake, password="open sesame", host="127.0.0.1", port=None, user=None):
    by = make.user("Keeper", owns_installation=True)
    given = mail.Server(
        host, port or fake.port, "none", fake.user if user is None else user, "desk@example.org"
    )
    verbs.set_outgoing_mail(given, password, by=by)
    return by


def test_a_message_arrives_whole():
    with FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake)
        mail.send("bo@example.org", "Grüße\nBcc: eve@example.org", "Die Suppe ist fertig.\n.\nEnde")
    (sender, to, text) = fake.received[0]
    assert (sender, to) == ("desk@example.org", ["bo@example.org"])
    arrived = email.message_from_string(text, policy=email.policy.default)
    assert arrived["subject"] == "Grüße Bcc: eve@example.org"  # one line: no header can be smuggled in
    assert arrived["bcc"] is None
    assert arrived.get_content().splitlines() == ["Die Suppe ist fertig.", "..", "Ende"]  # dots are stuffed
    assert not fake.unexpected


def test_the_password_is_sealed_and_kept_when_none_is_given():
    with FakeSMTP("ada", "open sesame").running() as fake:
        by = set_up(fake)
        kept = Setting.objects.get(pk=mail.PASSWORD)
        assert b"open sesame" not in bytes(kept.sealed)
        assert "open sesame" not in str(list(Setting.objects.values("key", "value")))
        verbs.set_outgoing_mail(mail.server(), None, by=by)
        mail.send("bo@example.org", "Again", "Still in")
    assert len(fake.received) == 1


def test_turning_it_off_removes_the_password():
    with FakeSMTP("ada", "open sesame").running() as fake:
        by = set_up(fake)
        verbs.set_outgoing_mail(None, "", by=by)
    assert mail.server() is None
    assert Setting.objects.get(pk=mail.PASSWORD).sealed is None
    with pytest.raises(mail.MailProblem, match="not set up"):
        mail.send("bo@example.org", "Hello", "")


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        ({"AUTH": "535 5.7.8 wrong password"}, "refused the user name or the password. It said: 535"),
        ({"MAIL": "550 we do not relay for you"}, "refused the sender"),
        ({"RCPT": "550 no such person"}, "refused the recipient. It said: 550 no such person"),
        ({"DATA": "554 smells of spam"}, "554 smells of spam"),
        ({"EHLO": "421 too busy", "HELO": "421 too busy"}, "too busy"),
    ],
)
def test_a_refusal_is_told_in_the_servers_words(refuse, words):
    with FakeSMTP("ada", "open sesame", refuse).running() as fake:
        set_up(fake)
        with pytest.raises(mail.MailProblem) as problem:
            mail.send("bo@example.org", "Hello", "text")
    assert words in str(problem.value)
    assert not fake.received


@pytest.mark.parametrize(
    ("refuse", "again"),
    [
        ({"MAIL": "451 come back later"}, True),
        ({"RCPT": "450 grey for now"}, True),
        ({"DATA": "452 no room"}, True),
        ({"RCPT": "550 no such person"}, False),
        ({"DATA": "554 smells of spam"}, False),
    ],
)
def test_what_was_surely_not_taken_and_may_be_later_is_told_apart(refuse, again):
    with FakeSMTP("ada", "open sesame", refuse).running() as fake:
        set_up(fake)
        with pytest.raises(mail.MailProblem) as problem:
            mail.send("bo@example.org", "Hello", "text")
    assert problem.value.again is again


def test_a_connection_that_breaks_after_the_text_may_have_been_taken(monkeypatch):
    with FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake)

        def fake_break(talk, *args):
            raise ConnectionAbortedError

        monkeypatch.setattr(fake_servers._SMTPTalk, "take", fake_break)
        with pytest.raises(mail.MailProblem) as problem:
            mail.send("bo@example.org", "Hello", "text")
    assert problem.value.again is False


def test_a_wrong_password_is_told():
    with FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake, password="wrong")
        with pytest.raises(mail.MailProblem, match="user name or the password"):
            mail.send("bo@example.org", "Hello", "text")


def test_a_closed_port_and_an_unknown_name_are_told():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    fake = FakeSMTP()
    set_up(fake, port=port)
    with pytest.raises(mail.MailProblem, match=f"does not answer on port {port}") as problem:
        mail.send("bo@example.org", "Hello", "text")
    assert problem.value.again
    set_up(fake, port=25, host="nobody.invalid")
    with pytest.raises(mail.MailProblem, match="no server called nobody.invalid"):
        mail.send("bo@example.org", "Hello", "text")


def test_only_the_installations_owner_sets_it_up_and_tests_it(client):
    owner = make.member()
    page = reverse("crew-mail", kwargs={"workspace": owner.workspace.slug})
    client.force_login(owner.user)
    assert client.get(page).status_code == 403
    owner.user.owns_installation = True
    owner.user.save()
    with FakeSMTP("ada", "open sesame").running() as fake:
        sent = {"out-host": "127.0.0.1", "out-port": fake.port, "out-security": "none", "out-username": "ada"}
        sent |= {"out-password": "open sesame", "out-sender": "desk@example.org", "half": "out"}
        assert client.post(page, sent).status_code == 302
        told = client.post(f"{page}test/", {"half": "out"}, follow=True).content.decode()
    assert f"The server took a message to {owner.user.email}" in told
    assert fake.received[0][1] == [owner.user.email]
    assert "open sesame" not in client.get(page).content.decode()


def test_an_invitation_goes_out_by_mail_or_says_why_not(client):
    owner = make.member()
    client.force_login(owner.user)
    page = reverse("crew-invite", kwargs={"workspace": owner.workspace.slug})
    with FakeSMTP().running() as fake:
        set_up(fake)
        body = client.post(page, {"role": Role.AUTHOR, "email": "bo@example.org"}).content.decode()
        assert "It was sent to bo@example.org" in body
        assert "/join/" in fake.received[0][2]
        fake.refuse = {"RCPT": "550 no such person"}
        body = client.post(page, {"role": Role.AUTHOR, "email": "cy@example.org"}).content.decode()
    assert "It was not sent to cy@example.org" in body
    assert "550 no such person" in body
    assert Invitation.objects.get(email="cy@example.org").is_open()


def test_a_forgotten_password_is_reset_by_mail_and_strangers_learn_nothing(client, settings):
    settings.EMAIL_BACKEND = "quarterdeck.crew.mail.Backend"
    make.user("Bo", email="bo@example.org", password="quiet-harbour-lamp")
    page = reverse("account_reset_password")
    assert "cannot send mail yet" in client.get(page).content.decode()
    with FakeSMTP().running() as fake:
        set_up(fake)
        known = client.post(page, {"email": "BO@example.org"}, follow=True)
        unknown = client.post(page, {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert [to for _, to, _ in fake.received] == [["bo@example.org"], ["nobody@example.org"]]
    assert "/password/reset/key/" in fake.received[0][2].replace("=\r\n", "")
    assert "/password/reset/key/" not in fake.received[1][2].replace("=\r\n", "")
    assert "ask an owner or a lead for an invitation" in fake.received[1][2]
    assert "signup" not in fake.received[1][2]


def test_the_link_to_a_new_password_never_leads_where_a_stranger_says(client, settings):
    settings.EMAIL_BACKEND = "quarterdeck.crew.mail.Backend"
    make.user("Bo", email="bo@example.org", password="quiet-harbour-lamp")
    with FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake)
        for host in ("198.51.100.66:8300", "[2001:db8::66]"):
            client.post(
                reverse("account_reset_password"), {"email": "bo@example.org"}, headers={"host": host}
            )
    assert len(fake.received) == 2
    for _, _, text in fake.received:
        text = text.replace("=\r\n", "").replace("=\n", "")
        assert "http://localhost:8300/account/password/reset/key/" in text
        assert "198.51.100" not in text
        assert "2001:db8" not in text


def test_nobody_floods_a_mailbox_with_tests(client):
    owner = make.member()
    client.force_login(owner.user)
    page = reverse("crew-telling-mail-test", kwargs={"workspace": owner.workspace.slug})
    with FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake)
        client.post(page)
        said = client.post(page, follow=True).content.decode()
    assert "A test was sent a moment ago." in said
    assert len(fake.received) == 1
