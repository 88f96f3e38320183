"""What people, stakeholders and the system do in consent."""

from quarterdeck.consent.verbs.answering import consent, object_, take_back
from quarterdeck.consent.verbs.finding import look
from quarterdeck.consent.verbs.plans import (
    adopt_plan,
    answer_plan,
    ask_plan,
    put_plan_aside,
    set_points,
    set_weight,
)
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
    "adopt_plan",
    "answer_plan",
    "ask_plan",
    "change_rules",
    "consent",
    "end_against",
    "keep",
    "look",
    "object_",
    "open_round",
    "put_plan_aside",
    "remind",
    "set_against",
    "set_points",
    "set_weight",
    "settle",
    "settle_by_clock",
    "take_back",
    "withdraw",
]
