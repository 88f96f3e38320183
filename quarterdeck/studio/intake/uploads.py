"""Files that come in pieces, so that a lost connection or a reload costs only the piece that was on its way.

As the resumable uploads of tus 1.0 (https://tus.io/protocols/resumable-upload): begun with its size, each piece names
the offset it begins at, and the server says how far it has come. A piece that came before is not written again.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Sum

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Member
from quarterdeck.studio import images
from quarterdeck.studio.intake.files import keep
from quarterdeck.studio.models import File, Piece, Upload

PIECE = 2**20  # bytes of one piece, at most
MOST_OPEN = 100  # uploads of one member that have not arrived
MOST_WAITING = 2**30  # bytes of all uploads of a workspace that have not arrived
KEPT = timedelta(days=3)  # after its last piece an unfinished one is let go


@intake
def begin(by: Member, *, key: str, name: str, size: int) -> Upload:
    """Begin an upload, or find the one that this member began under the same `key`.

    Raises Invalid for a size that is not taken, Conflict when too much is on its way already.
    """
    _let_go(by)
    if not 0 < size <= images.LARGEST:
        least = (
            "It is empty."
            if size < 1
            else f"It is larger than the {images.LARGEST // 2**20} MB that are taken."
        )
        raise Invalid(f"“{name[-100:]}” was not added. {least}", not_done="Nothing of it was kept.")
    found = Upload.objects.filter(member=by, key=key).first()
    if found is not None:
        if found.size != size:
            raise Conflict("Another file is on its way under this name.", not_done="Nothing was kept.")
        return found
    waiting = Upload.objects.filter(workspace=by.workspace_id, file=None)
    declared = waiting.aggregate(all=Sum("size"))["all"] or 0
    if waiting.filter(member=by).count() >= MOST_OPEN or declared + size > MOST_WAITING:
        raise Conflict(
            "Too much is on its way already.",
            not_done=f"“{name[-100:]}” was not begun.",
            next_step="Let the others arrive first, or give some up.",
        )
    now = clock.now()
    made, _ = Upload.objects.get_or_create(
        member=by,
        key=key,
        defaults={
            "workspace_id": by.workspace_id,
            "name": name.replace("\x00", "")[-300:],
            "size": size,
            "begun_at": now,
            "moved_at": now,
        },
    )
    return made


@intake
def take(upload: Upload, *, offset: int, data: bytes) -> Upload:
    """Take the piece that begins at `offset`. One that came before changes nothing.

    Raises Conflict, with how far it has come, for a piece that does not follow; Invalid for one too large.
    """
    upload = _locked(upload)
    if not data or len(data) > PIECE or offset + len(data) > upload.size:
        raise Invalid("This piece does not fit into its file.", not_done="It was not kept.")
    if offset + len(data) <= upload.offset:
        return upload
    if offset != upload.offset:
        raise Conflict(
            f"The file has come to {upload.offset:,} bytes, and this piece begins at {offset:,}.",
            not_done="It was not kept.",
            next_step="Send on from there.",
        )
    Piece.objects.create(upload=upload, offset=offset, data=data)
    upload.offset, upload.moved_at = offset + len(data), clock.now()
    upload.save(update_fields=["offset", "moved_at"])
    return upload


@intake
def complete(upload: Upload) -> File:
    """Keep the file, now that all of it is here; its pieces go. Done twice, it is the same file.

    Raises Conflict while some of it is missing, and Invalid, in words, for what is no picture that is taken.
    """
    upload = _locked(upload)
    if upload.file_id is not None:
        return File.objects.defer("data").select_related("workspace", "card").get(pk=upload.file_id)
    if upload.offset < upload.size:
        raise Conflict(
            f"Only {upload.offset:,} of {upload.size:,} bytes have come.",
            not_done="The file is not in the library yet.",
            next_step="Send the rest.",
        )
    pieces = Piece.objects.filter(upload=upload).order_by("offset").values_list("data", flat=True)
    kept = keep(upload.workspace, b"".join(bytes(piece) for piece in pieces), upload.name)
    upload.file = kept
    upload.save(update_fields=["file"])
    Piece.objects.filter(upload=upload).delete()
    return kept


@intake
def give_up(upload: Upload) -> None:
    """Let an upload go with everything of it that came. A file that it became stays."""
    Upload.objects.filter(pk=upload.pk).delete()


def _locked(upload: Upload) -> Upload:
    found = (
        Upload.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .filter(pk=upload.pk)
        .first()
    )
    if found is None:
        raise NotFound(
            "This upload was given up, or waited for more than three days.", next_step="Add the file again."
        )
    return found


def _let_go(by: Member) -> None:
    Upload.objects.filter(workspace=by.workspace_id, moved_at__lt=clock.now() - KEPT).delete()
