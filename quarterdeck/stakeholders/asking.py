"""Questions to people outside the team: at most one a month to each. Whatever asks something of a stakeholder beyond
their own request asks here first, and notes it by `verbs.note_question`."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.core import clock
from quarterdeck.stakeholders.models import Question, Stakeholder

MONTH = timedelta(days=30)


def may_ask(stakeholder: Stakeholder) -> bool:
    """Whether a question may be put to them now: they are active, and were asked nothing for a month."""
    return stakeholder.is_active and next_question(stakeholder) <= clock.now()


def next_question(stakeholder: Stakeholder) -> datetime:
    """From when on a question may be put to them; now, where they were asked nothing for a month."""
    last = Question.objects.filter(stakeholder=stakeholder).order_by("-asked_at").first()
    return max(clock.now(), last.asked_at + MONTH) if last else clock.now()
