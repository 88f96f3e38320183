"""The errors of `bursts`, and the checks of what it is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

EARLIEST, LATEST = 0.0, 253_402_300_800.0 - 86_400.0


class BurstError(ValueError):
    """What was given cannot be used; nothing of it was taken."""


class BadSetting(BurstError):
    """The budget, the bucket or the number of terms is not usable."""


class BadBatch(BurstError):
    """The batch is not usable: lengths that differ, times or texts that are not."""


class OutOfOrder(BurstError):
    """A time is before one that was already taken."""


class BadState(BurstError):
    """The file was not written by `Bursts.save`, or not by this version of it."""


class Batch(NamedTuple):
    times: np.ndarray
    sources: list[str]
    groups: list[str] | None


def checked_settings(per_day: Any, minutes: Any, terms: Any) -> tuple[float, int, int]:
    if isinstance(per_day, bool) or not isinstance(per_day, int | float | np.number):
        raise BadSetting(f"alerts_per_day must be a number, not {per_day!r:.40}.")
    if not 0 <= float(per_day) <= 1e4:
        raise BadSetting(f"alerts_per_day must be between 0 and 10,000, not {per_day}.")
    if isinstance(minutes, bool) or minutes not in (1, 2, 3, 5, 6, 10, 15, 30):
        raise BadSetting(f"bucket_minutes must be a divisor of 30, not {minutes!r:.40}.")
    if isinstance(terms, bool) or not isinstance(terms, int | np.integer) or not 1024 <= terms <= 2**26:
        raise BadSetting(f"max_terms must be a whole number from 1,024 to 67,108,864, not {terms!r:.40}.")
    return float(per_day), int(minutes), 1 << (int(terms) - 1).bit_length()


def seconds(moment: Any) -> float:
    """Unix seconds of an aware datetime or a number. Raises BadBatch."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise BadBatch("A time must be a datetime with a time zone, or Unix seconds.")
        moment = moment.timestamp()
    if isinstance(moment, bool) or not isinstance(moment, int | float | np.integer | np.floating):
        raise BadBatch(f"A time must be a datetime with a time zone, or Unix seconds, not {moment!r:.40}.")
    try:
        value = float(moment)
    except OverflowError:
        value = math.inf
    if not EARLIEST <= value < LATEST:
        raise BadBatch(f"A time must be in the years 1970 to 9999, not {value}.")
    return value


def checked_batch(times: Any, texts: Any, sources: Any, groups: Any, languages: Any) -> Batch:
    """The batch with times as float64 seconds and names as str. Raises BadBatch, OutOfOrder."""
    sizes = {"texts": len(texts), "sources": len(sources)}
    for name, given in (("groups", groups), ("languages", languages)):
        if given is not None:
            sizes[name] = len(given)
    at = _times(times)
    for name, size in sizes.items():
        if size != len(at):
            raise BadBatch(f"There are {len(at)} times and {size} {name}.")
    if isinstance(texts, str) or not set(map(type, texts)) <= {str, np.str_}:
        raise BadBatch("Every text must be a str.")
    if len(at) and (np.diff(at) < 0).any():
        first = int(np.argmax(np.diff(at) < 0)) + 1
        raise OutOfOrder(f"The time of post {first} of the batch is before the one ahead of it.")
    if languages is not None and (
        isinstance(languages, str) or not set(map(type, languages)) <= {str, np.str_}
    ):
        raise BadBatch("Every language must be a str.")
    return Batch(at, _names("source", sources), None if groups is None else _names("group", groups))


def _times(times: Any) -> np.ndarray:
    if isinstance(times, np.ndarray) and times.dtype.kind in "iuf" and times.ndim == 1:
        at = times.astype(np.float64)
    else:
        at = np.array([seconds(moment) for moment in times], np.float64)
    if not ((at >= EARLIEST) & (at < LATEST)).all():
        raise BadBatch("A time is not finite, or not in the years 1970 to 9999.")
    return at


def _names(what: str, given: Sequence[Any] | np.ndarray) -> list[str]:
    """Names as str without a code point 0."""
    if isinstance(given, str):
        raise BadBatch(f"Give one {what} a post, not one str.")
    if isinstance(given, np.ndarray):
        given = given.tolist()
    found = list(given)
    kinds = set(map(type, found))
    if type(None) in kinds or float in kinds and any(name != name for name in found):
        raise BadBatch(f"A {what} is missing.")
    if kinds - {str}:
        found = [str(name) for name in found]
    if "\0" in "".join(found):
        found = [name.replace("\0", "\ufffd") for name in found]
    return found
