"""Parts of `spikes` that hold no arithmetic: its errors, its checks of what was given, the day that runs."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

RECORD_DAYS = 56
LARGEST = 1e12


class SpikeError(ValueError):
    """What was given cannot be used; the detector's state is as it was before the call."""


class OutOfOrder(SpikeError):
    """The bucket is not after the last one."""


class BadBucket(SpikeError):
    """The bucket's start or count is not usable."""


class BadSetting(SpikeError):
    """The zone, the budget or the floor is not usable."""


class BadState(SpikeError):
    """The state to restore was not made by `Detector.state`."""


class Day:
    """What is kept of the local day that runs."""

    __slots__ = ("buckets", "count", "excess", "pages", "scored", "top", "top_at_night")

    def __init__(self) -> None:
        self.buckets = 0
        self.pages = 0
        self.count = 0.0
        self.excess = [-20.0, -20.0, -20.0]
        self.scored = False
        self.top = -1e6
        self.top_at_night = False

    def plain(self) -> dict[str, Any]:
        return {name: plain_copy(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Day:
        day = cls()
        for name in cls.__slots__:
            setattr(day, name, plain_copy(plain[name]))
        return day


def plain_copy(value: Any) -> Any:
    return [plain_copy(item) for item in value] if isinstance(value, list) else value


def push(kept: list[Any], value: Any) -> None:
    kept.append(value)
    del kept[:-RECORD_DAYS]


def zone_of(zone: str | ZoneInfo) -> ZoneInfo:
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone
    try:
        return ZoneInfo(zone)  # type: ignore[arg-type]
    except (KeyError, ValueError, TypeError, OSError):
        raise BadSetting(f"No time zone is called {zone!r:.60}.") from None


def setting(name: str, value: float, above_zero: bool = False) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadSetting(f"{name} must be a number, not {value!r:.40}.") from None
    if not (0.0 <= number <= LARGEST) or (above_zero and number < 1e-6):
        least = "above 0 (to page nobody, do not read the level)" if above_zero else "0 or more"
        raise BadSetting(f"{name} must be finite and {least}, not {number}.")
    return number
