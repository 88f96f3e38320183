"""What pages and other rooms ask about files. Every question is asked inside one workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import clamd, storage
from quarterdeck.studio.models import Card, Cut, File, Folder, Scan, Shown
from quarterdeck.studio.presets import NETWORKS


def light() -> QuerySet[File]:
    """Files with what is noted of them."""
    return File.objects.select_related("card__folder", "small", "workspace").defer("small__data")


def file(workspace: Workspace, pk: UUID) -> File:
    """One file of this workspace; NotFound for any other."""
    found = light().filter(workspace=workspace, pk=pk).first()
    if found is None:
        raise NotFound("There is no such file in this workspace.")
    return found


def files(workspace_id: UUID, pks: Iterable[UUID | str]) -> dict[str, File]:
    """Those of the files that are this workspace's, by their id in hexadecimal."""
    found = File.objects.filter(workspace_id=workspace_id, pk__in=list(pks))
    return {one.pk.hex: one for one in found}


def chosen(workspace: Workspace, pks: Sequence[UUID]) -> list[File]:
    """All of these files, with what is noted of them; NotFound when one is not this workspace's."""
    found = {one.pk: one for one in light().filter(workspace=workspace, pk__in=list(pks))}
    if not found or set(pks) - found.keys():
        raise NotFound(
            "One of these files is not in this workspace.", next_step="Reload the page and choose again."
        )
    return list(found.values())


def is_infected(pk: UUID) -> bool:
    """Whether the virus scanner found something in a file: its bytes are given to nobody."""
    return Scan.objects.filter(file=pk).exclude(found="").exists()


def data(pk: UUID) -> bytes:
    """The bytes of a picture, all at once; of a video ask for `pieces`."""
    file = File.objects.get(pk=pk)
    if file.is_video:
        raise ValueError("A video is not read as a whole.")
    return b"".join(pieces(file))


def pieces(file: File, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes of a file from `start` up to `end` (its end), at most a megabyte at a time."""
    return storage.pieces(file, start, file.size if end is None else min(end, file.size))


def folder(workspace: Workspace, pk: UUID) -> Folder:
    found = Folder.objects.filter(workspace=workspace, pk=pk).first()
    if found is None:
        raise NotFound("There is no such folder in this workspace.")
    return found


def folders(workspace: Workspace) -> list[Folder]:
    return sorted(Folder.objects.filter(workspace=workspace), key=lambda one: one.name.lower())


def person(workspace: Workspace, pk: UUID) -> Shown:
    """Somebody who is seen in a file of this workspace; NotFound for anybody else."""
    found = Shown.objects.select_related("file__card").filter(file__workspace=workspace, pk=pk)
    if not found:
        raise NotFound("Nobody like that is noted in this workspace.")
    return found[0]


def cuts(file: File) -> dict[str, Cut]:
    """How a file is cut, by the place it is for, each with the file that came of it."""
    found = Cut.objects.filter(file=file).select_related("made__workspace")
    return {one.place: one for one in found}


# --- what stands against using a file ---------------------------------------------------------------


def concerns(
    workspace_id: UUID, files: Iterable[UUID | str], on: date, *, networks: Collection[str] = ()
) -> dict[str, list[str]]:
    """What stands against using these files on a day (of the workspace's own calendar), by a file's id in
    hexadecimal: sentences for people. A file that is not in the answer may be used as far as anybody noted.

    `networks`: the names of the channels' networks it is meant for; without them, what may not be used somewhere is
    not mentioned. What was cut from a file is held to the same as that file.
    """
    found = File.objects.filter(workspace_id=workspace_id, pk__in=list(files))
    found = found.select_related("card", "scan", "cut_from__card")
    told = {}
    for one in found.prefetch_related("people", "cut_from__people"):
        said = [words] if (words := _scanned(one)) else []
        said += [
            words for source in (one, one.cut_from) if source for words in _against(source, on, networks)
        ]
        if said:
            told[one.pk.hex] = list(dict.fromkeys(said))
    return told


def unusable(workspace_id: UUID, files: Iterable[UUID | str]) -> dict[str, str]:
    """Those of the files that must not go out whatever anybody decides, by their id in hexadecimal, each with a
    sentence: the virus scanner found something, or has not looked yet where that is required."""
    found = File.objects.filter(workspace_id=workspace_id, pk__in=list(files)).select_related("card", "scan")
    return {one.pk.hex: words for one in found if (words := _scanned(one))}


def _scanned(file: File) -> str:
    scan: Scan | None = getattr(file, "scan", None)
    if scan is not None and scan.found:
        return f"The virus scanner found {scan.found} in “{file.title}”."
    if clamd.is_required() and (scan is None or scan.seen_at is None):
        why = f" {scan.trouble}" if scan is not None and scan.trouble else ""
        return f"“{file.title}” is not scanned for viruses yet, so it is not used.{why}"
    return ""


def _against(file: File, on: date, networks: Collection[str]) -> Iterable[str]:
    name, card = f"“{file.title}”", file.about
    if card is not None:
        yield from _against_card(card, name, on, networks)
    for person in file.people.all():
        if words := standing(person, on):
            yield f"Somebody seen in {name} {words}."


def _against_card(card: Card, name: str, on: date, networks: Collection[str]) -> Iterable[str]:
    if card.put_aside_at is not None:
        yield f"{name} was put aside, so that it is not used any more."
    if card.rights_until is not None and card.rights_until < on:
        yield f"The rights to {name} ended on {day(card.rights_until)}."
    if card.holder and not card.licence and card.rights_until is None:
        yield f"{name} belongs to somebody else, and no licence is noted for it."
    if barred := [NETWORKS[one] for one in card.not_on if one in networks]:
        why = f": {card.not_on_why.rstrip('.')}" if card.not_on_why else ""
        yield f"{name} may not be used on {' and '.join(barred)}{why}."


def standing(person: Shown, on: date) -> str:
    """What is missing of somebody's consent on this day, as the end of a sentence; empty when nothing is."""
    if person.withdrawn_at is not None:
        return "took back their consent"
    if person.given_on is None or person.given_on > on:
        return "has not agreed to be shown"
    if person.until is not None and person.until < on:
        return f"agreed to be shown only until {day(person.until)}"
    return ""


def day(given: date | datetime) -> str:
    """ "31 May 2026"."""
    return f"{given.day} {given:%B %Y}"
