"""Mail in: each new message is handed on once, whatever happens in between, and nothing on the server changes."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.core import clock, registries
from quarterdeck.core.registries import InboundMail
from quarterdeck.crew import inbound, intake, verbs
from quarterdeck.crew.models import SeenMail
from quarterdeck.crew.tests.fake_servers import FakeIMAP
from tests import make

pytestmark = pytest.mark.django_db


def message(number: int, subject: str = "Hello", body: str = "Good morning.") -> bytes:
    lines = [
        f"Message-ID: <{number}@example.org>",
        "From: Bo <Bo@Example.org>",
        "To: Desk <desk@example.org>, other@example.org",
        f"Subject: {subject}",
        "Date: Mon, 09 Mar 2026 09:00:00 +0100",
        "Content-Type: text/plain; charset=utf-8",
        "",
        body,
    ]
    return "\r\n".join(lines).encode()


def set_up(fake: FakeIMAP, password: str | None = "secret", folder: str = "INBOX") -> None:
    box = inbound.Mailbox("127.0.0.1", fake.port, "none", fake.user, folder)
    verbs.set_incoming_mail(box, password, by=make.user("Keeper"))


@pytest.fixture
def handed(monkeypatch):
    """What a hook was handed; the hook wants everything."""
    got: list[InboundMail] = []
    entries = {"tests": lambda mail: got.append(mail) or True}
    monkeypatch.setattr(registries.inbound_mail, "_entries", entries)
    return got


@pytest.fixture
def fake():
    with FakeIMAP().running() as server:
        yield server
    assert not server.unexpected


def test_each_new_message_is_handed_on_once(fake, handed):
    set_up(fake)
    fake.messages = {1: message(1), 2: message(2, "Grüße")}
    assert [inbound.poll(), inbound.poll()] == [2, 0]
    assert fake.fetched == [1, 2]
    fake.messages[3] = message(3)
    assert inbound.poll() == 1
    assert [m.message_id for m in handed] == ["<1@example.org>", "<2@example.org>", "<3@example.org>"]
    first = handed[0]
    assert (first.sender, first.to) == ("bo@example.org", ["desk@example.org", "other@example.org"])
    assert (first.text.strip(), first.received) == ("Good morning.", datetime(2026, 3, 9, 8, tzinfo=UTC))


def test_a_renumbered_folder_hands_nothing_on_again(fake, handed):
    set_up(fake)
    fake.messages = {1: message(1)}
    inbound.poll()
    fake.validity, fake.messages = 8, {40: message(1), 41: message(2)}
    assert inbound.poll() == 1
    assert len(handed) == 2


def test_a_hook_that_fails_is_tried_three_times_and_holds_nobody_up(fake, monkeypatch):
    calls = []

    def hook(mail):
        calls.append(mail.message_id)
        if mail.message_id == "<1@example.org>":
            make.user("Halfway")  # must be undone
            raise RuntimeError("the hook broke")
        return True

    monkeypatch.setattr(registries.inbound_mail, "_entries", {"tests": hook})
    set_up(fake)
    fake.messages = {1: message(1), 2: message(2)}
    for _ in range(5):
        inbound.poll()
    assert calls.count("<1@example.org>") == intake.ATTEMPTS
    assert calls.count("<2@example.org>") == 1
    laid_aside = SeenMail.objects.exclude(problem="").get()
    assert "the hook broke" in laid_aside.problem
    from quarterdeck.crew.models import User

    assert not User.objects.filter(name="Halfway").exists()


def test_a_message_nobody_wants_is_settled(fake, monkeypatch):
    monkeypatch.setattr(registries.inbound_mail, "_entries", {"tests": lambda mail: False})
    set_up(fake)
    fake.messages = {1: message(1)}
    inbound.poll()
    assert SeenMail.objects.get().taken_by == ""
    assert SeenMail.objects.get().done_at


def test_of_a_huge_message_only_the_beginning_is_read_and_it_says_so(fake, handed):
    set_up(fake)
    huge = EmailMessage()
    huge["From"], huge["To"], huge["Message-ID"] = "dee@example.org", "desk@example.org", "<huge@example.org>"
    huge.set_content("Please use this picture.")
    huge.add_attachment(b"x" * 2 * inbound.BEGINNING, maintype="image", subtype="png", filename="big.png")
    fake.messages, fake.claims = {1: huge.as_bytes(), 2: message(2)}, {1: 31 * 2**20}
    assert inbound.poll() == 2
    first = handed[0]
    assert first.text.startswith("Please use this picture.")
    assert "This mail is 31 MB large" in first.text
    assert first.files == []


def test_a_refusal_is_kept_in_words_and_ends_when_it_works(fake, handed):
    set_up(fake, password="wrong")
    assert inbound.poll() == 0
    assert "wrong password" in inbound.state()["problem"]
    assert "wrong password" in inbound.try_out()
    set_up(fake)
    fake.messages = {1: message(1)}
    assert inbound.poll() == 1
    assert inbound.state()["problem"] == ""
    assert inbound.try_out() == "127.0.0.1 opened the folder INBOX. It holds 1 messages."


def test_a_folder_that_is_not_there_and_a_server_that_is_gone_are_told(fake, handed):
    set_up(fake, folder="Elsewhere")
    assert "no such folder" in inbound.try_out()
    gone = FakeIMAP()
    gone.port = 1
    set_up(gone)
    assert inbound.poll() == 0
    assert "does not answer on port 1" in inbound.state()["problem"]


def test_without_a_set_up_nothing_is_asked():
    assert inbound.poll() == 0
    assert inbound.try_out() == "Incoming mail is not set up."


def test_parsing_is_bounded_and_plain():
    long = inbound.parse(message(1, "s" * 1000, "b" * 300_000))
    assert (len(long.subject), len(long.text)) == (300, inbound.TEXT_MOST)
    html = message(2, body="<style>p{}</style><p>Good <b>day</b></p><script>alert(1)</script>")
    text = inbound.parse(html.replace(b"text/plain", b"text/html")).text
    assert "Good day" in text
    assert "alert" not in text
    assert "<" not in text
    later = inbound.parse(message(3).replace(b"2026 09", b"2096 09"))
    assert later.received <= clock.now() + timedelta(seconds=1)


def test_a_message_without_an_id_is_known_again():
    raw = message(1).split(b"\r\n", 1)[1]
    assert (
        inbound.parse(raw).message_id == inbound.parse(raw).message_id != inbound.parse(raw + b"x").message_id
    )


@settings(max_examples=200, deadline=None)
@given(
    raw=st.binary(max_size=400)
    | st.tuples(st.sampled_from([b"From", b"Subject", b"Date", b"Content-Type"]), st.binary(max_size=80)).map(
        lambda h: h[0] + b": " + h[1] + b"\r\n\r\nbody"
    )
)
def test_any_bytes_are_parsed(raw):
    got = inbound.parse(raw)
    assert got.message_id
    assert "\x00" not in got.text
    assert len(got.subject) <= 300
    assert got.received.tzinfo is not None
