"""Files that come in pieces, so that a lost connection or a reload costs only the piece that was on its way.

As the resumable uploads of tus 1.0 (https://tus.io/protocols/resumable-upload): begun with its size, each piece names
the offset it begins at, and the server says how far it has come. A piece that came before is not written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Sum

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Member
from quarterdeck.studio import images, limits, rows, videos
from quarterdeck.studio.intake.files import keep
from quarterdeck.studio.models import PIECE, File, Piece, Upload

MOST_OPEN = 100  # uploads of one member that have not arrived
MOST_WAITING = 2 * limits.GB  # bytes of all uploads of a workspace that have not arrived
KEPT = timedelta(days=3)  # after its last piece an unfinished one is let go


@intake
def begin(by: Member, *, key: str, name: str, size: int) -> Upload:
    """Begin an upload, or find the one that this member began under the same `key`.

    Raises Invalid for a size that is not taken, Conflict when too much is on its way already.
    """
    _let_go(by)
    if size < 1:
        raise rows.refused(name, "It is empty.")
    if size > limits.largest():
        raise rows.refused(name, f"It is larger than the {limits.largest() // limits.MB} MB that are taken.")
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
    """Take the piece that begins at `offset`: PIECE bytes, or what is left. One that came before changes nothing.

    Raises Conflict, with how far it has come, for a piece that does not follow; Invalid for one of another size.
    """
    upload = _locked(upload)
    if offset % PIECE or len(data) != min(PIECE, upload.size - offset):
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
    """Keep the file, now that all of it is here; its pieces go, or become those of the file. Done twice, it is the
    same file.

    Raises Conflict while some of it is missing, and Invalid, in words, for what is no file that is taken.
    """
    upload = _locked(upload)
    if upload.file_id is not None:
        return File.objects.select_related("workspace", "card").get(pk=upload.file_id)
    if upload.offset < upload.size:
        raise Conflict(
            f"Only {upload.offset:,} of {upload.size:,} bytes have come.",
            not_done="The file is not in the library yet.",
            next_step="Send the rest.",
        )
    arrived = _Arrived(upload)
    upload.file = _video(arrived) if videos.is_one(arrived.ask(0, 12)) else _picture(arrived)
    upload.save(update_fields=["file"])
    Piece.objects.filter(upload=upload).delete()
    return upload.file


class _Arrived:
    """What has come of an upload, of which one piece at a time is in memory."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self._at, self._piece = upload, -1, b""

    def ask(self, start: int, length: int) -> bytes:
        """The bytes from `start` on, so many of them or what there is."""
        made = bytearray()
        while length > len(made) and start + len(made) < self.upload.size:
            at = start + len(made)
            place = at % PIECE
            made += self.piece(at - place)[place : place + length - len(made)]
        return bytes(made)

    def piece(self, offset: int) -> bytes:
        if offset != self._at:
            found = Piece.objects.values_list("data", flat=True).get(upload=self.upload, offset=offset)
            self._at, self._piece = offset, bytes(found)
        return self._piece

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        for offset in range(0, self.upload.size, PIECE):
            yield offset, self.piece(offset)


def _picture(arrived: _Arrived) -> File:
    upload = arrived.upload
    if upload.size > images.LARGEST:
        most = f"{images.LARGEST // limits.MB} MB that are taken of a picture"
        raise rows.refused(upload.name, f"It is no MP4 or MOV video, and larger than the {most}.")
    return keep(upload.workspace, arrived.ask(0, upload.size), upload.name)


def _video(arrived: _Arrived) -> File:
    """Keep a video: what is no picture and no sound is emptied where it lies, and the pieces change their owner."""
    upload = arrived.upload
    if upload.size > limits.largest_video():
        raise rows.refused(
            upload.name, f"It is larger than the {limits.largest_video() // limits.MB} MB that are taken."
        )
    try:
        video = videos.read(arrived.ask, upload.size)
    except videos.NotAVideo as why:
        raise rows.refused(upload.name, str(why)) from None
    whole = hashlib.sha256()
    for offset, given in arrived.pieces():
        data = video.cleaned(offset, given)
        whole.update(data)
        if data is not given:
            Piece.objects.filter(upload=upload, offset=offset).update(data=data)
    facts = {
        "sha256": whole.hexdigest(),
        "mime": video.mime,
        "size": upload.size,
        "width": video.width,
        "height": video.height,
        "seconds": video.seconds,
        "codecs": ", ".join(one for one in (video.picture, video.sound) if one),
    }
    made, new = rows.kept(upload.workspace, upload.name, facts)
    if new:
        Piece.objects.filter(upload=upload).update(upload=None, file=made)
    return made


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
