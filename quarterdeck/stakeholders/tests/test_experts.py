"""Ask the expert: asked by link, answered with a source until a day, found by the next one who asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew import links
from quarterdeck.stakeholders import agenda_consults, deeds_consults, experts_reads
from quarterdeck.stakeholders.models import ExpertAnswer, ExpertQuestion, Window
from quarterdeck.stakeholders.tests import consulting_world
from quarterdeck.stakeholders.tests.consulting_world import World
from quarterdeck.stakeholders.verbs import digests, experts

pytestmark = pytest.mark.django_db

QUESTION = "Should our restaurants be on Threads?"


@pytest.fixture
def w() -> World:
    return consulting_world.two()


def ask(w: World, words: str = QUESTION, department=None, **who) -> ExpertQuestion:
    return experts.ask_expert(department or w.legal, by=window(w, department).link, words=words, **who)


def window(w: World, department=None) -> Window:
    department = department or w.legal
    found = Window.objects.filter(department=department).first()
    return found or digests.open_window(department, by=w.lead)


def answer(
    w: World, question: ExpertQuestion, text: str = "Not before summer.", days: int = 90, **given
) -> ExpertAnswer:
    given = given or {"sources": ["https://example.org/threads"]}
    return experts.answer_question(
        question, by=w.author, text=text, expires_on=clock.now().date() + timedelta(days=days), **given
    )


def page(found: Window, rest: str = "?part=questions", **post):
    client = Client(headers={"host": "localhost"})
    path = "/" + links.link_url(found.token).split("/", 3)[3] + rest
    return client.post(path, post) if post else client.get(path)


def test_an_answer_needs_a_source_or_says_that_it_is_from_experience(w):
    question = ask(w)
    for wrong in ({"sources": []}, {"sources": ["javascript:alert(1)"]}, {"sources": ["no address"]}):
        with pytest.raises(Invalid) as refused:
            answer(w, question, **wrong)
        assert "sources" in refused.value.fields
    for days in (0, -1, 800):
        with pytest.raises(Invalid):
            answer(w, question, days=days)
    assert answer(w, question, from_experience=True).sources == []
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertAnswer.objects.update(from_experience=False)


def test_a_newer_answer_takes_the_place_of_the_one_before_and_both_stay(w):
    question = ask(w)
    answer(w, question)
    answer(w, question, "Yes, from today.")
    assert [one.answer.text for one in experts_reads.answered(w.workspace)] == ["Yes, from today."]
    assert len(experts_reads.answers(question)) == 2


def test_out_of_date_is_said_to_departments_and_comes_back_to_the_desk(w):
    question = ask(w)
    answer(w, question, days=10)
    assert list(agenda_consults.agenda(w.author, clock.now())) == []
    later = clock.now() + timedelta(days=11)
    with clock.at(later):
        said = page(window(w)).content.decode()
        assert "out of date, being looked at" in said
        (item,) = agenda_consults.agenda(w.author, later)
        assert "still hold" in item.title
        answer(w, question, days=20)
        assert list(agenda_consults.agenda(w.author, later)) == []


def test_what_waits_is_on_the_desk_of_those_who_may_answer(w):
    ask(w)
    (item,) = agenda_consults.agenda(w.author, clock.now())
    assert item.title == f"Legal asks: {QUESTION}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Are we on Threads with the restaurants?", True),
        ("threads", True),
        ("Do restaurants belong there?", True),
        ("Should we be on it?", False),
        ("May guests be photographed?", False),
        ("' | & ! :* \\", False),
        ("x" * 400, False),
    ],
)
def test_the_next_one_who_asks_finds_it(w, query, found):
    answer(w, ask(w))
    answer(w, ask(w, "What does a press release cost?"), "It depends.")
    assert [one.question.words for one in experts_reads.like(w.workspace, query)] == (
        [QUESTION] if found else []
    )


def test_by_link_what_was_answered_is_shown_before_anything_is_sent(w):
    answer(w, ask(w))
    here = window(w, w.sales)
    shown = page(here, words="Is Threads for our restaurants?")
    assert "This was answered already" in shown.content.decode()
    assert ExpertQuestion.objects.count() == 1
    sent = page(here, words="Is Threads for our restaurants?", sure="1", name="Sam")
    assert sent.status_code == 302
    kept = ExpertQuestion.objects.get(department=w.sales)
    assert (kept.words, kept.asker) == ("Is Threads for our restaurants?", "Sam")


def test_who_asked_is_shown_to_no_department_and_what_waits_to_its_own_only(w):
    ask(w, name="Lena Sommer", email="lena@legal.example")
    mine, others = (page(window(w, one)).content.decode() for one in (w.legal, w.sales))
    assert QUESTION in mine
    assert QUESTION not in others
    answer(w, ExpertQuestion.objects.get())
    others = page(window(w, w.sales)).content.decode()
    assert QUESTION in others
    for said in (mine, others):
        assert "Lena Sommer" not in said
        assert "lena@legal.example" not in said


def test_a_question_is_asked_once_and_not_too_often(w):
    ask(w)
    with pytest.raises(Conflict):
        ask(w, QUESTION.upper())
    for n in range(experts.MOST_A_DAY - 1):
        ask(w, f"Question {n}?")
    with pytest.raises(Conflict) as refused:
        ask(w, "One more?")
    assert "tomorrow" in refused.value.next_step
    answer = page(window(w), words="And one more?", sure="1")
    assert answer.status_code == 409
    assert "And one more?" in answer.content.decode(), "what was written stays in the page"
    with clock.at(clock.now() + timedelta(days=2)):
        ask(w, "One more?")


def test_html_in_every_field_stays_text(w):
    bad = "<script>alert(1)</script>"
    question = ask(w, f"Why {bad}?", name=bad)
    answer(w, question, bad, sources=["https://example.org/<script>"])
    said = page(window(w)).content.decode()
    assert "<script>alert" not in said
    assert "&lt;script&gt;" in said


def test_put_aside_with_a_reason_and_taken_up_again(w):
    question = ask(w)
    with pytest.raises(Invalid):
        experts.put_aside(question, by=w.author, reason="")
    experts.put_aside(question, by=w.author, reason="Ask HR.")
    assert "Ask HR." in page(window(w)).content.decode()
    with pytest.raises(Conflict):
        answer(w, question)
    experts.take_up(question, by=w.author)
    answer(w, question)


def test_a_window_that_was_revoked_or_of_an_ended_department_lets_nobody_ask(w):
    from quarterdeck.stakeholders import verbs

    here = window(w)
    verbs.end_department(w.legal, by=w.lead)
    assert page(here, words="Still there?").status_code == 404
    verbs.restore_department(w.legal, by=w.lead)
    digests.close_window(here, by=w.lead)
    assert page(here, words="Still there?").status_code == 404
    assert not ExpertQuestion.objects.exists()


def test_who_was_erased_is_named_in_no_question(w):
    from quarterdeck.stakeholders import verbs

    question = ask(w, name="Lena", email="LENA@legal.example")
    other = ask(w, "Another?", name="Olli", email="olli@legal.example")
    verbs.erase_stakeholder(w.lena, by=w.lead)
    question, other = (ExpertQuestion.objects.get(pk=one.pk) for one in (question, other))
    assert (question.asker, question.email) == ("Somebody of Legal", "")
    assert other.asker == "Olli"
    experts.forget_asker(other, by=w.lead)
    with pytest.raises(Conflict):
        experts.forget_asker(other, by=w.lead)


def test_what_somebody_answered_is_told_to_them_alone(w):
    answer(w, ask(w))
    since, until = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    (deed,) = deeds_consults.deeds(w.author, since, until)
    assert "answered “Should our restaurants" in deed.did
    assert list(deeds_consults.deeds(w.lead, since, until)) == []
