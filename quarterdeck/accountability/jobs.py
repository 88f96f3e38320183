"""Accountability's background work: mails to those outside who stood behind a post, and a look at what networks say."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.accountability.models import Slip
from quarterdeck.core.claims import return_connections
from quarterdeck.crew import mail, notify

ATTEMPTS = 4


@app.periodic(cron="*/15 * * * *")
@app.task(name="accountability.watch", queueing_lock="accountability.watch", pass_context=False)
def watch(timestamp: int) -> None:
    """Look for what networks say of posts that are out; idempotent: a post is flagged once."""
    from quarterdeck.accountability import watching

    del timestamp
    try:
        watching.look()
    finally:
        return_connections()


@app.task(
    name="accountability.mail_outside",
    queue="messages",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, linear_wait=120),
)
def mail_outside(context, slip_id: str, to: str, subject: str, text: str, about: str) -> None:  # type: ignore[no-untyped-def]
    """Send one mail. When the server does not take it after four attempts, whoever sees to the slip hears why."""
    try:
        mail.send(to, subject, text, about=about)
    except mail.MailProblem as problem:
        if context.job.attempts < ATTEMPTS - 1:
            raise
        _tell(UUID(slip_id), to, str(problem))
    finally:
        return_connections()


def _tell(pk: UUID, to: str, problem: str) -> None:
    from quarterdeck.accountability import telling

    slip = Slip.objects.filter(pk=pk).select_related("post__answerable__user", "owner__user").first()
    if slip is not None:
        words = f"{problem} Tell them another way."
        notify.tell(
            slip.owner or slip.post.answerable,
            subject=f"{to} was not told of the correction",
            text=words,
            url=telling.address(slip),
        )
