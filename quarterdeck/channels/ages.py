"""The ages at which a post's numbers are asked for, and how late an answer still counts as that age."""

from __future__ import annotations

from datetime import timedelta

AGES = (1, 3, 6, 12, 24, 48, 168, 672)  # hours


def allowed_lateness(age: int) -> timedelta:
    """How long after its age a snapshot still counts as that age: half the gap to the next one (for the last, half
    the gap before it)."""
    place = AGES.index(age)
    gap = AGES[place + 1] - age if place + 1 < len(AGES) else age - AGES[place - 1]
    return timedelta(hours=gap / 2)
