"""How far a key result is, and what an even pace would be: a straight line from start to target over its days. Pure.

Real work rarely goes straight. The pace says where to look, and judges nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SAME = Decimal("0.03")  # of the whole way: nearer to an even pace than that is on it
OLD = 14  # days after which a value is called old


@dataclass(frozen=True, slots=True)
class Pace:
    """`way` and `gone` are shares of the way made and of the days gone, from 0 to 1 as they are drawn; `words` say what
    they mean; `tone` repeats the words as a colour."""

    way: float
    gone: float
    words: str
    tone: str = ""

    @property
    def way_percent(self) -> int:
        return round(self.way * 100)

    @property
    def gone_percent(self) -> int:
        return round(self.gone * 100)


def plain(value: Decimal) -> str:
    """A number as people write it: 1,300 or 2.5."""
    whole = value.normalize()
    return f"{whole:,f}" if whole == whole.to_integral() else f"{value:,.4f}".rstrip("0").rstrip(".")


def amount(value: Decimal, unit: str) -> str:
    """A number with its unit: "1,300 followers", "2.5 %"."""
    return f"{plain(value)} {unit}".strip()


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def day(when: date) -> str:
    return f"{when.day} {when:%B}"


def pace(
    *,
    start: Decimal,
    target: Decimal,
    begins: date,
    ends: date,
    today: date,
    value: Decimal | None = None,
    as_of: date | None = None,
    unit: str = "",
) -> Pace:
    """Where a key result stands on `today`. `value` is the newest one noted, of the day `as_of`; it is compared with an
    even pace on that day, not on today: what nobody has measured yet is not late."""
    whole = (ends - begins).days
    gone = _share(today, begins, whole)
    if value is None or as_of is None:
        return Pace(0.0, float(gone), _unmeasured(start, target, begins, ends, today, gone, unit))
    way = (value - start) / (target - start)
    drawn = float(min(max(way, Decimal(0)), Decimal(1)))
    stood = f"On {day(as_of)} it stood at {amount(value, unit)}"
    if way >= 1:
        left = (ends - as_of).days
        early = f", {days(left)} before the last day" if left > 0 else ""
        return Pace(drawn, float(gone), f"Reached. {stood}{early}; the target is {plain(target)}.", "accent")
    made = f"{round(way * 100)} % of the way" if way > 0 else _backwards(way)
    if today > ends:
        words = (
            f"Not reached. It ended on {day(ends)}. {stood}: {made} from {plain(start)} to {plain(target)}."
        )
        return Pace(drawn, float(gone), words, "amber")
    then = _share(as_of, begins, whole)
    even = start + (target - start) * then
    words = (
        f"{stood}: {made}. An even pace would have been at {plain(_rounded(even, start, target))} that day"
    )
    words, tone = _compared(words, way - then, whole)
    age = (today - as_of).days
    return Pace(drawn, float(gone), words + (f" That value is {days(age)} old." if age > OLD else ""), tone)


def _share(when: date, begins: date, whole: int) -> Decimal:
    return Decimal(min(max((when - begins).days, 0), whole)) / Decimal(whole)


def _unmeasured(
    start: Decimal, target: Decimal, begins: date, ends: date, today: date, gone: Decimal, unit: str
) -> str:
    if today < begins:
        return f"It begins on {day(begins)}; nothing is expected yet."
    if today > ends:
        return f"It ended on {day(ends)}, and no value was ever noted."
    even = amount(_rounded(start + (target - start) * gone, start, target), unit)
    whole = (ends - begins).days
    return (
        f"No value is noted yet. {(today - begins).days} of {days(whole)} are gone; "
        f"an even pace would be at {even} today."
    )


def _backwards(way: Decimal) -> str:
    return "where it began" if way == 0 else "further from the target than it began"


def _compared(words: str, lead: Decimal, whole: int) -> tuple[str, str]:
    """The words with what the distance to an even pace comes to in days, and their tone."""
    if abs(lead) <= SAME:
        return f"{words}, which is about the same.", "accent"
    by = days(max(1, round(abs(lead) * whole)))
    if lead > 0:
        return f"{words}; it is about {by} ahead of that.", "accent"
    return f"{words}; it is about {by} behind that.", "amber"


def _rounded(even: Decimal, start: Decimal, target: Decimal) -> Decimal:
    """An even pace in as many places as start and target have: between whole numbers a whole one."""
    most = max(-int(n.normalize().as_tuple().exponent) for n in (start, target))
    return round(even, max(most, 0))
