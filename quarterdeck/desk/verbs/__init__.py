"""What people do on the Desk: with its items, and with the week of the team."""

from quarterdeck.desk.verbs.items import MOST_KEYS, answer, done, hand_over, settle, snooze, take_back, undo
from quarterdeck.desk.verbs.week import plan_week, say_why, set_capacity

__all__ = [
    "MOST_KEYS",
    "answer",
    "done",
    "hand_over",
    "plan_week",
    "say_why",
    "set_capacity",
    "settle",
    "snooze",
    "take_back",
    "undo",
]
