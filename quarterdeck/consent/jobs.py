"""Consent's background work that carries no guarantee: looks at plans, mails of rounds, and what their dates bring."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quarterdeck.core.claims import return_connections
from quarterdeck.core.loops import returning_connections
from quarterdeck.crew import mail
from quarterdeck.crew.models import Workspace

ATTEMPTS = 4


def look_soon(workspace_id: UUID) -> None:
    """Have the worker look at this plan; asked many times before it does, it looks once."""
    lock = f"consent.look:{workspace_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():  # a savepoint: refused, the caller's work goes on
        look.configure(queueing_lock=lock, lock=lock).defer(workspace_id=str(workspace_id))


@app.task(name="consent.look", queue="consent", pass_context=False)
def look(workspace_id: str) -> None:
    """Look at one plan; idempotent."""
    from quarterdeck.consent import looking

    with returning_connections():
        workspace = Workspace.objects.filter(pk=UUID(workspace_id)).first()
        if workspace is not None:
            looking.look(workspace)


@app.periodic(cron="23 2 * * *")
@app.task(name="consent.look_everywhere", queueing_lock="consent.look_everywhere", pass_context=False)
def look_everywhere(timestamp: int) -> None:
    """Every night each plan is looked at: days pass, and what was far comes near."""
    del timestamp
    with returning_connections():
        for pk in Workspace.objects.values_list("pk", flat=True):
            look_soon(pk)


@app.periodic(cron="*/10 * * * *")
@app.task(name="consent.keep_dates", queueing_lock="consent.keep_dates", pass_context=False)
def keep_dates(timestamp: int) -> None:
    """Remind a day before a round ends, and settle what nobody objected to; idempotent."""
    from quarterdeck.consent import dates

    del timestamp
    with returning_connections():
        dates.keep()


@app.task(
    name="consent.mail",
    queue="messages",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, linear_wait=120),
)
def mail_voice(context, voice_id: str, what: str) -> None:  # type: ignore[no-untyped-def]
    """Send one stakeholder the proposal, the reminder or the outcome; what came of it stands with their voice."""
    from quarterdeck.consent import mailing

    try:
        mailing.send(UUID(voice_id), what)
    except mail.MailProblem as problem:
        if context.job.attempts < ATTEMPTS - 1:
            raise
        mailing.note_problem(UUID(voice_id), what, str(problem))
    finally:
        return_connections()


@app.task(
    name="consent.work_plan_out", queue="consent", pass_context=False, retry=RetryStrategy(max_attempts=2)
)
def work_plan_out(plan_id: str) -> None:
    """Work one fair plan out, in seconds; idempotent."""
    from quarterdeck.consent.fair import working

    with returning_connections():
        working.work_out(UUID(plan_id))
