"""What people do with ideas."""

from quarterdeck.ideas.verbs.address import close_address, open_address
from quarterdeck.ideas.verbs.shelf import change, keep, move, move_back, promote, put_aside, take_back

__all__ = [
    "change",
    "close_address",
    "keep",
    "move",
    "move_back",
    "open_address",
    "promote",
    "put_aside",
    "take_back",
]
