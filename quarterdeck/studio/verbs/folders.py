"""Folders of the library: made, renamed, and removed when nothing lies in them."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.studio import rows
from quarterdeck.studio.models import Card, Folder

MOST = 300


@verb
def make_folder(by: Member, *, name: str) -> Folder:
    """Make a folder. Invalid without a name, Conflict when there is one of that name or there are too many."""
    if Folder.objects.filter(workspace=by.workspace_id).count() >= MOST:
        raise Conflict(f"A library has at most {MOST} folders.", not_done="Nothing was made.")
    folder = Folder(workspace=by.workspace, made_at=clock.now())
    _save(folder, name)
    _record("studio.folder.made", by, folder, {"name": folder.name})
    return folder


@verb
def rename_folder(folder: Folder, *, by: Member, name: str) -> Folder:
    """Give a folder another name; what lies in it is found by the new one."""
    folder = Folder.objects.select_for_update().get(pk=folder.pk)
    _save(folder, name)
    _record("studio.folder.renamed", by, folder, {"name": folder.name})
    return folder


@verb
def remove_folder(folder: Folder, *, by: Member) -> None:
    """Remove a folder in which nothing lies. Conflict while something does, put aside or not."""
    folder = Folder.objects.select_for_update().get(pk=folder.pk)
    if count := Card.objects.filter(folder=folder).count():
        lie = "1 file lies" if count == 1 else f"{count} files lie"
        raise Conflict(
            f"{lie} in “{folder.name}”.",
            not_done="The folder was not removed.",
            next_step="Put them elsewhere first; some may be put aside.",
        )
    ledger.record("studio.folder.removed", actor=by, about=folder)
    folder.delete()


def _save(folder: Folder, name: str) -> None:
    folder.name, folder.ledger_event_id = rows.clean(name, 60), ids.new()
    if not folder.name:
        raise Invalid("The folder has no name.", fields={"name": "Please give it a name."})
    try:
        with transaction.atomic():
            folder.save()
    except IntegrityError:
        words = f"There is a folder “{folder.name}” already."
        raise Conflict(words, fields={"name": words}) from None


def _record(kind: str, by: Member, folder: Folder, fields: dict) -> None:
    ledger.record(kind, actor=by, about=folder, fields=fields, event_id=folder.ledger_event_id)
