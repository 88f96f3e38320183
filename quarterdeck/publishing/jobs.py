"""Publishing's background work that carries no guarantee: reminders of approvals that are missing."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterdeck.core.loops import returning_connections
from quarterdeck.publishing import reminding


@app.periodic(cron="*/5 * * * *")
@app.task(name="publishing.remind_approvers", queueing_lock="publishing.remind_approvers")
def remind_approvers(timestamp: int) -> None:
    """Give the reminders whose hour has come; idempotent: what was told is kept."""
    with returning_connections():
        reminding.remind()
