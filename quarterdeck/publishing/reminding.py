"""Reminders of approvals that are missing, at the hours a policy names. Looked for every few minutes; what was told is
kept, so that looking twice tells nobody twice.
"""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing import clearing
from quarterdeck.publishing.models import Policy, Reminder
from quarterdeck.publishing.verbs import reminders

LATE = timedelta(hours=2)  # a reminder that could not be given for longer is left out: the next one comes


def remind() -> int:
    """Give every reminder whose hour has come; how many were given."""
    given, now = 0, clock.now()
    with_hours = Policy.objects.filter(retired_at__isnull=True).exclude(reminders=[])
    for workspace_id in with_hours.values_list("workspace", flat=True).distinct():
        hours = [h for one in with_hours.filter(workspace=workspace_id) for h in one.reminders]
        waiting = clearing.waiting(workspace_id, now + timedelta(hours=max(hours), minutes=1))
        stands = clearing.of_many(waiting)
        told = set(
            Reminder.objects.filter(post__in=waiting).values_list("post_id", "text_hash", "due_at", "hours")
        )
        for post in waiting:
            due = [
                h for h in stands[post.pk].rules.reminders if _has_come(post.due_at - timedelta(hours=h), now)
            ]
            if due and (post.pk, post.text_hash, post.due_at, min(due)) not in told:
                given += _give(post, min(due))
    return given


def _has_come(moment, now) -> bool:
    return moment <= now < moment + LATE


def _give(post, hours: int) -> int:
    try:
        reminders.remind(post, due_at=post.due_at, hours=hours)
    except Conflict:
        return 0  # it was approved, moved or told meanwhile
    return 1
