"""What happened beside the acts on a request: whether its mails left, and that its first week was told; and what
came of mails to people outside."""

from __future__ import annotations

from django.db.models import F

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.stakeholders import telling
from quarterdeck.stakeholders.models import ConsultAsk, Digest, ExpertQuestion, Request


@intake
def note_mailed(request: Request, problem: str) -> None:
    """What came of the last mail: empty where the server took it."""
    Request.objects.filter(pk=request.pk).update(mail_problem=problem[:300])


@intake
def tell_week(request: Request) -> bool:
    """Have whoever asked told of the first week, once; whether it was done now."""
    fresh = Request.objects.filter(pk=request.pk, told_week_at__isnull=True)
    if not fresh.update(told_week_at=clock.now()):
        return False
    telling.to_requester(request, "week")
    return True


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
def begin_digest(digest: Digest) -> bool:
    """Remember that a week's digest is about to be sent, before the server is asked; whether nobody else does."""
    waits = Digest.objects.filter(pk=digest.pk, sending_at__isnull=True, mailed_at__isnull=True)
    return bool(waits.update(sending_at=clock.now(), tries=F("tries") + 1))


@intake
def note_digest_mailed(digest: Digest, problem: str, *, again: bool = False) -> Digest:
    """What came of it; `again`: the server surely did not take it, and may later."""
    digest.mailed_at, digest.mail_problem = (None if problem else clock.now()), problem[:300]
    fields = ["mailed_at", "mail_problem"]
    if again:
        digest.sending_at = None
        fields.append("sending_at")
    digest.save(update_fields=fields)
    return digest
