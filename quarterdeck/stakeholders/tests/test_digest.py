"""The weekly mail: what stands in it, when it is sent, that it is sent once, and that it ends at a click."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Invalid
from quarterdeck.core.registries import DigestLine
from quarterdeck.crew import mail
from quarterdeck.publishing import verbs as publishing
from quarterdeck.stakeholders import digesting, intake, verbs
from quarterdeck.stakeholders.models import Digest, Heard, Reader
from quarterdeck.stakeholders.models.digests import MOST_TRIES
from quarterdeck.stakeholders.tests import consulting_world
from quarterdeck.stakeholders.tests.consulting_world import World
from quarterdeck.stakeholders.verbs import digests, experts
from quarterdeck.stakeholders.wishes import Wish

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)  # 8:00 in Berlin
SUNDAY = MONDAY - timedelta(hours=12)


@pytest.fixture
def w() -> World:
    return consulting_world.two()


@pytest.fixture
def sent(monkeypatch) -> list:
    """Mails as they would leave; the server is taken to be there."""
    box: list = []

    def fake_send(to, subject, text, html="", *, about="", headers=None):
        box.append(SimpleNamespace(to=to, subject=subject, text=text, html=html, headers=headers or {}))

    monkeypatch.setattr(mail, "send", fake_send)
    monkeypatch.setattr(mail, "server", lambda: SimpleNamespace(sender="team@example.org"))
    return box


def asked(w: World, what: str = "Nettle soup comes back"):
    door = verbs.open_door(w.legal, by=w.lead)
    wish = Wish(kind="launch", what=what, why="So that people book a table.", name="Dee")
    return verbs.ask_by_link(w.legal, door=door.link, wish=wish)


def words(w: World, who=None) -> dict[str, list[str]]:
    parts = digesting.put_together(who or w.lena, clock.now() + timedelta(seconds=1))
    return {part.title: [line.words for line in part.lines] for part in parts}


def test_it_says_what_was_asked_decided_and_comes_next(w):
    request = asked(w)
    verbs.accept(request, by=w.lead, reason="Gladly.", into="draft")
    post = request.posts.get().post
    publishing.edit(post, by=w.lead, version=post.version, text="Nettle soup.", channels=[w.channel])
    publishing.schedule(
        post, by=w.lead, when=(clock.now() + timedelta(days=2)).replace(tzinfo=None, microsecond=0)
    )
    told = words(w)
    assert "“Nettle soup comes back” was asked for." in told["Asked"][0]
    assert told["Decided"][0].startswith("“Nettle soup comes back” was accepted")
    assert "Gladly." in told["Decided"][0]
    assert "“Nettle soup.” on" in told["Next"][0]
    assert "not settled yet" in told["Next"][0]


def test_nothing_of_another_department_stands_in_it(w):
    asked(w, "A secret of Legal")
    sam = verbs.add_stakeholder(w.sales, by=w.lead, name="Sam", address="sam@sales.example")
    assert words(w, sam) == {}
    assert "A secret of Legal" in str(words(w))


def test_posts_that_carry_an_interest_stand_in_it_and_drafts_of_others_stay_closed(w):
    verbs.note_interest(w.lena, by=w.lead, about="brand", brand=w.brand)
    post = w.draft("Our merger with the brewery.")
    publishing.schedule(
        post, by=w.author, when=(clock.now() + timedelta(days=2)).replace(tzinfo=None, microsecond=0)
    )
    told = words(w)["Next"][0]
    assert "merger" not in told
    assert told.startswith(f"A post of {w.brand}")
    publishing.ask_approval(post, by=w.author)
    w.approve(post)
    assert "merger" in words(w)["Next"][0], "what is settled may be read"


def test_a_post_that_waits_for_them_is_named_with_their_own_link(w):
    w.rule()
    w.asked()
    part = digesting.put_together(w.lena, clock.now() + timedelta(seconds=1))[0]
    assert "waits for the say of Legal" in part.lines[0].words
    assert part.lines[0].url.startswith("http")
    sam = verbs.add_stakeholder(w.legal, by=w.lead, name="Sam", address="sam@legal.example")
    assert digesting.put_together(sam, clock.now() + timedelta(seconds=1)) == []


def test_answers_to_the_department_stand_in_it(w):
    window = digests.open_window(w.legal, by=w.lead)
    question = experts.ask_expert(w.legal, by=window.link, words="Should we be on Threads?")
    until = clock.now().date() + timedelta(days=90)
    experts.answer_question(question, by=w.author, text="Not yet.", from_experience=True, expires_on=until)
    assert words(w)["Decided"] == ["Your question “Should we be on Threads?” was answered: Not yet."]


def test_it_is_sent_on_monday_at_its_hour_once_and_only_when_there_is_something(w, sent):
    digests.plan_digest(w.lead, on=True, hour=8)
    for day, what in ((0, "Nettle soup comes back"), (7, "Another evening")):
        with clock.at(SUNDAY + timedelta(days=day)):
            asked(w, what)
    for at, many in (
        (MONDAY - timedelta(minutes=1), 0),
        (MONDAY, 1),
        (MONDAY + timedelta(minutes=15), 1),
        (MONDAY + timedelta(days=7), 2),
        (MONDAY + timedelta(days=14), 2),
    ):
        with clock.at(at):
            digesting.send_due()
        assert len(sent) == many, at
    assert Digest.objects.filter(mailed_at__isnull=False).count() == 2
    assert sent[0].to == "lena@legal.example"


def test_their_monday_begins_in_their_zone(w, sent):
    digests.plan_digest(w.lead, on=True, hour=8)
    digests.zone_reader(w.lena, by=w.lead, zone="America/New_York")
    with pytest.raises(Invalid):
        digests.zone_reader(w.lena, by=w.lead, zone="Mars/Base")
    with clock.at(SUNDAY):
        asked(w)
    with clock.at(MONDAY):
        digesting.send_due()
        assert sent == []
    with clock.at(MONDAY + timedelta(hours=5)):  # 8:00 in New York, a week before Europe's summer time
        digesting.send_due()
    assert len(sent) == 1


@pytest.mark.parametrize("how", ["off", "link", "ended", "department"])
def test_nobody_gets_it_who_should_not(w, sent, how):
    digests.plan_digest(w.lead, on=how != "off", hour=8)
    if how == "link":
        known = {"department": w.legal, "name": "Lena", "address": w.lena.email, "language": "en"}
        verbs.change_stakeholder(w.lena, by=w.lead, heard=Heard.LINK, **known)
    if how == "ended":
        reader = digests.zone_reader(w.lena, by=w.lead, zone="")
        digests.end_digest(reader, by=w.lead)
    with clock.at(SUNDAY):
        asked(w)
        if how == "department":
            verbs.end_department(w.legal, by=w.lead)
    with clock.at(MONDAY):
        digesting.send_due()
    assert sent == []


def test_each_thing_stands_in_the_mail_of_one_week_however_late_that_leaves(w, sent):
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(MONDAY + timedelta(minutes=7)):
        digesting.send_due()
    with clock.at(MONDAY + timedelta(hours=1)):
        asked(w, "A thing of Monday morning")
    with clock.at(MONDAY + timedelta(hours=1, minutes=7)):
        digesting.send_due()
    assert sent == [], "that Monday belongs to the next week"
    with clock.at(MONDAY + timedelta(days=1)):
        digests.plan_digest(w.lead, on=True, hour=10)
    with clock.at(MONDAY + timedelta(days=7, hours=5)):  # late
        asked(w, "Another, a week later")
        digesting.send_due()
    with clock.at(MONDAY + timedelta(days=14, hours=2)):
        digesting.send_due()
    first, second = ("".join(one.text.split()) for one in sent)
    for words, inside, outside in (
        ("AthingofMondaymorning", first, second),
        ("Another,aweeklater", second, first),
    ):
        assert words in inside
        assert words not in outside


def refusing(monkeypatch, words: str, *, again: bool) -> None:
    def fake_refusal(*args, **kwargs):
        raise mail.MailProblem(words, again=again)

    monkeypatch.setattr(mail, "send", fake_refusal)


def page(w) -> str:
    client = Client(headers={"host": "localhost"})
    client.force_login(w.lead.user)
    return client.get(
        reverse("stakeholders-reading", kwargs={"workspace": w.workspace.slug})
    ).content.decode()


def test_what_may_have_been_taken_is_not_sent_twice_and_stands_on_the_page(w, sent, monkeypatch):
    taken = mail.send
    refusing(monkeypatch, "The server closed the connection.", again=False)
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(SUNDAY):
        asked(w)
    with clock.at(MONDAY):
        digesting.send_due()
        said = page(w)
    assert "The mail of 9 March is not known to have arrived. The server closed the connection." in said
    assert "It is not sent again." in said
    monkeypatch.setattr(mail, "send", taken)
    with clock.at(MONDAY + timedelta(minutes=15)):
        digesting.send_due()
    assert sent == []


def test_what_was_surely_not_taken_is_sent_later_that_day(w, sent, monkeypatch):
    taken = mail.send
    refusing(monkeypatch, "The server is full.", again=True)
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(SUNDAY):
        asked(w)
    with clock.at(MONDAY):
        digesting.send_due()
        assert "has not left yet. The server is full. It is tried again today." in page(w)
    monkeypatch.setattr(mail, "send", taken)
    for minutes in (15, 30):
        with clock.at(MONDAY + timedelta(minutes=minutes)):
            digesting.send_due()
            assert "The server is full" not in page(w)
    assert len(sent) == 1
    assert Digest.objects.get().tries == 2


def test_a_server_is_not_asked_for_ever(w, sent, monkeypatch):
    refusing(monkeypatch, "The server is full.", again=True)
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(SUNDAY):
        asked(w)
    for quarter in range(MOST_TRIES + 3):
        with clock.at(MONDAY + quarter * timedelta(minutes=15)):
            digesting.send_due()
    assert Digest.objects.get().tries == MOST_TRIES
    with clock.at(MONDAY + timedelta(hours=4)):
        assert "The server is full. It is not sent again." in page(w)


@pytest.mark.parametrize("stopped", ["before", "within"])
def test_where_the_work_stopped_between_it_is_sent_only_if_nothing_was_begun(w, sent, stopped):
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(SUNDAY):
        asked(w)
    with clock.at(MONDAY):
        made = digests.make_digest(w.lena, week=MONDAY.date(), lines=1, by=w.lead)
        if stopped == "within":
            assert intake.begin_digest(made)
    with clock.at(MONDAY + timedelta(minutes=45)):
        assert ("The work on it stopped before the end." in page(w)) is True
        digesting.send_due()
    assert len(sent) == (1 if stopped == "before" else 0)


def test_the_link_of_an_earlier_mail_still_ends_it(w, sent):
    digests.plan_digest(w.lead, on=True, hour=8)
    made = []
    for week in (MONDAY, MONDAY + timedelta(days=7 * 44)):  # by then the link is about to end
        with clock.at(week):
            digests.make_digest(w.lena, week=week.date(), lines=1, by=w.lead)
            made.append(Reader.objects.get().token)
            last = week
    assert made[0] != made[1]
    with clock.at(last + timedelta(days=1)):
        path = reverse("stakeholders-unsubscribe", kwargs={"token": made[0]})
        client = Client(headers={"host": "localhost"})
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Reader.objects.get().ended_at is not None
        verbs.end_stakeholder(w.lena, by=w.lead)
        for token in made:
            path = reverse("stakeholders-unsubscribe", kwargs={"token": token})
            assert client.get(path).status_code == 404, "every link of theirs closes with them"


def test_nobody_is_said_to_have_made_the_link_that_the_clock_made(w, monkeypatch):
    said = []
    record = ledger.record
    monkeypatch.setattr(
        ledger, "record", lambda kind, **given: said.append((kind, given["actor"])) or record(kind, **given)
    )
    digests.make_digest(w.lena, week=MONDAY.date(), lines=1, by=w.lead)
    assert ("crew.link.issued", ledger.system(w.workspace.pk)) in said
    assert w.lead not in [actor for _, actor in said]


def test_one_click_ends_it_as_mail_programs_do_and_a_get_ends_nothing(w, sent):
    """RFC 8058: a POST without a cookie, with the body the header names."""
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(SUNDAY):
        asked(w)
    with clock.at(MONDAY):
        digesting.send_due()
        header = sent[0].headers
        assert header["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = "/" + header["List-Unsubscribe"].strip("<>").split("/", 3)[3]
        client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
        for method in (client.get, client.head):
            assert method(path).status_code == 200
            assert Reader.objects.get().ended_at is None
        body = {"List-Unsubscribe": "One-Click"}
        assert client.post(path, body).status_code == 200
        assert Reader.objects.get().ended_at is not None
        assert client.post(path, body).status_code == 200, "twice is the same as once"
        assert client.post(path, {"do": "begin"}).status_code == 200
        assert Reader.objects.get().ended_at is None
        assert client.put(path).status_code == 405
        token = Reader.objects.get().token
        assert (
            client.get(reverse("stakeholders-unsubscribe", kwargs={"token": token[:-1]})).status_code == 404
        )
    assert path.endswith(f"{token}/")


def test_rooms_offer_lines_and_every_line_is_bounded(w, monkeypatch):
    many = [DigestLine("next", f"Line {n}", clock.now()) for n in range(500)]
    monkeypatch.setattr(registries, "digest_lines", [("fake", lambda wanted: many)])
    (part,) = digesting.put_together(w.lena, clock.now())
    assert len(part.lines) == digesting.MOST_LINES


def test_html_stays_text_in_the_mail(w, sent):
    digests.plan_digest(w.lead, on=True, hour=8)
    with clock.at(SUNDAY):
        asked(w, "<script>alert(1)</script>")
    with clock.at(MONDAY):
        digesting.send_due()
    assert "<script>" not in sent[0].html
    assert "&lt;script&gt;" in sent[0].html
