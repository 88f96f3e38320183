"""The nouns of stakeholders, one file each kind: who has a say, and what they ask for."""

from quarterdeck.stakeholders.models.people import Department, Door, Heard, Interest, Language, Stakeholder
from quarterdeck.stakeholders.models.requests import (
    OPEN,
    AnswerTime,
    Question,
    Request,
    RequestAnswer,
    RequestIdea,
    RequestPost,
)

__all__ = [
    "OPEN",
    "AnswerTime",
    "Department",
    "Door",
    "Heard",
    "Interest",
    "Language",
    "Question",
    "Request",
    "RequestAnswer",
    "RequestIdea",
    "RequestPost",
    "Stakeholder",
]
