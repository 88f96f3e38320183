"""The studio's background work that carries no guarantee: small pictures for lists, and the virus scanner."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db.models import F, QuerySet
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.core.loops import returning_connections
from quarterdeck.studio import clamd, pixels, reads
from quarterdeck.studio.models import File
from quarterdeck.studio.storage import Unreachable, bucket, moving

_log = logging.getLogger(__name__)
SIDE = 480  # pixels
MISSING_AT_ONCE = 100


@app.task(
    name="studio.make_small", queue="studio", lock="studio.make_small"
)  # one at a time: each takes memory
def make_small(file: str) -> None:
    """Make the small picture of a file; idempotent: one that is there is not made again."""
    with returning_connections():
        draw(UUID(file))


def draw(pk: UUID) -> None:
    """Make the small picture of a file that has none yet, or note why there is none."""
    from quarterdeck.studio import intake  # which puts these jobs into the queue

    found = _without_small().filter(pk=pk).first()
    if found is None:
        return
    try:
        mime, data, frames = pixels.small(reads.data(pk), SIDE)
    except Unreachable:
        return  # `make_missing` comes by again
    except pixels.CannotDraw as why:
        intake.keep_small(found, trouble=str(why))
    else:
        intake.keep_small(found, mime=mime, data=data, frames=frames)


def _without_small() -> QuerySet[File]:
    """Pictures; of a video a browser shows a frame by itself."""
    return File.objects.filter(small=None, seconds=None)


@app.periodic(cron="7 * * * *")
@app.task(name="studio.make_missing", queueing_lock="studio.make_missing", queue="studio", pass_context=True)
def make_missing(context, timestamp: int) -> None:
    """Files from before there were small pictures, and those whose job was lost."""
    with returning_connections():
        for pk in _without_small().values_list("pk", flat=True)[:MISSING_AT_ONCE]:
            draw(pk)


@app.task(name="studio.move", queue="studio", lock="studio.move")
def move(file: str) -> None:
    """Move a file into the bucket; idempotent. While the bucket is away it stays, and `move_waiting` tries again."""
    with returning_connections():
        _move(UUID(file))


def _move(pk: UUID) -> bool:
    try:
        moving.move(pk)
    except Unreachable as why:
        _log.warning("A file was not moved: %s", why.title)
        return False
    return True


@app.periodic(cron="*/10 * * * *")
@app.task(name="studio.move_waiting", queueing_lock="studio.move_waiting", queue="studio", pass_context=True)
def move_waiting(context, timestamp: int) -> None:
    """Files from before there was a bucket, and those for which it was away; it ends with the first that fails."""
    with returning_connections():
        move_those_that_wait()


def move_those_that_wait() -> None:
    waiting = File.objects.filter(in_bucket=False).order_by("kept_at") if bucket.is_configured() else ()
    for file in waiting[:MISSING_AT_ONCE]:
        if not _move(file.pk):
            return


@app.task(name="studio.drop", queue="studio", retry=RetryStrategy(max_attempts=20, linear_wait=3600))
def drop(key: str) -> None:
    """Delete from the bucket what belongs to no file any more."""
    bucket.Bucket().delete_key(key)


@app.task(name="studio.scan", queue="studio")
def scan(file: str) -> None:
    """Ask the virus scanner about a file; idempotent: one it gave its verdict on is not asked about again."""
    with returning_connections():
        look(UUID(file))


def look(pk: UUID) -> bool:
    """Ask the scanner about a file that has no verdict yet. False when the scanner is down, so that one waits."""
    from quarterdeck.studio import intake  # which puts these jobs into the queue

    found = File.objects.filter(pk=pk, scan__seen_at=None).first()
    if found is None or not clamd.is_configured():
        return True
    try:
        intake.keep_scan(found, found=clamd.scan(clamd.address(), reads.pieces(found)))
    except (clamd.ScannerDown, Unreachable) as why:
        intake.keep_scan(found, trouble=str(why))
        return False
    return True


@app.periodic(cron="*/5 * * * *")
@app.task(name="studio.scan_waiting", queueing_lock="studio.scan_waiting", queue="studio", pass_context=True)
def scan_waiting(context, timestamp: int) -> None:
    """Files without a verdict: from before there was a scanner, and those for which it was down. Those that were asked
    about longest ago come first, so that one that it never takes does not keep the others."""
    with returning_connections():
        look_at_waiting()


def look_at_waiting() -> None:
    """Ask about those that wait, until two in a row get no verdict."""
    if not clamd.is_configured():
        return
    waiting = File.objects.filter(scan__seen_at=None).order_by(
        F("scan__asked_at").asc(nulls_first=True), "kept_at"
    )
    failed = 0
    for pk in waiting.values_list("pk", flat=True)[:MISSING_AT_ONCE]:
        failed = 0 if look(pk) else failed + 1
        if failed == 2:
            return
