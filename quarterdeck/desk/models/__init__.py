"""The nouns of the Desk: what a person did with its items, and the week of the team."""

from quarterdeck.desk.models.items import KEY_LENGTH, STANDING, Handled, HandOver
from quarterdeck.desk.models.week import Capacity, Reason, WeekPlan

__all__ = ["KEY_LENGTH", "STANDING", "Capacity", "HandOver", "Handled", "Reason", "WeekPlan"]
