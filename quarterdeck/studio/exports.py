"""What the full export holds of the library: the files themselves, and what the team knows about each. The names of
people who are seen stay sealed: a copy that lies elsewhere could not forget them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quarterdeck.core.registries import ExportFiles, ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import reads
from quarterdeck.studio.models import Cut, File, Folder, Shown

Rows = Iterator[dict[str, Any]]


def images(workspace: Workspace) -> Rows:
    """Every file with what its card says; empty where it has none."""
    found = File.objects.filter(workspace=workspace).select_related("card__folder", "cut_from")
    for row in in_chunks(found.order_by("kept_at", "pk")):
        card = row.about
        yield {
            "sha256": row.sha256,
            "file": image_name(row),
            "name": row.name,
            "mime": row.mime,
            "size": row.size,
            "width": row.width,
            "height": row.height,
            "kept_at": row.kept_at,
            "cut_from": row.cut_from.sha256 if row.cut_from else "",
            "title": card.name if card else "",
            "description": card.description if card else "",
            "folder": card.folder.name if card and card.folder else "",
            "tags": card.tags if card else [],
            "source": card.source if card else "",
            "rights_holder": card.holder if card else "",
            "licence": card.licence if card else "",
            "rights_until": card.rights_until if card else None,
            "not_on": card.not_on if card else [],
            "not_on_why": card.not_on_why if card else "",
            "put_aside_at": card.put_aside_at if card else None,
        }


def image_files(workspace: Workspace) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
    for row in in_chunks(File.objects.filter(workspace=workspace).order_by("kept_at", "pk")):
        yield image_name(row), functools.partial(reads.pieces, row)


_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}


def image_name(row: File) -> str:
    """Named by content, with an ending that opens: what the file was called stands in the table."""
    return f"{row.sha256}{_ENDINGS.get(row.mime, '.bin')}"


def folders(workspace: Workspace) -> Rows:
    yield from in_chunks(
        Folder.objects.filter(workspace=workspace).order_by("name").values("name", "made_at")
    )


def cuts(workspace: Workspace) -> Rows:
    """How files are cut for one place each: the box in parts of width and height."""
    found = Cut.objects.filter(file__workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(
        found.values("file__sha256", "place", "left", "top", "width", "height", "made__sha256", "made_at")
    )


def consents(workspace: Workspace) -> Rows:
    found = Shown.objects.filter(file__workspace=workspace).order_by("noted_at", "pk")
    yield from in_chunks(found.values("file__sha256", "given_on", "until", "withdrawn_at", "noted_at"))


EXPORTS = {
    "pictures": ExportTable(
        "The pictures and videos, and what is known of each; each lies in images/ under its SHA-256.", images
    ),
    "images": ExportFiles("The pictures and videos themselves, named by their SHA-256.", image_files),
    "picture_folders": ExportTable("The folders of the library.", folders),
    "picture_cuts": ExportTable("How pictures are cut for places on networks.", cuts),
    "picture_consents": ExportTable(
        "What people who are seen agreed to, and until when. Their names are not in it: see the library.",
        consents,
    ),
}
