"""What is known of a file: its name and description, where it lies, whose it is, and whether it is offered at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.studio import rows, uses
from quarterdeck.studio.models import DESCRIPTION_LENGTH, Card, File, Folder
from quarterdeck.studio.presets import NETWORKS

MOST_AT_ONCE = 200


@verb
def describe(
    file: File,
    *,
    by: Member,
    name: str = "",
    description: str = "",
    folder: UUID | None = None,
    tags: Iterable[str] = (),
    source: str = "",
) -> Card:
    """Say what a file shows, where it lies and where it came from. Its description is what posts take over as the
    text for people who cannot see it. Raises Invalid with its fields, NotFound for a folder of elsewhere.
    """
    card = rows.locked(file)
    card.name, card.source = rows.clean(name, 120), rows.clean(source, 300)
    card.description = rows.clean_text(description, DESCRIPTION_LENGTH)
    card.folder, card.tags = _folder(file, folder), rows.clean_tags(tags)
    rows.save(card)
    told = {"name": card.name, "description": card.description, "source": card.source}
    told |= {"tags": ", ".join(card.tags)}
    _record("studio.file.described", by, card, told | {"folder": _name(card.folder)})
    return card


@verb
def sort(
    files: Sequence[File],
    *,
    by: Member,
    add: Iterable[str] = (),
    folder: UUID | None = None,
    out: bool = False,
) -> int:
    """Give several files more tags, put them in a folder, or take them `out` of theirs. Returns how many changed.

    Raises Invalid when nothing is asked, or of too many at once.
    """
    added = rows.clean_tags(add)
    if not files or not (added or folder or out):
        raise Invalid("Nothing was chosen to be done.", next_step="Choose files, then a folder or tags.")
    for card in _locked_all(files):
        card.tags = rows.clean_tags([*card.tags, *added])
        card.folder = None if out else _folder(card.file, folder) if folder else card.folder
        rows.save(card)
        _record("studio.file.sorted", by, card, {"tags": ", ".join(card.tags), "folder": _name(card.folder)})
    return len(files)


@verb
def license_(
    file: File,
    *,
    by: Member,
    holder: str = "",
    licence: str = "",
    rights_until: date | None = None,
    not_on: Collection[str] = (),
    not_on_why: str = "",
) -> Card:
    """Say whose a file is, what was agreed about it, the last day it may be used, and where it may not be used."""
    if unknown := set(not_on) - set(NETWORKS):
        raise Invalid(
            "There is no such network.", fields={"not_on": f"Not known: {', '.join(sorted(unknown))}."}
        )
    card = rows.locked(file)
    card.holder, card.licence = rows.clean(holder, 120), rows.clean_text(licence, 1000)
    card.rights_until = rights_until
    card.not_on = [one for one in NETWORKS if one in not_on]
    card.not_on_why = rows.clean(not_on_why, 300) if card.not_on else ""
    rows.save(card)
    told = {
        "holder": card.holder,
        "licence": card.licence,
        "rights_until": rights_until.isoformat() if rights_until else None,
        "not_on": ", ".join(card.not_on),
        "not_on_why": card.not_on_why,
    }
    _record("studio.file.licensed", by, card, told)
    return card


@verb
def put_aside(files: Sequence[File], *, by: Member) -> int:
    """Take files out of the library: they are offered to nobody any more. What carries them already keeps them.
    Returns how many.

    Raises Conflict while a planned post uses one of them, or one of its cuts; then none is put aside.
    """
    cards = [card for card in _locked_all(files) if card.put_aside_at is None]
    if not cards:
        raise Conflict("Nothing of this is in the library any more.", next_step="It was put aside already.")
    for card in cards:
        _refuse_if_planned(card.file)
        card.put_aside_at, card.put_aside_by = clock.now(), by
        rows.save(card)
        _record("studio.file.put_aside", by, card, {})
    return len(cards)


def _refuse_if_planned(file: File) -> None:
    planned = [use for use in uses.of_file(file) if use.state == "planned"]
    if planned:
        more = f", and {len(planned) - 1} more" if len(planned) > 1 else ""
        raise Conflict(
            f"“{planned[0].title}” is planned and uses “{file.title}”{more}.",
            not_done="Nothing was put aside.",
            next_step="Take the picture out of what is planned first, or take that off the plan.",
        )


@verb
def restore(files: Sequence[File], *, by: Member) -> int:
    """Put files back into the library. Returns how many."""
    cards = [card for card in _locked_all(files) if card.put_aside_at is not None]
    if not cards:
        raise Conflict("Nothing of this is put aside.")
    for card in cards:
        card.put_aside_at = card.put_aside_by = None
        rows.save(card)
        _record("studio.file.restored", by, card, {})
    return len(cards)


def _locked_all(files: Sequence[File]) -> list[Card]:
    if len(files) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} files are changed at once.")
    return [rows.locked(file) for file in sorted(files, key=lambda one: one.pk)]


def _folder(file: File, pk: UUID | None) -> Folder | None:
    if pk is None:
        return None
    found = Folder.objects.select_for_update().filter(workspace_id=file.workspace_id, pk=pk).first()
    if found is None:
        raise NotFound("That folder is not there any more.", next_step="Choose another one.")
    return found


def _name(folder: Folder | None) -> str | None:
    """How the ledger names a folder: by its id, since its name is somebody's words."""
    return str(folder.pk) if folder else None


def _record(kind: str, by: Member, card: Card, fields: dict) -> None:
    ledger.record(kind, actor=by, about=card.file, fields=fields, event_id=card.ledger_event_id)
