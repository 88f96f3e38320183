"""What is odd about a plan, in words: posts that collide, days and channels without any. Pure: no database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from uuid import UUID

from quarterdeck.planning.entries import Entry, Note

NEAR = timedelta(minutes=30)
MOST_NAMED = 6


def collisions(
    entries: Sequence[Entry],
    brands: Mapping[UUID, str],
    labels: Mapping[UUID, str],
    near: timedelta = NEAR,
    shown: Set[int] | None = None,
) -> int:
    """Note on each entry still to go out what comes within `near` of it: on the same channel, of another brand, with
    the same label. `entries` are in order of time; only those whose `id()` is `shown` get notes, all unless told.
    Returns how many collide on a channel."""
    struck: set[int] = set()
    going = [one for one in entries if one.open]
    places = [frozenset(pk for pk, _ in one.channels) for one in going]
    noted = [shown is None or id(one) in shown for one in going]
    for number, one in enumerate(going):
        for later in range(number + 1, len(going)):
            other = going[later]
            if other.due_at - one.due_at >= near:
                break
            if other.post_id == one.post_id:
                continue
            shared = places[number] & places[later]
            if shared:
                struck |= {number, later}
            if noted[number] or noted[later]:
                _note(one, other, shared, brands, labels)
    return len(struck)


def _note(
    one: Entry, other: Entry, same: Set[UUID], brands: Mapping[UUID, str], labels: Mapping[UUID, str]
) -> None:
    """What the two say of each other; `same` are the channels on which they collide."""
    if same:
        shared = [name for pk, name in one.channels if pk in same]
        words = f"Collides with “{{title}}” at {{at}} on {', '.join(shared)}."
        _add(one, Note("collides {at}", words, other))
        _add(other, Note("collides {at}", words, one))
        return
    if one.brand_id != other.brand_id:
        for here, there in ((one, other), (other, one)):
            named = brands.get(there.brand_id, "Another brand")
            _add(here, Note(f"{named} {{at}}", f"{named} speaks at {{at}} too.", there))
    elif both := one.labels & other.labels:
        named = ", ".join(sorted(labels.get(pk, "") for pk in both))
        for here, there in ((one, other), (other, one)):
            _add(here, Note(f"{named} {{at}}", f"“{{title}}” at {{at}} has the label {named} too.", there))


def _add(entry: Entry, note: Note) -> None:
    if len(entry.notes) < MOST_NAMED:
        entry.notes.append(note)


def clash(
    entries: Iterable[Entry],
    post_id: UUID,
    channels: Mapping[UUID, str],
    at: datetime,
    near: timedelta = NEAR,
) -> list[str]:
    """What a post on these channels would collide with at an instant."""
    said = []
    for one in entries:
        if one.post_id == post_id or not one.open or abs(one.due_at - at) >= near:
            continue
        shared = sorted(channels[pk] for pk, _ in one.channels if pk in channels)
        if shared:
            said.append(f"It collides with “{one.title}” at {one.at} on {', '.join(shared)}.")
    return said[:MOST_NAMED]


def gaps(
    entries: Iterable[Entry],
    days: Iterable[date],
    today: date,
    channels: Mapping[UUID, str],
    working: frozenset[int] = frozenset(range(5)),
) -> list[str]:
    """Sentences: working days from today on without a post, and channels without any in all these days."""
    entries, ahead = list(entries), [day for day in days if day >= today]
    if not ahead:
        return []
    taken = {one.local.date() for one in entries}
    free = [day for day in ahead if day.weekday() in working and day not in taken]
    used = {pk for one in entries for pk, _ in one.channels}
    silent = sorted(name for pk, name in channels.items() if pk not in used)
    said = []
    if free:
        said.append(f"Nothing is planned on {_named([f'{d:%a} {d.day} {d:%b}' for d in free])}.")
    if silent:
        said.append(f"No post here is for {_named(silent)}.")
    return said


def _named(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and 3 more"."""
    if len(words) > MOST_NAMED:
        return f"{', '.join(words[: MOST_NAMED - 1])} and {len(words) - MOST_NAMED + 1} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
