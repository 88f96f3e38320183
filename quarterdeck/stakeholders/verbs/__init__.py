"""What people do in stakeholders."""

from quarterdeck.stakeholders.verbs.answering import accept, decline, propose, set_after, set_answer_time
from quarterdeck.stakeholders.verbs.asking import (
    add,
    agree,
    ask_by_link,
    ask_by_mail,
    ask_other_week,
    withdraw,
    write_down,
)
from quarterdeck.stakeholders.verbs.becoming import (
    follow_idea,
    join_post,
    make_draft,
    make_idea,
    note_out,
    part_post,
)
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
    forget_asker,
    note_interest,
    restore_department,
    restore_stakeholder,
)
from quarterdeck.stakeholders.verbs.questions import note_question

__all__ = [
    "accept",
    "add",
    "add_department",
    "add_stakeholder",
    "agree",
    "ask_by_link",
    "ask_by_mail",
    "ask_other_week",
    "change_department",
    "change_mail_address",
    "change_stakeholder",
    "close_door",
    "decline",
    "end_department",
    "end_interest",
    "end_stakeholder",
    "erase_stakeholder",
    "follow_idea",
    "forget_asker",
    "join_post",
    "make_draft",
    "make_idea",
    "note_interest",
    "note_out",
    "note_question",
    "open_door",
    "part_post",
    "propose",
    "restore_department",
    "restore_stakeholder",
    "set_after",
    "set_answer_time",
    "withdraw",
    "write_down",
]
