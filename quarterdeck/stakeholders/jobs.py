"""The background work of stakeholders: mails to whoever asked, and a look for first weeks that are over."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.core.claims import return_connections
from quarterdeck.crew import mail
from quarterdeck.stakeholders.models import Request

ATTEMPTS = 4


@app.task(
    name="stakeholders.mail_requester",
    queue="messages",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, linear_wait=120),
)
def mail_requester(context, request_id: str, what: str) -> None:  # type: ignore[no-untyped-def]
    """Send one mail. When the server does not take it after four attempts, the request's page says so."""
    from quarterdeck.stakeholders import intake, mailing

    parts = ("workspace", "department", "stakeholder__department")
    try:
        request = Request.objects.filter(pk=UUID(request_id)).select_related(*parts).first()
        if request is None:
            return
        try:
            mailing.send(request, what)
        except mail.MailProblem as problem:
            intake.note_mailed(request, str(problem))
            if mail.server() is not None and context.job.attempts < ATTEMPTS - 1:
                raise
    finally:
        return_connections()


@app.periodic(cron="20 * * * *")
@app.task(name="stakeholders.weeks", queueing_lock="stakeholders.weeks", pass_context=False)
def weeks(timestamp: int) -> None:
    """Tell whoever asked what the first week brought, once it is over and counted; idempotent."""
    from quarterdeck.stakeholders import following

    del timestamp
    try:
        following.tell_weeks()
    finally:
        return_connections()
