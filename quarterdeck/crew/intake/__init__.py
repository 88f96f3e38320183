"""Writes that are no acts. Idempotent: the same call twice changes nothing more."""

from quarterdeck.crew.intake.arriving import ATTEMPTS, take_mail
from quarterdeck.crew.intake.looking import looked
from quarterdeck.crew.intake.messages import message_ended, message_starts, message_waits
from quarterdeck.crew.intake.people import (
    DESTINATIONS_MOST,
    add_destination,
    change_address,
    change_person,
    change_preferences,
    end_other_sessions,
    give_to_address,
    log_opening,
    mark_read,
    note_mailed,
    remove_destination,
)

__all__ = [
    "ATTEMPTS",
    "DESTINATIONS_MOST",
    "add_destination",
    "change_address",
    "change_person",
    "change_preferences",
    "end_other_sessions",
    "give_to_address",
    "log_opening",
    "looked",
    "mark_read",
    "message_ended",
    "message_starts",
    "message_waits",
    "note_mailed",
    "remove_destination",
    "take_mail",
]
