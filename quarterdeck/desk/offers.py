"""What the Desk offers to the frame around every page."""

from __future__ import annotations

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.desk import reads


def count(who: Member) -> int:
    """How many lines stand on the Desk: the number beside it in the rail."""
    return len(reads.desk(who, clock.now()).arrangement.shown)
