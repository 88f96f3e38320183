"""In what the files are used: asked of the rooms that use them, through the registry, since those stand above."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from quarterdeck.core import registries
from quarterdeck.core.registries import MediaShown, MediaUse
from quarterdeck.studio.models import File

_ORDER = {"planned": 0, "draft": 1, "out": 2}


def of(workspace_id: UUID, files: Sequence[str]) -> list[MediaUse]:
    """What these files (ids in hexadecimal) are used in: planned first, soonest first, then drafts, then what is out,
    newest first."""
    found = (
        [use for _, room in registries.media_uses for use in room.uses(workspace_id, files)] if files else []
    )

    def rank(use: MediaUse) -> tuple[int, float, str]:
        at = use.when.timestamp() if use.when else 0.0
        return _ORDER[use.state], -at if use.state == "out" else at, use.title

    return sorted(found, key=rank)


def of_file(file: File) -> list[MediaUse]:
    """The same of one file and of what was cut from it."""
    cuts = File.objects.filter(cut_from=file).values_list("pk", flat=True)
    return of(file.workspace_id, [file.pk.hex, *(pk.hex for pk in cuts)])


def used(workspace_id: UUID) -> set[str]:
    """Every file that is used in anything, by its id in hexadecimal."""
    found: set[str] = set()
    for _, room in registries.media_uses:
        found |= room.used(workspace_id)
    return found


def pictures(workspace_id: UUID) -> list[MediaShown]:
    """What the channels showed and will show, newest first."""
    rooms = [room for _, room in registries.media_uses if room.pictures]
    return sorted(
        (one for room in rooms for one in room.pictures(workspace_id)), key=lambda one: one.when, reverse=True
    )
