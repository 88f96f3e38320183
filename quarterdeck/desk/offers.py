"""What the Desk offers to the frame around every page."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.desk import reads
from quarterdeck.ledger import reads as log

KEPT = 2_000  # members whose number this process remembers

# What was recorded by then, and the minute: the number stands until one of them changes.
_Mark = tuple[int, datetime]
_counted: OrderedDict[UUID, tuple[_Mark, int]] = OrderedDict()


def count(who: Member) -> int:
    """How many lines stand on the Desk: the number beside it in the rail, on every page. To count, every room is asked;
    so the number is kept until somebody does something, and a minute at most, since some things fall due by themselves
    or come in from outside. The Desk itself is always asked anew."""
    now = clock.now()
    mark = (log.recorded(who.workspace_id), now.replace(second=0, microsecond=0))
    kept = _counted.get(who.pk)
    if kept is None or kept[0] != mark or reads.is_asked(who):
        kept = _counted[who.pk] = mark, len(reads.desk(who, now).arrangement.shown)
        if len(_counted) > KEPT:
            _counted.popitem(last=False)
    return kept[1]
