"""Ask the expert: a colleague asks by their department's link, the team answers with sources and until a day, or puts
it aside with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, is_line, kept_line, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.stakeholders import rows
from quarterdeck.stakeholders.models import Department, ExpertAnswer, ExpertQuestion, sealing
from quarterdeck.stakeholders.models.questions import (
    ANSWER_LENGTH,
    ASIDE_LENGTH,
    MOST_SOURCES,
    QUESTION_LENGTH,
    SOURCE_LENGTH,
)
from quarterdeck.stakeholders.models.requests import ASKER_LENGTH

MOST_A_DAY = 20  # by one department
MOST_WAITING = 100  # of one department
LONGEST = timedelta(days=730)
State = ExpertQuestion.State


@verb
def ask_expert(
    department: Department, *, by: SignedLink | Member, words: str, name: str = "", email: str = ""
) -> ExpertQuestion:
    """A colleague of a department asks the team. Name and address are sealed; the question can be read by other
    departments once it is answered.

    Raises Invalid with its fields; Conflict for what the department asked in the same words and waits for, or when it
    asked too much for one day.
    """
    department = rows.active(locked(Department, department.pk, "workspace"))
    words = needed(words, "words", QUESTION_LENGTH, "Please write your question.")
    name, email = kept_line(name, "name", ASKER_LENGTH), rows.email(email)
    now = clock.now()
    mine = ExpertQuestion.objects.filter(department=department)
    if mine.filter(words__iexact=words, state=State.WAITS).exists():
        raise Conflict(
            "This question waits for an answer already.",
            not_done="It was not asked twice.",
            next_step="Its answer will stand on this page.",
        )
    today = mine.filter(asked_at__gt=now - timedelta(days=1)).count()
    if today >= MOST_A_DAY or mine.filter(state=State.WAITS).count() >= MOST_WAITING:
        raise Conflict(
            f"{department} has asked as much as the team can answer in a day.",
            not_done="Your question was not sent; what you wrote is still in the page.",
            next_step="Please try again tomorrow.",
        )
    question = ExpertQuestion(
        workspace=department.workspace,
        department=department,
        words=words,
        asked_at=now,
        state_at=now,
        ledger_event_id=ids.new(),
    )
    known = {key: said for key, said in (("name", name), ("email", email)) if said}
    question.sealed = sealing.seal(known, context=question.context) if known else None
    question.save()
    fields = {"words": words, "department": str(department.pk)}
    _record(question, by, "stakeholders.expert_question.asked", fields)
    return question


@verb
def answer_question(
    question: ExpertQuestion,
    *,
    by: Member,
    text: str,
    expires_on: date,
    sources: Sequence[str] = (),
    from_experience: bool = False,
) -> ExpertAnswer:
    """Answer a question, or answer it anew; the asker hears of it. It holds until `expires_on`.

    Raises Invalid with its fields: without a source it has to say that it is from experience.
    """
    question = locked(ExpertQuestion, question.pk, "workspace", "department")
    if question.state == State.ASIDE:
        raise Conflict("This question was put aside.", next_step="Take it up again first.")
    text, sources = _checked(question, text, sources, from_experience, expires_on)
    now, event_id = clock.now(), ids.new()
    standing = question.answers.filter(replaced_at__isnull=True)
    standing.update(replaced_at=now, ledger_event_id=event_id)
    made = ExpertAnswer.objects.create(
        question=question,
        text=text,
        sources=sources,
        from_experience=from_experience,
        expires_on=expires_on,
        answered_by=by,
        answered_at=now,
        ledger_event_id=event_id,
    )
    question.state, question.state_at, question.reason = State.ANSWERED, now, ""
    question.ledger_event_id = event_id
    question.save()
    fields = {
        "text": text,
        "sources": "\n".join(sources),
        "from_experience": from_experience,
        "expires_on": expires_on,
    }
    _record(question, by, "stakeholders.expert_question.answered", fields)
    _mail(question)
    return made


def _checked(
    question: ExpertQuestion, text: str, sources: Sequence[str], from_experience: bool, expires_on: date
) -> tuple[str, list[str]]:
    """The words and sources of an answer as they are kept; Invalid for one that cannot stand."""
    text = needed(text, "text", ANSWER_LENGTH, "Please write the answer.", several=True)
    found = _sources(sources)
    if not found and not from_experience:
        raise Invalid(
            "Where does the answer come from?",
            not_done=NOT_KEPT,
            fields={"sources": "Please give at least one address, or say that it is from experience."},
        )
    today = rows.today(question.workspace)
    if not today < expires_on <= today + LONGEST:
        words = "Please choose a day after today and within two years."
        raise Invalid("Until when does it hold?", not_done=NOT_KEPT, fields={"expires_on": words})
    return text, found


@verb
def put_aside(question: ExpertQuestion, *, by: Member, reason: str) -> ExpertQuestion:
    """Do not answer a question, for a reason that the asker reads."""
    question = locked(ExpertQuestion, question.pk, "workspace", "department")
    if question.state != State.WAITS:
        raise Conflict("This question does not wait for an answer any more.")
    question.reason = needed(reason, "reason", ASIDE_LENGTH, "Please write in a sentence why.")
    question.state, question.state_at, question.ledger_event_id = State.ASIDE, clock.now(), ids.new()
    question.save()
    fields = {"reason": question.reason}
    _record(question, by, "stakeholders.expert_question.put_aside", fields)
    _mail(question)
    return question


@verb
def take_up(question: ExpertQuestion, *, by: Member) -> ExpertQuestion:
    """Let a question that was put aside wait for an answer again."""
    question = locked(ExpertQuestion, question.pk, "workspace", "department")
    if question.state != State.ASIDE:
        raise Conflict("This question was not put aside.")
    question.state, question.state_at, question.reason = State.WAITS, clock.now(), ""
    question.ledger_event_id = ids.new()
    question.save()
    _record(question, by, "stakeholders.expert_question.taken_up", {})
    return question


@verb
def forget_asker(question: ExpertQuestion, *, by: Member) -> ExpertQuestion:
    """Forget who asked: no name and no address is left. What was asked and answered stays. That cannot be undone."""
    question = locked(ExpertQuestion, question.pk, "workspace", "department")
    if question.sealed is None:
        raise Conflict("Nobody is named here.", not_done="Nothing was changed.")
    question.sealed, question.ledger_event_id = None, ids.new()
    question.save(update_fields=["sealed", "ledger_event_id"])
    _record(question, by, "stakeholders.expert_question.unnamed", {})
    return question


def _record(question: ExpertQuestion, by: Member | SignedLink, kind: str, fields: dict) -> None:
    ledger.record(kind, actor=by, about=question, fields=fields, event_id=question.ledger_event_id)


def _mail(question: ExpertQuestion) -> None:
    from quarterdeck.stakeholders import jobs_outside

    if question.email:
        jobs_outside.mail_answer.defer(question_id=str(question.pk))


def _sources(given: Sequence[str]) -> list[str]:
    """Addresses that a browser opens, each once."""
    found = list(dict.fromkeys(one.strip() for one in given if one.strip()))
    if len(found) > MOST_SOURCES or not all(_opens(one) for one in found):
        words = (
            f"Please give at most {MOST_SOURCES} addresses, one a line, that begin with https:// or http://."
        )
        raise Invalid("One of the sources cannot be opened.", not_done=NOT_KEPT, fields={"sources": words})
    return found


def _opens(address: str) -> bool:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
    return usable and len(address) <= SOURCE_LENGTH and is_line(address) and " " not in address
