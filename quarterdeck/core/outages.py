"""When this machine was off or asleep: a heartbeat in the database, and the gaps between two of them.

While a worker runs, a beat is written every few seconds. A gap of more than ninety seconds is an outage:
"slept" when the worker itself lived through it without its own clock moving (a laptop's lid), "down"
otherwise. Any number of workers share the heartbeat, so one of several being stopped is no outage.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from quarterdeck.core import clock
from quarterdeck.core.loops import Every
from quarterdeck.core.models import Outage, Setting
from quarterdeck.core.verbs import intake

BEAT = 5.0  # seconds
GAP = timedelta(seconds=90)
_KEY = "installation.heartbeat"


def recent(since: datetime) -> list[Outage]:
    """Outages that ended after `since`, newest first."""
    return list(Outage.objects.filter(ended_at__gt=since).order_by("-ended_at"))


def last_beat() -> datetime | None:
    """When a worker last said that it lives, or None before the very first time."""
    value = Setting.objects.filter(pk=_KEY).values_list("value", flat=True).first()
    return datetime.fromisoformat(value) if isinstance(value, str) else None


class Heart:
    """One worker's heartbeat. `beat()` says "alive" and returns the outage it found, if any."""

    def __init__(self) -> None:
        self._ticks: float | None = None  # of the monotonic clock at our last beat; it stands still in sleep

    def beat(self, ticks: float | None = None) -> Outage | None:
        ticks = time.monotonic() if ticks is None else ticks
        lived = timedelta(seconds=ticks - self._ticks) if self._ticks is not None else None
        found = _beat(clock.now(), lived)
        self._ticks = ticks
        return found


@intake
def _beat(now: datetime, lived: timedelta | None) -> Outage | None:
    """Move the heartbeat to `now`. A clock set backwards moves it too, and is no outage.

    The row is written with a condition, so that of several workers waking together one records the gap.
    """
    row, made = Setting.objects.get_or_create(pk=_KEY, defaults={"value": now.isoformat()})
    if made:
        return None
    row = Setting.objects.select_for_update().get(pk=_KEY)
    before = datetime.fromisoformat(str(row.value))
    Setting.objects.filter(pk=_KEY).update(value=now.isoformat())
    if now - before <= GAP:
        return None
    asleep = lived is not None and (now - before) - lived > GAP
    kind = Outage.Kind.SLEPT if asleep else Outage.Kind.DOWN
    return Outage.objects.create(started_at=before, ended_at=now, kind=kind)


def total(outages: list[Outage]) -> timedelta:
    """How long they lasted together."""
    return sum((outage.ended_at - outage.started_at for outage in outages), timedelta())


def heartbeat() -> Every:
    """The loop of the worker."""
    return Every("heartbeat", BEAT, Heart().beat)
