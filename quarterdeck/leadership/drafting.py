"""The one place that asks rooms what a person did. It is called with `request.user`, by the pages of that very person,
and by nothing else: `leadership/tests/test_deeds.py` walks the code for any other caller. Nothing is kept here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date

from quarterdeck.core import clock, registries
from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member, User
from quarterdeck.leadership.lines import bounds
from quarterdeck.leadership.models import Agreement

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the rooms told, and those that could not be asked (`silent`, by name)."""

    deeds: list[Deed] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def find(self, key: str) -> Deed | None:
        return next((deed for deed in self.deeds if deed.key == key), None)


def drafted(signed_in: User, monday: date) -> Drafted:
    """What the signed-in person did in the week that begins on `monday`, in every workspace they are in, except where a
    works agreement stands. The same rows give the same deeds."""
    since, until = bounds(monday, signed_in.zone)
    until = min(until, clock.now())
    found = Drafted()
    if until <= since:
        return found
    memberships = Member.objects.filter(user=signed_in, left_at=None).select_related("workspace", "user")
    closed = Agreement.objects.filter(ended_at=None).values("workspace")
    for me in memberships.exclude(workspace__in=closed).order_by("joined_at", "pk"):
        for name, provider in registries.deeds:
            try:
                found.deeds.extend(provider(me, since, until))
            except Exception:
                _log.exception("The draft of a week could not ask %s.", name)
                found.silent.append(name)
    return found
