"""That a stakeholder was asked something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import locked, verb
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders import asking
from quarterdeck.stakeholders.models import Question, Stakeholder


@verb
def note_question(stakeholder: Stakeholder, *, by: Any, about: str, about_id: UUID) -> Question:
    """Note that they are asked something about a thing (its ledger name and id). For rooms that ask, in the transaction
    in which they do. Raises Conflict when they were asked within a month, or take part no more."""
    stakeholder = locked(Stakeholder, stakeholder.pk, "department", "workspace")
    if not stakeholder.is_active:
        raise Conflict("They take part no more.", not_done="They were not asked.")
    if not asking.may_ask(stakeholder):
        when = moment(asking.next_question(stakeholder), stakeholder.workspace.timezone)
        raise Conflict(
            "They were asked something within the last month, and one question a month is the most.",
            not_done="They were not asked.",
            next_step=f"Ask again from {when} on, or speak to them.",
        )
    event_id = ids.new()
    row = Question.objects.create(
        stakeholder=stakeholder,
        about=about,
        about_id=about_id,
        asked_at=clock.now(),
        ledger_event_id=event_id,
    )
    fields = {"about": about, "about_id": str(about_id)}
    ledger.record(
        "stakeholders.stakeholder.asked", actor=by, about=stakeholder, fields=fields, event_id=event_id
    )
    return row
