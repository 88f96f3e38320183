"""Writes of channels that are no acts: what signs us in and its renewal, how a connection stands, the posts that
stand on a network and their numbers. Each may run twice and change nothing more.
"""

from quarterdeck.channels.intake.checkups import went_well, went_wrong
from quarterdeck.channels.intake.numbers import follow, follow_all

__all__ = ["follow", "follow_all", "went_well", "went_wrong"]
