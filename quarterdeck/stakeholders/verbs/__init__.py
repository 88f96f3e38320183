"""What people do in stakeholders."""

from quarterdeck.stakeholders.verbs.doors import close_door, open_door
from quarterdeck.stakeholders.verbs.people import (
    add_department,
    add_stakeholder,
    change_department,
    change_mail_address,
    change_stakeholder,
    end_department,
    end_interest,
    end_stakeholder,
    erase_stakeholder,
    note_interest,
    restore_department,
    restore_stakeholder,
)

__all__ = [
    "add_department",
    "add_stakeholder",
    "change_department",
    "change_mail_address",
    "change_stakeholder",
    "close_door",
    "end_department",
    "end_interest",
    "end_stakeholder",
    "erase_stakeholder",
    "note_interest",
    "open_door",
    "restore_department",
    "restore_stakeholder",
]
