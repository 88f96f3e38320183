"""Keeping files. Named by their content: keeping the same bytes twice changes nothing, so it is no act; the post that
carries a file names it by its hash, and that is recorded.
"""

from __future__ import annotations

import hashlib
import unicodedata

from django.db.models import Sum

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Workspace
from quarterdeck.studio import clamd, images, jobs
from quarterdeck.studio.models import File, Scan, Small

MOST_BYTES = 5 * 2**30  # of all files of a workspace
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


@intake
def keep(workspace: Workspace, data: bytes, name: str, *, cut_from: File | None = None) -> File:
    """Keep a picture without what travelled with it (place, camera, comments); the same one is kept once. A small
    one for lists is made by the worker.

    Its type is decided by its content, never by `name`. Raises Invalid, in words, for what is no picture that is
    taken, is too large, or finds no room.
    """
    shown = _name(name)
    if len(data) > images.LARGEST:
        raise _refused(shown, f"It is larger than the {images.LARGEST // 2**20} MB that are taken.")
    try:
        picture = images.read(data)
    except images.NotAPicture as why:
        raise _refused(shown, str(why)) from None
    sha256 = hashlib.sha256(picture.data).hexdigest()
    found = File.objects.filter(workspace=workspace, sha256=sha256).defer("data").first()
    if found is not None:
        if (
            found.cut_from_id and cut_from is None
        ):  # now it is brought by itself, so that it stands among the others
            found.cut_from = None
            found.save(update_fields=["cut_from"])
        return found
    kept = File.objects.filter(workspace=workspace).aggregate(all=Sum("size"))["all"] or 0
    if kept + len(picture.data) > MOST_BYTES:
        raise _refused(shown, f"This workspace keeps {MOST_BYTES // 2**30} GB of files already, its most.")
    made, new = File.objects.get_or_create(
        workspace=workspace,
        sha256=sha256,
        defaults={
            "name": _with_ending(shown, picture.mime),
            "mime": picture.mime,
            "size": len(picture.data),
            "width": picture.width,
            "height": picture.height,
            "data": picture.data,
            "kept_at": clock.now(),
            "cut_from": cut_from,
        },
    )
    if new:
        jobs.make_small.defer(file=str(made.pk))
        if clamd.is_configured():
            jobs.scan.defer(file=str(made.pk))
    return made


@intake
def keep_small(file: File, *, mime: str = "", data: bytes = b"", frames: int = 1, trouble: str = "") -> Small:
    """Keep the small picture of a file, or why there is none."""
    made = {"mime": mime, "data": data, "frames": max(1, frames), "trouble": trouble[:300]}
    return Small.objects.update_or_create(file=file, defaults=made | {"made_at": clock.now()})[0]


@intake
def keep_scan(file: File, *, found: str = "", trouble: str = "") -> Scan:
    """Keep what the virus scanner said of a file, or why it said nothing yet."""
    now = clock.now()
    said = {"found": found[:100], "trouble": trouble[:300], "asked_at": now}
    return Scan.objects.update_or_create(file=file, defaults=said | {"seen_at": None if trouble else now})[0]


def _refused(name: str, why: str) -> Invalid:
    return Invalid(
        f"“{name}” was not added. {why}",
        not_done="Nothing of it was kept.",
        next_step="Choose another picture.",
        fields={"file": why},
    )


def _name(name: str) -> str:
    """The last part of a file's name, without control characters; at most 100 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>')
    return plain.strip(" .")[-100:] or "picture"


def _with_ending(name: str, mime: str) -> str:
    stem, dot, ending = name.rpartition(".")
    known = {"image/jpeg": {"jpg", "jpeg", "jpe"}}.get(mime, {_ENDINGS[mime][1:]})
    return (
        name
        if dot and ending.lower() in known
        else (stem if dot and len(ending) <= 5 else name) + _ENDINGS[mime]
    )
