"""Consent rounds: silence, objections that need two things, the clock, links that open one page and act on no GET."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from quarterdeck.consent import agenda, dates, digest_lines, jobs, reads, silence, verbs
from quarterdeck.consent.models import Round, Voice
from quarterdeck.consent.tests import world
from quarterdeck.consent.tests.world import NOON
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.core.registries import DigestFor
from quarterdeck.crew import mail
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Notification
from quarterdeck.crew.tests.fake_servers import FakeSMTP
from quarterdeck.ledger.models import Pending
from quarterdeck.stakeholders import verbs as people
from quarterdeck.strategy.models import Decision
from tests import make

pytestmark = pytest.mark.django_db
WHY, INSTEAD = "The fair is that day.", "The Monday after."


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def w() -> world.World:
    return world.three()


def voices(round_: Round) -> dict[str, Voice]:
    return {
        str(one.department): one
        for one in Voice.objects.filter(round=round_).select_related("department", "link", "round__workspace")
    }


def consent(round_: Round, *departments: str) -> None:
    for name, one in voices(round_).items():
        if name in departments:
            verbs.consent(one, by=one.link)


def objected(round_: Round, department: str) -> Voice:
    one = voices(round_)[department]
    return verbs.object_(one, by=one.link, reason=WHY, instead=INSTEAD)


def after(days: int) -> datetime:
    return NOON + timedelta(days=days)


def opened_all(round_: Round) -> None:
    """Each has opened their link."""
    for one in voices(round_).values():
        assert world.stranger().get(world.door(one)).status_code == 200


def test_an_answer_can_be_changed_until_the_day_is_over_and_then_no_more(w):
    round_ = w.round()
    sales = voices(round_)["Sales"]
    verbs.consent(sales, by=sales.link)
    with pytest.raises(Conflict):
        verbs.consent(sales, by=sales.link)
    objected(round_, "Sales")
    verbs.take_back(sales, by=sales.link)
    assert Voice.objects.get(pk=sales.pk).is_silent
    with clock.at(datetime(2026, 3, 13, 22, 59, tzinfo=NOON.tzinfo)):  # a minute before midnight in Berlin
        verbs.consent(sales, by=sales.link)
    with clock.at(datetime(2026, 3, 13, 23, 0, tzinfo=NOON.tzinfo)), pytest.raises(Conflict, match="over"):
        objected(round_, "Sales")


def test_an_objection_needs_a_reason_and_an_alternative_and_the_opener_hears_of_it(w):
    round_ = w.round()
    one = voices(round_)["Legal"]
    for reason, instead in (("", INSTEAD), (WHY, "  ")):
        with pytest.raises(Invalid):
            verbs.object_(one, by=one.link, reason=reason, instead=instead)
    objected(round_, "Legal")
    told = Notification.objects.get(member=w.lead)
    assert told.subject == "Legal objects to “The launch keeps Tuesday”"
    assert "Leo" not in told.subject + told.text


def test_a_link_that_somebody_plays_with_stops(w):
    round_ = w.round("Sales")
    for _ in range(15):
        consent(round_, "Sales")
        objected(round_, "Sales")
    with pytest.raises(Conflict, match="as often as it can be"):
        consent(round_, "Sales")
    assert voices(round_)["Sales"].is_against
    objections = Notification.objects.filter(member=w.lead)
    assert objections.count() == 15


def test_nobody_answers_by_the_link_of_another(w):
    round_ = w.round()
    found = voices(round_)
    with pytest.raises(Forbidden):
        verbs.consent(found["Sales"], by=found["Legal"].link)


def test_silence_is_consent_once_its_day_is_over_and_only_of_whom_it_reached(w):
    round_ = w.round()
    assert dates.keep() == (0, 0)
    with clock.at(after(6)):
        assert dates.keep() == (0, 0)  # no mail is set up and nobody has opened a link
        assert len(silence.never_reached(reads.voices(round_))) == 3
        [item] = agenda.agenda(w.lead, after(6))
        assert item.title.startswith("Settle the consent round")
    opened_all(round_)
    with clock.at(after(6)):
        assert dates.keep() == (0, 1)
        assert dates.keep() == (0, 0)
    round_.refresh_from_db()
    assert (round_.state, round_.by_clock) == ("adopted", True)
    decision = Decision.objects.get(pk=round_.decision)
    assert decision.heard == ["Legal", "Product", "Sales"]
    assert decision.options[decision.choice] == "As proposed: The launch keeps Tuesday"
    assert "3 said nothing until Fri 13 Mar, which counts as consent" in decision.because
    assert Notification.objects.filter(member=w.lead, subject__endswith="is adopted").exists()


def test_an_objection_waits_for_the_opener_who_must_answer_it(w):
    round_ = w.round()
    opened_all(round_)
    consent(round_, "Sales")
    objected(round_, "Legal")
    with pytest.raises(Conflict, match="Not everybody"):
        verbs.adopt(round_, by=w.lead, answer="We heard you.")
    with clock.at(after(6)):
        assert dates.keep() == (0, 0)
        with pytest.raises(Invalid):
            verbs.adopt(round_, by=w.lead)
        with pytest.raises(Forbidden):
            verbs.adopt(round_, by=w.author, answer="We heard you.")
        verbs.adopt(round_, by=w.lead, outcome="The launch goes on Monday.", answer="You are right.")
    round_.refresh_from_db()
    assert (round_.state, round_.outcome) == ("changed", "The launch goes on Monday.")
    decision = Decision.objects.get(pk=round_.decision)
    assert decision.options[decision.choice] == "Changed: The launch goes on Monday."
    assert f"Instead, as Legal would have it: {INSTEAD}" in decision.options
    with pytest.raises(Conflict):
        verbs.withdraw(round_, by=w.lead, reason="Too late.")


@pytest.mark.parametrize("how", ["analyst", "left"])
def test_the_leads_settle_what_its_opener_cannot_any_more(w, how):
    owner = make.member("owner", w.workspace, "Olu")
    opener = make.member("author", w.workspace, "Abe")
    asked = {"stakeholders": list(w.people.values()), "last_day": date(2026, 3, 13)}
    round_ = verbs.open_round(opener, title="Tuesday", proposal="It keeps Tuesday.", changes="None.", **asked)
    if how == "left":
        crew.remove_member(opener, by=owner)
    else:
        crew.change_role(opener, by=owner, role="analyst")
    objected(round_, "Legal")
    told = Notification.objects.filter(subject__startswith="Legal objects").values_list("member", flat=True)
    assert set(told) == {w.lead.pk, owner.pk}
    opener.refresh_from_db()
    with clock.at(after(6)):
        for who in (opener, w.author, w.observer):
            assert not [one for one in agenda.agenda(who, after(6)) if "consent round" in one.title]
            with pytest.raises(Forbidden, match="so a lead does"):
                verbs.withdraw(round_, by=who, reason="It rains.")
        [item] = agenda.agenda(w.lead, after(6))
        assert "Who opened it cannot settle it any more." in item.why
        page = world.browser(w.lead).get(world.address(w, f"consent/{round_.pk}/")).content.decode()
        assert "A lead settles it." in page
        assert "Abe settles it." not in page
        assert verbs.withdraw(round_, by=w.lead, reason="It rains.").state == "withdrawn"
        assert list(agenda.agenda(w.lead, after(6))) == []


def test_a_lead_leaves_the_rounds_of_who_can_settle_them_alone(w):
    round_ = verbs.open_round(
        w.author,
        title="Tuesday",
        proposal="It keeps Tuesday.",
        changes="None.",
        last_day=date(2026, 3, 13),
        stakeholders=list(w.people.values()),
    )
    objected(round_, "Legal")
    assert Notification.objects.get().member == w.author
    with clock.at(after(6)):
        assert list(agenda.agenda(w.lead, after(6))) == []
        assert len(list(agenda.agenda(w.author, after(6)))) == 1
        with pytest.raises(Forbidden, match="Who opened a round settles it"):
            verbs.withdraw(round_, by=w.lead, reason="It rains.")


def test_who_was_never_reached_is_not_recorded_as_consenting(w):
    round_ = w.round()
    consent(round_, "Sales")
    assert world.stranger().get(world.door(voices(round_)["Product"])).status_code == 200
    with clock.at(after(6)):
        verbs.adopt(round_, by=w.lead)
    round_.refresh_from_db()
    decision = Decision.objects.get(pk=round_.decision)
    assert decision.heard == ["Product", "Sales"]
    assert decision.because == (
        "Of 3 asked 1 consented and 1 said nothing until Fri 13 Mar, which counts as consent. "
        "1 was never reached, and consented to nothing. 0 objected."
    )


def test_a_round_that_reached_nobody_records_no_consent(w):
    round_ = w.round()
    with clock.at(after(6)):
        verbs.adopt(round_, by=w.lead)
    round_.refresh_from_db()
    decision = Decision.objects.get(pk=round_.decision)
    assert decision.heard == []
    assert (
        decision.because
        == "Of 3 asked 0 consented. 3 were never reached, and consented to nothing. 0 objected."
    )


def test_before_the_day_it_is_adopted_only_when_everybody_has_answered(w):
    round_ = w.round("Sales", "Legal")
    consent(round_, "Sales", "Legal")
    verbs.adopt(round_, by=w.lead, outcome=round_.proposal)
    round_.refresh_from_db()
    assert (round_.state, round_.outcome) == ("adopted", "")


def test_what_cannot_be_asked_is_refused_in_words(w):
    for bad in (
        {"last_day": date(2026, 3, 9)},
        {"last_day": date(2026, 6, 1)},
        {"title": " "},
        {"changes": ""},
        {"proposal": ""},
    ):
        with pytest.raises(Invalid):
            w.round(**bad)
    elsewhere = world.three()
    with pytest.raises(Invalid):
        verbs.open_round(
            w.lead,
            title="T",
            proposal="P",
            changes="C",
            last_day=date(2026, 3, 13),
            stakeholders=[elsewhere.people["Sales"]],
        )
    people.end_stakeholder(w.people["Legal"], by=w.lead)
    with pytest.raises(Invalid):
        w.round("Legal")
    w.round("Sales")
    with pytest.raises(Invalid) as refused:  # one question a month, beyond what concerns their own requests
        w.round("Sales", "Product")
    assert "Sol (Sales)" in refused.value.fields["stakeholders"]


ISOLATE, MARK = "\u2067", "\u202b"  # as programs put around Hebrew and Arabic


def test_words_that_turn_around_are_no_reason_against_a_decision(w):
    round_ = w.round("Sales", "Legal")
    consent(round_, "Sales")
    legal = voices(round_)["Legal"]
    verbs.object_(legal, by=legal.link, reason=WHY, instead=f"{ISOLATE}On Monday{ISOLATE}\x0b please.")
    verbs.adopt(round_, by=w.lead, outcome=f"{MARK}On Monday.\nAnd at eight.", answer="You are right.")
    round_.refresh_from_db()
    decision = Decision.objects.get(pk=round_.decision)
    assert decision.options[1:3] == [
        "Changed: On Monday. And at eight.",
        "Instead, as Legal would have it: On Monday please.",
    ]


def test_one_round_at_a_time_about_one_conflict(w):
    w.post("The launch")
    w.post("The recap")
    [found] = w.look()
    w.round("Sales", conflict=found)
    with pytest.raises(Conflict):
        w.round("Sales", conflict=found)


def test_a_round_is_about_something_of_this_workspace_or_about_nothing(w):
    elsewhere = world.three()
    elsewhere.post("The launch")
    elsewhere.post("The recap")
    [theirs] = elsewhere.look()
    with pytest.raises(NotFound):
        w.round("Sales", conflict=theirs)
    new = world.browser(w.lead).get(
        world.address(w, "consent/new/"), {"about": "consent.conflict", "id": str(theirs.pk)}
    )
    assert new.status_code == 200
    assert "The launch" not in new.text


def test_somebody_who_takes_part_no_more_reads_and_cannot_answer(w):
    round_ = w.round()
    one = voices(round_)["Legal"]
    people.erase_stakeholder(w.people["Legal"], by=w.lead)
    with pytest.raises(Forbidden):
        verbs.consent(one, by=one.link)
    shown = world.stranger().get(world.door(one)).text
    assert "Legal" in shown
    assert "I consent" not in shown


# --- the page behind the link -------------------------------------------------------------------------


def _all_rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in ("consent_voice", "consent_round", "ledger_pending"):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            )
            found[table] = cursor.fetchone()[0]
        return found


def test_twenty_fetches_by_a_scanner_change_nothing(w):
    round_ = w.round()
    one = voices(round_)["Sales"]
    before = _all_rows()
    for number in range(20):
        client = world.stranger()
        fetch = client.head if number % 3 == 0 else client.get
        assert fetch(world.door(one), {"do": "consent"} if number % 2 else {}).status_code == 200
    assert _all_rows() == before


def test_the_page_shows_departments_and_no_names_and_takes_an_answer(w):
    round_ = w.round(proposal="<script>alert(1)</script>")
    found, client = voices(round_), world.stranger()
    refused = client.post(world.door(found["Legal"]), {"do": "object", "reason": WHY})
    assert refused.status_code == 422
    assert "what you could live with instead" in refused.text
    assert WHY in refused.text
    sent = client.post(world.door(found["Legal"]), {"do": "object", "reason": WHY, "instead": INSTEAD})
    assert sent.status_code == 302
    shown = client.get(world.door(found["Sales"])).text
    assert "Legal objects" in shown
    assert WHY in shown
    assert "If you say nothing until then, that counts as consent." in shown
    assert "<script>alert(1)" not in shown
    for name in ("Leo", "Pia", "Sol", "leo@example.org"):
        assert name not in shown
    assert client.post(world.door(found["Sales"]), {"do": "consent"}).status_code == 302
    assert client.post(world.door(found["Sales"]), {"do": "consent"}).status_code == 409
    assert client.post(world.door(found["Sales"]), {"do": "everything"}).status_code == 422
    assert client.post(world.door(found["Sales"]), {"do": "back"}).status_code == 302
    assert client.put(world.door(found["Sales"])).status_code == 405


def test_a_link_opens_its_own_round_alone_and_says_so_when_it_is_over(w):
    first, second = w.round("Sales"), w.round("Legal", title="Another matter")
    client = world.stranger()
    mine = world.door(voices(first)["Sales"])
    assert "Another matter" not in client.get(mine).text
    token = mine.rstrip("/").rsplit("/", 1)[1]
    assert client.get(mine.replace(token, token[::-1])).status_code == 404
    link = voices(second)["Legal"].link
    type(link).objects.filter(pk=link.pk).update(object_id=str(voices(first)["Sales"].pk))
    answer = client.get(world.door(voices(second)["Legal"]))
    assert answer.status_code == 404
    assert "does not belong to a proposal" in answer.text
    with clock.at(after(6)):
        assert "nothing can be answered any more" in client.get(mine).text
        assert client.post(mine, {"do": "consent"}).status_code == 409
    with clock.at(after(90)):
        gone = client.get(mine)
        assert gone.status_code == 404
        assert "Ask the person who sent it for a new one." in gone.text


def test_the_pages_of_members(w):
    w.post("The launch")
    w.wanted("Sales", "The recap")
    [found] = w.look()
    client, base = world.browser(w.lead), world.address(w, "consent/")
    form = client.get(f"{base}new/", {"about": "consent.conflict", "id": str(found.pk)})
    assert f'value="{w.people["Sales"].pk}"' in form.text
    given = {
        "title": "The launch keeps Tuesday",
        "proposal": "Yes.",
        "changes": "Sales waits.",
        "last_day": "2026-03-12",
        "stakeholders": [str(one.pk) for one in w.people.values()],
    }
    at = f"{base}new/?about=consent.conflict&id={found.pk}"
    assert client.post(at, given | {"title": ""}).status_code == 422
    assert client.post(at, given).status_code == 302
    round_ = Round.objects.get()
    assert "A consent round about it is open" in client.get(world.address(w, f"conflicts/{found.pk}/")).text
    page = client.get(f"{base}{round_.pk}/").text
    assert "3 of them have not been reached yet." in page
    assert voices(round_)["Legal"].token in page
    theirs = world.browser(w.observer).get(f"{base}{round_.pk}/").text
    assert voices(round_)["Legal"].token not in theirs
    assert "Leo" in page
    assert "Leo" not in theirs
    objected(round_, "Legal")
    assert client.post(f"{base}{round_.pk}/adopted/", {"outcome": "Yes.", "answer": "So."}).status_code == 409
    assert client.post(f"{base}{round_.pk}/withdrawn/", {"reason": ""}).status_code == 422
    with clock.at(after(5)):
        assert client.post(f"{base}{round_.pk}/adopted/", {"outcome": "Yes."}).status_code == 422
        sent = client.post(f"{base}{round_.pk}/adopted/", {"outcome": "Monday.", "answer": "Right."})
        assert sent.status_code == 302
        assert "adopted with changes" in client.get(base).text
        assert "What is left is to do it." in client.get(world.address(w, f"conflicts/{found.pk}/")).text


# --- mail -------------------------------------------------------------------------------------------------


def set_up(fake: FakeSMTP) -> None:
    server = mail.Server("127.0.0.1", fake.port, "none", fake.user, "desk@example.org")
    crew.set_outgoing_mail(server, "open sesame", by=make.user("Keeper", owns_installation=True))


def worked() -> None:
    """What the worker does with the mails that wait."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    for job in ProcrastinateJob.objects.filter(task_name="consent.mail", status="todo").order_by("id"):
        jobs.mail_voice.func(type("Context", (), {"job": type("Job", (), {"attempts": 3})}), **job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'consent.mail'")


def test_those_heard_by_mail_get_it_whole_and_one_reminder_if_they_are_silent(w):
    people.change_stakeholder(
        w.people["Product"],
        by=w.lead,
        department=w.departments["Product"],
        name="Pia",
        address="pia@example.org",
        heard="link",
        language="en",
    )
    with FakeSMTP("ada", "open sesame").running() as fake:
        set_up(fake)
        round_ = w.round()
        worked()
        to = sorted(one for _, tos, _ in fake.received for one in tos)
        assert [one.strip("<>") for one in to] == ["leo@example.org", "sol@example.org"]
        assert "that counts as consent" in " ".join(fake.received[0][2].replace("=\n", "").split())
        consent(round_, "Sales")
        fake.received.clear()
        with clock.at(after(3)):  # Thursday, the day before its last
            assert dates.keep() == (1, 0)
            assert dates.keep() == (0, 0)
            worked()
        [(_, to, _)] = fake.received
        assert "leo@example.org" in to[0]
        assert {one.reminded_at is None for one in voices(round_).values()} == {True, False}
        fake.received.clear()
        opened_all(round_)
        with clock.at(after(6)):
            assert dates.keep() == (0, 1)
            worked()
        assert len(fake.received) == 2
        assert fake.unexpected == []


def test_a_mail_that_does_not_arrive_is_said_and_its_silence_means_nothing(w):
    with FakeSMTP("ada", "open sesame", refuse={"RCPT": "550 No such user"}).running() as fake:
        set_up(fake)
        round_ = w.round("Sales")
        worked()
    one = voices(round_)["Sales"]
    assert "No such user" in one.mail_problem
    with clock.at(after(6)), pytest.raises(Conflict, match="never reached"):
        verbs.settle_by_clock(round_)


def test_events_name_no_department_in_the_open(w):
    round_ = w.round()
    objected(round_, "Legal")
    leaves = [
        bytes(one)
        for one in Pending.objects.filter(kind__startswith="consent.").values_list("leaf", flat=True)
    ]
    assert leaves
    assert not [one for one in leaves if b"Legal" in one or b"fair" in one]


def test_the_weekly_mail_says_what_waits_for_their_word_and_what_came_of_it(w):
    def told(name: str, until: datetime) -> list[tuple[str, str]]:
        wanted = DigestFor(w.workspace, w.departments[name], w.people[name], until - timedelta(days=7), until)
        found = list(digest_lines.lines(wanted))
        assert all(one.url.startswith("http") for one in found)
        return [(one.part, one.words) for one in found]

    round_ = w.round("Sales", "Legal")
    soon = NOON + timedelta(hours=1)
    ((part, words),) = told("Legal", soon)
    assert part == "asked"
    assert "until Fri 13 Mar" in words
    assert "silence is consent" in words
    assert told("Product", soon) == []
    consent(round_, "Sales")
    assert told("Sales", soon) == []
    objected(round_, "Legal")
    verbs.adopt(round_, by=w.lead, outcome="The recap goes to Friday.", answer="Agreed.")
    assert told("Legal", soon) == [("decided", "“The launch keeps Tuesday” was adopted with changes.")]
    assert told("Legal", after(20)) == []
