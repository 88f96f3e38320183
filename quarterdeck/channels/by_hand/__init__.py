"""Posting by hand: for stories, native sounds, personal profiles, and every network whose app approval takes weeks.

A channel by hand keeps its network's rules, but a person posts there: at the time planned, whoever answers for the
post is handed the text, the images and a link into the network's composer, and says afterwards what became of it.
"""

from quarterdeck.channels.by_hand.adapter import ByHandAdapter, adapter, is_known
from quarterdeck.channels.by_hand.networks import CHOICES, TITLES, composer, is_web_address

__all__ = ["CHOICES", "TITLES", "ByHandAdapter", "adapter", "composer", "is_known", "is_web_address"]
