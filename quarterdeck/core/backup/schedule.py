"""When backups are made and tried out, and what the Desk may say about them. The rows are `core.models.BackupRun`."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db import connection

from quarterdeck.core import backup, clock, env, store
from quarterdeck.core.backup import database as backup_database
from quarterdeck.core.loops import returning_connections
from quarterdeck.core.models import BackupRun
from quarterdeck.core.verbs import intake

_log = logging.getLogger("quarterdeck.backup")

HOUR = time(2, 0)  # of this machine's own time zone
STALE = timedelta(hours=48)
TEST_EVERY = timedelta(days=7)
_LOCK = 0x5144_4241  # an advisory lock: of several workers one makes the backup
BACKUP, TEST = "backup", "test"  # the kinds of BackupRun
_SINCE = "installation.since"

# `config` adds what a restored database must pass: called with its URL and the folder of the files that
# were restored with it; returns a problem in words, or "".
CHECKS: list[Callable[[str, Path], str]] = []


class Nightly:
    """Looks every minute whether a backup is due; catches up after a night in which the machine was off."""

    name = "backups"

    def __init__(self, every: float = 60.0) -> None:
        self._every = every
        self._not_before: datetime | None = None  # after a failure: try again in an hour

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with returning_connections():
                self.look()
            stop.wait(self._every)

    def look(self) -> None:
        """Make and try out what is due now."""
        now = clock.now()
        keep_count_from(now)
        if self._not_before is not None and now < self._not_before:
            return
        if not backup_due(now) and not test_due(now):
            return
        with _only_one() as mine:
            if not mine:
                return
            good = True
            if backup_due(clock.now()):
                good = make_one().succeeded
            if good and test_due(clock.now()):
                good = try_newest().succeeded
            self._not_before = None if good else clock.now() + timedelta(hours=1)


@contextmanager
def _only_one():  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def keep_count_from(now: datetime) -> None:
    """Note when this installation began to keep count of its backups, unless it is noted already."""
    if store.get(_SINCE) is None:
        store.put(_SINCE, now.isoformat())


def since(now: datetime) -> datetime:
    """When this installation began to keep count; `now` while it has not begun. Writes nothing: pages ask it."""
    known = store.get(_SINCE)
    return datetime.fromisoformat(known) if known else now


def newest(kind: str, *, succeeded: bool = True) -> BackupRun | None:
    runs = BackupRun.objects.filter(kind=kind, ended_at__isnull=False)
    return (runs.filter(succeeded=True) if succeeded else runs).order_by("-started_at").first()


def backup_due(now: datetime) -> bool:
    """Whether the last two o'clock (local) has passed without a backup since.

    A new installation has nothing worth keeping until its first night.
    """
    last_night = _last(HOUR, now)
    last = newest(BACKUP)
    if last is None:
        return since(now) < last_night
    return last.started_at < last_night


def test_due(now: datetime) -> bool:
    """Whether there is a backup and none was tried out for a week."""
    if newest(BACKUP) is None or not backup.kept():
        return False
    last = newest(TEST)
    return last is None or now - last.started_at >= TEST_EVERY


def _last(hour: time, now: datetime) -> datetime:
    """The last instant at which a clock on this wall showed `hour`."""
    local = now.astimezone()
    today = datetime.combine(local.date(), hour).astimezone()
    return today if today <= local else datetime.combine(local.date() - timedelta(days=1), hour).astimezone()


def make_one() -> BackupRun:
    """Make a backup, forget the oldest, and write down how it went. Never raises for an expected failure."""
    run = _begin(BACKUP)
    try:
        path = backup.make()
        backup.forget_old()
    except (backup.BackupProblem, backup.ClusterProblem) as problem:
        _log.error("The backup failed: %s", problem)
        return _end(run, False, words=str(problem))
    _log.info("A backup was made: %s", path)
    return _end(run, True, path=str(path), size=path.stat().st_size)


def try_newest() -> BackupRun:
    """Restore the newest backup into a scratch database, compare what is in it, and write down how it went."""
    run = _begin(TEST)
    path = backup.kept()[0]
    try:
        words = _try(path)
    except (backup.BackupProblem, backup.ClusterProblem) as problem:
        _log.error("Trying out the backup %s failed: %s", path, problem)
        return _end(run, False, path=str(path), words=str(problem))
    _log.info("The backup %s was tried out: %s", path.name, words)
    return _end(run, True, path=str(path), size=path.stat().st_size, words=words)


def _try(path: Path) -> str:
    url, name = env.get("DATABASE_URL"), f"quarterdeck_scratch_{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix=".trying-", dir=backup.folder()) as folder:
        backup.unpack(path, Path(folder))
        backup_database.drop_database(url, name)
        backup_database.make_database(url, name)
        scratch = backup_database.scratch_url(url, name)
        try:
            backup_database.restore(scratch, Path(folder) / "database.dump")
            tables = backup_database.count_tables(scratch)
            if tables == 0:
                raise backup.BackupProblem(f"{path.name} was restored and holds no table.")
            for check in CHECKS:
                if problem := check(scratch, Path(folder) / "files"):
                    raise backup.BackupProblem(problem)
        finally:
            backup_database.drop_database(url, name)
    return f"{tables} tables were restored" + (" and checked." if CHECKS else ".")


def health(now: datetime) -> str:
    """See `backup.health`."""
    last = newest(BACKUP)
    begun = last.started_at if last else since(now)
    if now - begun > STALE:
        failed = newest(BACKUP, succeeded=False)
        why = f" The last try said: {failed.words}" if failed is not None and failed.words else ""
        hours = int((now - begun).total_seconds() // 3600)
        what = f"The newest backup is {hours} hours old." if last else "There is no backup yet."
        return what + why
    tried = newest(TEST, succeeded=False)
    if tried is not None and not tried.succeeded:
        return f"The newest backup could not be restored when that was tried: {tried.words}"
    return ""


def note(path: Path, started_at: datetime) -> BackupRun:
    """Write down a backup that somebody made by hand."""
    run = _begin(BACKUP, started_at)
    return _end(run, True, path=str(path), size=path.stat().st_size, words="Made by hand.")


@intake
def _begin(kind: str, started_at: datetime | None = None) -> BackupRun:
    return BackupRun.objects.create(kind=kind, started_at=started_at or clock.now())


@intake
def _end(run: BackupRun, succeeded: bool, *, path: str = "", size: int = 0, words: str = "") -> BackupRun:
    run.ended_at, run.succeeded, run.path, run.size, run.words = clock.now(), succeeded, path, size, words
    run.save()
    return run
