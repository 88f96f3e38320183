"""Writes of stakeholders that are no acts: what came of a mail to somebody outside."""

from __future__ import annotations

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.stakeholders.models import ConsultAsk, Digest, ExpertQuestion


@intake
def note_consult_mailed(ask: ConsultAsk, problem: str) -> ConsultAsk:
    """Remember what came of it; an empty problem means the server took it."""
    ask.mailed_at, ask.mail_problem = (None if problem else clock.now()), problem[:300]
    ask.save(update_fields=["mailed_at", "mail_problem"])
    return ask


@intake
def note_question_mailed(question: ExpertQuestion, problem: str) -> ExpertQuestion:
    """The same of an answer's mail."""
    question.mail_problem = problem[:300]
    question.save(update_fields=["mail_problem"])
    return question


@intake
def note_digest_mailed(digest: Digest, problem: str) -> Digest:
    """The same of a week's digest."""
    digest.mailed_at, digest.mail_problem = (None if problem else clock.now()), problem[:300]
    digest.save(update_fields=["mailed_at", "mail_problem"])
    return digest
