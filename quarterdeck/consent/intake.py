"""What came of sending mails: no acts, and the same twice changes nothing more."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.consent.models import Voice
from quarterdeck.core import clock
from quarterdeck.core.verbs import intake


@intake
def note_mailed(pk: UUID, problem: str = "") -> None:
    """Note that a mail left, or why it did not."""
    if problem:
        Voice.objects.filter(pk=pk).update(mail_problem=problem[:300])
    else:
        Voice.objects.filter(pk=pk).update(mailed_at=clock.now(), mail_problem="")
