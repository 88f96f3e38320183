"""What a person writes for themself. Bulk of a kind: drafts as typed, kept as they are.

None of it is an act of the workspace, so none of it is an event: a ledger that told that somebody keeps a private week,
or when they wrote in it, would already tell too much. For the same reason no row says when it was changed. Every
function takes the person themself; twice the same changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from quarterdeck.core import clock
from quarterdeck.core.deeds import KINDS, Deed
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import User
from quarterdeck.leadership import lines, reads, sealing
from quarterdeck.leadership.lines import MOST_LINES, TEXT_LENGTH, Line
from quarterdeck.leadership.models import Keeping, Sheet

OPENING_LENGTH = 1200
NOT_KEPT = "Nothing was kept."


# --- the switch, and what the Desk is told ----------------------------------------------------------------


@intake
def switch_on(user: User) -> None:
    """From now on the person keeps a private week; what they kept before is there again."""
    row, _ = Keeping.objects.select_for_update().get_or_create(user=user)
    row.on_since = row.on_since or clock.now()
    row.offer_put_away = True
    row.save()


@intake
def switch_off(user: User, *, delete: bool) -> None:
    """No more private week. With `delete` everything of it goes, for good; else it stays sealed until it is wanted."""
    row, _ = Keeping.objects.select_for_update().get_or_create(user=user)
    row.on_since = row.passed = row.quiet_until = None
    row.offer_put_away = True
    row.save()
    if delete:
        Sheet.objects.filter(user=user).delete()


@intake
def put_offer_away(user: User) -> None:
    """The line on the Desk that offers a private week goes and does not come again."""
    Keeping.objects.get_or_create(user=user)
    Keeping.objects.filter(user=user).update(offer_put_away=True)


@intake
def put_off(user: User, until: datetime) -> None:
    """The Desk says nothing of the week until then."""
    _locked(user)
    Keeping.objects.filter(user=user).update(quiet_until=until)


@intake
def pass_week(user: User, monday: date) -> None:
    """The week is done with, written or not: the Desk does not ask for it again."""
    row = _locked(user)
    if row.passed is None or row.passed < monday:
        Keeping.objects.filter(user=user).update(passed=monday, quiet_until=None)


def _locked(user: User) -> Keeping:
    """The person's switch, locked: whoever writes a sheet of theirs at the same moment waits."""
    row = Keeping.objects.select_for_update().filter(user=user, on_since__isnull=False).first()
    if row is None:
        raise Conflict(
            "Your private week is switched off.",
            not_done=NOT_KEPT,
            next_step="Switch it on in your settings, under Private week.",
        )
    return row


def _change(user: User, kind: str, begins: date, change: Callable[[dict[str, Any]], None]) -> None:
    """Open the sheet, let `change` alter what it says, seal it again."""
    _locked(user)
    said = reads.content(user, kind, begins)
    change(said)
    sealed = sealing.seal(user, kind, begins, said)
    Sheet.objects.update_or_create(user=user, kind=kind, begins=begins, defaults={"sealed": sealed})


# --- the week -------------------------------------------------------------------------------------------


@intake
def keep(user: User, monday: date, deed: Deed, *, line_id: str, text: str = "") -> None:
    """Keep what was drafted, in the person's own words where they gave some."""
    line = lines.of_deed(deed, line_id, monday, _checked(text) if text.strip() else "")

    def change(said: dict[str, Any]) -> None:
        kept = said.setdefault("lines", [])
        if deed.key not in {one["key"] for one in kept}:
            _room_for_one(kept)
            kept.append(line.as_stored())
        said["dropped"] = [key for key in said.get("dropped", []) if key != deed.key]

    _change(user, Sheet.Kind.WEEK, monday, change)


@intake
def add(user: User, monday: date, *, kind: str, text: str, line_id: str) -> None:
    """Keep what happened outside, in words of the person's own. `line_id` is the form's: sent twice it is kept once."""
    if kind not in KINDS:
        raise Invalid(
            "That is none of the seven kinds of work.",
            not_done=NOT_KEPT,
            fields={"kind": "Please choose one of the seven kinds of work."},
        )
    now = clock.now().isoformat()
    line = Line(id=line_id, kind=kind, text=_checked(text), when=now, week=monday, weight=65)

    def change(said: dict[str, Any]) -> None:
        kept = said.setdefault("lines", [])
        if line_id not in {one["id"] for one in kept}:
            _room_for_one(kept)
            kept.append(line.as_stored())

    _change(user, Sheet.Kind.WEEK, monday, change)


