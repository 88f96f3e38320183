"""Writes of review that are no acts: what came of sending a link by mail."""

from __future__ import annotations

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.review.models import Guest


@intake
def note_mailed(guest: Guest, problem: str) -> Guest:
    """Remember what came of it; an empty problem means the server took it."""
    guest.mailed_at = None if problem else clock.now()
    guest.mail_problem = problem[:300]
    guest.save(update_fields=["mailed_at", "mail_problem"])
    return guest
