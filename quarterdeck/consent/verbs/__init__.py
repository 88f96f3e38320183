"""What people, stakeholders and the system do in consent."""

from quarterdeck.consent.verbs.answering import consent, object_, take_back
from quarterdeck.consent.verbs.finding import look
from quarterdeck.consent.verbs.rounds import (
    adopt,
    open_round,
    remind,
    settle_by_clock,
    withdraw,
)
from quarterdeck.consent.verbs.rules import change_rules, end_against, set_against
from quarterdeck.consent.verbs.settling import keep, settle

__all__ = [
    "adopt",
    "change_rules",
    "consent",
    "end_against",
    "keep",
    "look",
    "object_",
    "open_round",
    "remind",
    "set_against",
    "settle",
    "settle_by_clock",
    "take_back",
    "withdraw",
]
