"""Background work of stakeholders for people outside: their mails, and the digest of the week."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.core.claims import return_connections
from quarterdeck.core.loops import returning_connections

ATTEMPTS = 4
AGAIN = RetryStrategy(max_attempts=ATTEMPTS, linear_wait=120)


@app.task(name="stakeholders.mail_consult", queue="messages", pass_context=True, retry=AGAIN)
def mail_consult(context, ask_id: str) -> None:  # type: ignore[no-untyped-def]
    """Mail one ask; idempotent: what was mailed is kept. After the last attempt the post's page says what was wrong."""
    from quarterdeck.stakeholders import mailing_consults
    from quarterdeck.stakeholders.models import ConsultAsk

    try:
        related = ("consult__guest__link", "consult__stakeholder__department", "consult__department")
        rows = ConsultAsk.objects.select_related(*related, "consult__workspace")
        ask = rows.filter(pk=UUID(ask_id)).first()
        if ask is not None:
            mailing_consults.consult(ask, last=context.job.attempts + 1 >= ATTEMPTS)
    finally:
        return_connections()


@app.task(name="stakeholders.mail_answer", queue="messages", pass_context=False, retry=AGAIN)
def mail_answer(question_id: str) -> None:
    """Mail the asker what became of their question."""
    from quarterdeck.stakeholders import mailing_consults
    from quarterdeck.stakeholders.models import ExpertQuestion

    try:
        rows = ExpertQuestion.objects.select_related("department", "workspace")
        question = rows.filter(pk=UUID(question_id)).first()
        if question is not None:
            mailing_consults.answered(question)
    finally:
        return_connections()


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="stakeholders.digests", queueing_lock="stakeholders.digests", pass_context=False)
def digests(timestamp: int) -> None:
    """Send the digests whose hour has come; idempotent: one a stakeholder and week."""
    from quarterdeck.stakeholders import digesting

    del timestamp
    with returning_connections():
        digesting.send_due()


@app.periodic(cron="41 * * * *")
@app.task(name="stakeholders.renewals", queueing_lock="stakeholders.renewals", pass_context=False)
def renewals(timestamp: int) -> None:
    """Ask again whose link to a post that waits for them ran out; idempotent."""
    from quarterdeck.stakeholders import following_consults

    del timestamp
    with returning_connections():
        following_consults.renew()
