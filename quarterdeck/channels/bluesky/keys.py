"""Record keys: TIDs (atproto, "Timestamp Identifiers"): 53 bits of microseconds and 10 of a clock's number, in
thirteen characters that sort as they count.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_FORM = re.compile(r"[234567a-j][234567a-z]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROOM = (
    40_000  # microseconds that each part of a thread draws from: 25 parts to a second, and always ascending
)


def new(due_at: datetime, position: int) -> str:
    """A fresh key in the second of `due_at`: that of a later position sorts behind that of an earlier one."""
    second = int((due_at - _EPOCH).total_seconds())
    micros = second * 1_000_000 + position * _ROOM + secrets.randbelow(_ROOM)
    number = micros << 10 | secrets.randbelow(1024)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def is_key(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def time(key: str) -> datetime | None:
    """When a key says it was made; None when it is no TID."""
    if not is_key(key):
        return None
    number = 0
    for letter in key:
        number = number << 5 | _VALUES[letter]
    return _EPOCH + timedelta(microseconds=number >> 10)