@intake
def edit(user: User, monday: date, line_id: str, *, text: str, kind: str = "") -> None:
    """Say a kept sentence otherwise. NotFound when the person has no such sentence in that week."""
    words = _checked(text)

    def change(said: dict[str, Any]) -> None:
        _find(said, line_id).update({"text": words} | ({"kind": kind} if kind in KINDS else {}))

    _change(user, Sheet.Kind.WEEK, monday, change)


@intake
def drop_line(user: User, monday: date, line_id: str) -> None:
    """Take a kept sentence out; what it was drafted from is not drafted again. The last one taken out can come back."""

    def change(said: dict[str, Any]) -> None:
        gone = said["gone"] = _find(said, line_id)
        said["lines"] = [one for one in said["lines"] if one["id"] != line_id]
        if gone["key"]:
            said["dropped"] = sorted({*said.get("dropped", []), gone["key"]})

    _change(user, Sheet.Kind.WEEK, monday, change)


@intake
def drop(user: User, monday: date, key: str) -> None:
    """Do not draft this deed again."""

    def change(said: dict[str, Any]) -> None:
        said["dropped"] = sorted({*said.get("dropped", []), key})[:200]

    _change(user, Sheet.Kind.WEEK, monday, change)


@intake
def bring_back(user: User, monday: date, *, line_id: str = "", key: str = "") -> None:
    """Undo `drop_line` of the sentence taken out last, or `drop` of a deed. NotFound when there is nothing of it."""

    def change(said: dict[str, Any]) -> None:
        gone = said.get("gone") or {}
        if line_id and gone.get("id") == line_id:
            _room_for_one(said["lines"])
            said["lines"].append(said.pop("gone"))
        elif not key or key not in said.get("dropped", []):
            raise NotFound("There is nothing to bring back.")
        undone = key or gone["key"]
        said["dropped"] = [one for one in said.get("dropped", []) if one != undone]

    _change(user, Sheet.Kind.WEEK, monday, change)


def _find(said: dict[str, Any], line_id: str) -> dict[str, Any]:
    found = next((one for one in said.get("lines", []) if one["id"] == line_id), None)
    if found is None:
        raise NotFound("There is no such sentence.")
    return found


def _room_for_one(kept: list) -> None:
    if len(kept) >= MOST_LINES:
        raise Conflict(
            f"A week holds at most {MOST_LINES} sentences.",
            not_done=NOT_KEPT,
            next_step="Take one out that matters less.",
        )


def _checked(text: str, most: int = TEXT_LENGTH) -> str:
    words = " ".join(text.replace("\x00", "").split())
    if not words:
        raise Invalid(
            "There is nothing in it yet.", not_done=NOT_KEPT, fields={"text": "Please write a sentence."}
        )
    if len(words) > most:
        raise Invalid(
            "That is too long for a sentence.",
            not_done=NOT_KEPT,
            fields={
                "text": f"Please write at most {most} characters; two sentences are often better than one."
            },
        )
    return words


# --- the month and the year -----------------------------------------------------------------------------


@intake
def choose_for_month(user: User, first: date, line_id: str, *, there: bool) -> None:
    """Let a sentence of one of the month's weeks be in the month, or leave it out. It stays in its week."""
    known = reads.month(user, first)
    if line_id not in {line.id for line in known.chosen + known.left_out}:
        raise NotFound("There is no such sentence.")

    def change(said: dict[str, Any]) -> None:
        out = set(said.get("left_out", [])) - {line_id}
        said["left_out"] = sorted(out if there else out | {line_id})

    _change(user, Sheet.Kind.MONTH, first, change)


@intake
def choose_for_year(user: User, number: int, line_id: str, *, there: bool) -> None:
    """Put a sentence of one of the months on the page of the year, or take it off. It stays in its month."""
    if line_id not in {line.id for month in reads.year(user, number).months for line in month.chosen}:
        raise NotFound("There is no such sentence.")

    def change(said: dict[str, Any]) -> None:
        for name, wanted in (("on", there), ("off", not there)):
            left = set(said.get(name, [])) - {line_id}
            said[name] = sorted(left | {line_id} if wanted else left)

    _change(user, Sheet.Kind.YEAR, date(number, 1, 1), change)


@intake
def open_year(user: User, number: int, words: str) -> None:
    """What the person says first on the page of the year; nothing takes it away."""
    opening = words.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(opening) > OPENING_LENGTH:
        raise Invalid(
            "That is too long for one page.",
            not_done="What you said first is as it was.",
            fields={"opening": f"Please write at most {OPENING_LENGTH:,} characters."},
        )
    _change(user, Sheet.Kind.YEAR, date(number, 1, 1), lambda said: said.update(opening=opening))
