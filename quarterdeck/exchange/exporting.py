"""How a full export is made: written beside, then put in its place and said to be ready. Killed in between, it is
written anew; its file is deleted a week later.
"""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from quarterdeck.core import clock, env, registries
from quarterdeck.core.problems import Conflict
from quarterdeck.exchange import archive, intake, verbs
from quarterdeck.exchange.models import Export

_log = logging.getLogger("quarterdeck.exchange")
_LEFT_BEHIND = timedelta(days=1)


def folder() -> Path:
    """Where exports lie: in the data directory, for nobody else on this machine."""
    found = env.data_dir() / "exports"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path(export: Export) -> Path:
    return folder() / f"{export.pk.hex}.zip"


def is_there(export: Export) -> bool:
    """Whether it can be fetched: ready, not expired, and its file lies here."""
    ready = export.state == Export.State.READY and export.expires_at is not None
    return ready and clock.now() < export.expires_at and path(export).exists()


def make(export_id: UUID | str) -> None:
    """Write the archive of an export that was asked for; anything else is left as it is."""
    export = (
        Export.objects.select_related("workspace", "by__user", "by__workspace")
        .filter(pk=export_id, state=Export.State.ASKED)
        .first()
    )
    if export is None:
        return
    parts = list(registries.exports)
    beside = folder() / f"{export.pk.hex}.{os.getpid()}.part"
    try:
        intake.move_export(export, 0, len(parts))
        size, digest = archive.write(
            beside,
            export.workspace,
            parts,
            clock.now(),
            lambda done: intake.move_export(export, done, len(parts)),
        )
        os.replace(beside, path(export))
        verbs.say_made(export, size=size, sha256=digest)
    except archive.NoRoom as why:
        _say_failed(export, str(why))
    except Conflict:
        _log.info("The export %s was made by another run.", export.pk)
    except Exception:
        _log.exception("The export %s was not made.", export.pk)
        _say_failed(export, "Something broke while it was written; the log says what.")
    finally:
        beside.unlink(missing_ok=True)


def _say_failed(export: Export, words: str) -> None:
    try:
        verbs.say_failed(export, words=words)
    except Conflict:
        _log.info("The export %s was made by another run.", export.pk)


def clear() -> None:
    """Delete the files of exports that have expired, and what a killed run left behind."""
    now = clock.now()
    alive = {
        f"{pk.hex}.zip"
        for pk in Export.objects.filter(state=Export.State.READY, expires_at__gt=now).values_list(
            "pk", flat=True
        )
    }
    old = (now - _LEFT_BEHIND).timestamp()
    for file in folder().iterdir():
        left = file.suffix == ".part" and file.stat().st_mtime < old
        if left or (file.suffix == ".zip" and file.name not in alive):
            file.unlink(missing_ok=True)
