"""Keeping files. Named by their content: keeping the same bytes twice changes nothing, so it is no act; the post that
carries a file names it by its hash, and that is recorded.
"""

from __future__ import annotations

import hashlib

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import images, jobs, rows
from quarterdeck.studio.models import File, Scan, Small
from quarterdeck.studio.storage.database import Database


@intake
def keep(workspace: Workspace, data: bytes, name: str, *, cut_from: File | None = None) -> File:
    """Keep a picture without what travelled with it (place, camera, comments); the same one is kept once. A small
    one for lists is made by the worker.

    Its type is decided by its content, never by `name`. Raises Invalid, in words, for what is no picture that is
    taken, is too large, or finds no room.
    """
    if len(data) > images.LARGEST:
        raise rows.refused(name, f"It is larger than the {images.LARGEST // 2**20} MB that are taken.")
    try:
        picture = images.read(data)
    except images.NotAPicture as why:
        raise rows.refused(name, str(why)) from None
    facts = {
        "sha256": hashlib.sha256(picture.data).hexdigest(),
        "mime": picture.mime,
        "size": len(picture.data),
        "width": picture.width,
        "height": picture.height,
    }
    made, new = rows.kept(workspace, name, facts, cut_from)
    if new:
        Database().put(made, [picture.data])
        jobs.make_small.defer(file=str(made.pk))
    return made


@intake
def keep_small(file: File, *, mime: str = "", data: bytes = b"", frames: int = 1, trouble: str = "") -> Small:
    """Keep the small picture of a file, or why there is none."""
    made = {"mime": mime, "data": data, "frames": max(1, frames), "trouble": trouble[:300]}
    return Small.objects.update_or_create(file=file, defaults=made | {"made_at": clock.now()})[0]


@intake
def keep_moved(file: File) -> bool:
    """A file lies in the bucket from now on: its bytes here go. False when the file is not there any more."""
    found = File.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if found is None:
        return False
    found.in_bucket = True
    found.save(update_fields=["in_bucket"])
    Database().delete(found)
    return True


@intake
def keep_scan(file: File, *, found: str = "", trouble: str = "") -> Scan:
    """Keep what the virus scanner said of a file, or why it said nothing yet."""
    now = clock.now()
    said = {"found": found[:100], "trouble": trouble[:300], "asked_at": now}
    return Scan.objects.update_or_create(file=file, defaults=said | {"seen_at": None if trouble else now})[0]
