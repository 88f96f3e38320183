"""Days and times of day as people write them. Pure: what is not sure is never guessed here.

`03/04/2026` is the third of April or the fourth of March: `order` says which, and `says` tells what a file itself
proves. Numbers are a spreadsheet's days since 30 December 1899 (ECMA-376, 18.17.4.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Order = Literal["dmy", "mdy", ""]

_EPOCH = date(1899, 12, 30)
_SERIAL = (20_000, 80_000)  # 1954 to 2119: a number outside is no day of a post
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février fevrier febrero",
            "march mar märz maerz mär mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août aout agosto",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\Z")
_THREE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\Z")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s\-/]*(?:of |de )?([^\W\d_]{3,10})\.?,?[\s\-/]*(?:de )?(\d{4}|\d{2})\Z"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.?[\s\-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})\Z")
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,?\s+(?=.*\d)")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,15})?\Z")
_CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?(?::\d{2}(?:[.,]\d+)?)?\s*(a\.?m\.?|p\.?m\.?|uhr|h)?\Z", re.IGNORECASE
)
_NAMED = {"noon": time(12), "mittag": time(12), "midi": time(12), "midnight": time(0), "mitternacht": time(0)}
_OFFSET = re.compile(r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})\Z")
_SPLIT = re.compile(r"\s*(?:T(?=\d)|,?\s+(?:at|um|à|a las)\s+|,?\s+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """What a person wrote: a day, a time of day or both; `instant` where a zone's offset stood beside them."""

    day: date | None = None
    clock: time | None = None
    instant: datetime | None = None


def when(text: str, order: Order) -> When | None:
    """What a cell says, which may hold a day, a time of day or both. None when it is neither.

    A day that `order` would have to decide, and does not, is none.
    """
    text = " ".join(text.split())
    if _NUMBER.match(text):
        return _of_number(text) or _only_clock(text)
    offset = _OFFSET.search(text)
    if offset and len(text) > offset.end() - offset.start() + 8:
        return _with_offset(text[: offset.start()], offset[1], order)
    if (found := clock_of(text)) is not None and day_of(text, order) is None:
        return When(clock=found)
    if (found_day := day_of(text, order)) is not None:
        return When(day=found_day)
    for cut in _SPLIT.finditer(text):
        day, clock = day_of(text[: cut.start()], order), clock_of(text[cut.end() :])
        if day and clock:
            return When(day, clock)
        clock, day = clock_of(text[: cut.start()]), day_of(text[cut.end() :], order)
        if day and clock:
            return When(day, clock)
    return None


def day_of(text: str, order: Order) -> date | None:
    """The day a text says, or None."""
    text = text.strip(" ,")
    if found := _ISO.match(text):
        return _day(found[1], found[2], found[3])
    if found := _THREE.match(text):
        first, mark, second, year = found.groups()
        if mark == "." or order == "dmy":  # with points the day stands first wherever that is written
            return _day(year, second, first)
        return _day(year, first, second) if order == "mdy" else _sure(first, second, year)
    plain = (
        _WEEKDAY.sub("", text.lower(), count=1)
        if _WEEKDAY.match(text) and not _starts_with_month(text)
        else text.lower()
    )
    if plain != text.lower() and (found := day_of(plain, order)):
        return found
    if (found := _DAY_MONTH.match(plain)) and (month := _MONTHS.get(found[2])):
        return _day(found[3], month, found[1])
    if (found := _MONTH_DAY.match(plain)) and (month := _MONTHS.get(found[1])):
        return _day(found[3], month, found[2])
    return None


def clock_of(text: str) -> time | None:
    """The time of day a text says: 11:30, 11.30, 9:30 pm, 9pm, 9 Uhr, 21h30. None for a bare number."""
    if (named := _NAMED.get(text.strip().lower())) is not None:
        return named
    found = _CLOCK.match(text.strip())
    if not found or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower().replace(".", "")
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def says(texts: Iterable[str]) -> tuple[Order, bool, str]:
    """What the days of a file prove about their order: ("dmy" | "mdy" | "", whether any day needs it, an example).

    A day above twelve proves it. Nothing proved, or both: "".
    """
    proved: set[Order] = set()
    needs, example, evidence = False, "", {}
    for text in texts:
        for piece in [text.strip(), *_SPLIT.split(text.strip())]:
            found = _THREE.match(piece.strip(" ,"))
            if not found or found[2] == ".":
                continue
            first, second = int(found[1]), int(found[3])
            if 12 < first <= 31 and second <= 12:
                proved.add("dmy")
                evidence.setdefault("dmy", piece)
            elif first <= 12 < second <= 31:
                proved.add("mdy")
                evidence.setdefault("mdy", piece)
            elif first <= 12 and second <= 12 and first != second:
                needs, example = True, example or piece
    order: Order = proved.pop() if len(proved) == 1 else ""
    return order, needs, evidence.get(order, example) if order else example


def _starts_with_month(text: str) -> bool:
    word = re.match(r"[^\W\d_]+", text)
    return bool(word) and word[0].lower() in _MONTHS


def _sure(first: str, second: str, year: str) -> date | None:
    """The day, where only one reading is a day."""
    if int(first) > 12 or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if int(second) > 12 else None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    number = int(year)
    try:
        return date(number + 2000 if number < 100 else number, int(month), int(day))
    except ValueError:
        return None


def _of_number(text: str) -> When | None:
    """A spreadsheet's number for a day, with the time of day behind the point or the comma."""
    number = float(text.replace(",", "."))
    if 0 < number < 1:
        return When(clock=_fraction(number)[1])
    if not _SERIAL[0] <= number < _SERIAL[1]:
        return None
    more, clock = _fraction(number % 1)
    day = _EPOCH + timedelta(days=int(number) + more)
    return When(day, clock if number % 1 else None)


def _only_clock(text: str) -> When | None:
    """11.30 is half past eleven where a time of day is asked for."""
    found = clock_of(text)
    return When(clock=found) if found else None


def _fraction(part: float) -> tuple[int, time]:
    """Days over, and the time of day, of a part of a day; to the minute."""
    minutes = round(part * 24 * 60)
    return minutes // 1440, time(minutes % 1440 // 60, minutes % 60)


def _with_offset(text: str, offset: str, order: Order) -> When | None:
    found = when(text, order)
    if found is None or found.day is None or found.clock is None:
        return None
    if offset[0] in "ZUG":
        away = timedelta()
    else:
        digits = offset[1:].replace(":", "")
        away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if offset[0] == "-" else 1)
    try:
        naive = datetime.combine(found.day, found.clock)
        return When(found.day, found.clock, (naive - away).replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
