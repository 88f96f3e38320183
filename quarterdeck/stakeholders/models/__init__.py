"""The nouns of stakeholders, one file each kind: who has a say, and what they ask for."""

from quarterdeck.stakeholders.models.consults import Consult, ConsultAsk, ConsultRule, Waiver
from quarterdeck.stakeholders.models.digests import Digest, DigestPlan, Reader, Window
from quarterdeck.stakeholders.models.people import Department, Door, Heard, Interest, Language, Stakeholder
from quarterdeck.stakeholders.models.questions import ExpertAnswer, ExpertQuestion
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
    "Consult",
    "ConsultAsk",
    "ConsultRule",
    "Department",
    "Digest",
    "DigestPlan",
    "Door",
    "ExpertAnswer",
    "ExpertQuestion",
    "Heard",
    "Interest",
    "Language",
    "Question",
    "Reader",
    "Request",
    "RequestAnswer",
    "RequestIdea",
    "RequestPost",
    "Stakeholder",
    "Waiver",
    "Window",
]
