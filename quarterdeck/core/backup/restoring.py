"""Putting a backup back, on the machine it came from or on another. What is there is set aside, never overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from quarterdeck.core import backup, clock, env
from quarterdeck.core.backup import BackupProblem, Manifest
from quarterdeck.core.backup import database as backup_database
from quarterdeck.core.postgres.account import ClusterProblem


@dataclass(slots=True)
class Restored:
    """What was done: the backup's own words, the name under which the former database is kept, the keys."""

    manifest: Manifest
    former_database: str = ""
    files: int = 0  # put back
    files_kept: int = 0  # were there already, and stay as they are
    keys: str = "missing"  # "put back", "the same", "missing"
    notes: list[str] = field(default_factory=list)


def restore(path: Path, *, keys: Path | None = None, replace: bool = False) -> Restored:
    """Put the backup `path` in the place of what is in DATABASE_URL and the data directory.

    BackupProblem or ClusterProblem in words, with nothing changed, when the backup is damaged or newer, or
    when there is data already and `replace` is not given. Nothing of Quarterdeck may be running.
    """
    url = env.get("DATABASE_URL")
    manifest = backup.read_manifest(path)
    keys = keys or (backup.keys_of(path) if backup.keys_of(path).exists() else None)
    if keys is not None and not keys.is_file():
        raise BackupProblem(f"There is no file {keys}. Nothing was changed.")
    occupied = backup_database.count_tables(url) > 0
    if occupied and not replace:
        raise BackupProblem(
            "There is data here already. Nothing was changed. Choose an empty data directory with --data, or say "
            "--replace: then the present database is kept under another name."
        )
    done = Restored(manifest)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=env.data_dir()) as scratch:
        folder = Path(scratch)
        backup.unpack(path, folder)
        if keys is not None:
            _unpack_keys(keys, folder)
        _refuse_other_keys(folder / "keys", replace)
        done.former_database = _database(url, folder / "database.dump", occupied)
        _files(folder / "files", env.data_dir(), done)
        done.keys = _keys(folder / "keys")
    return done


def _unpack_keys(keys: Path, folder: Path) -> None:
    try:
        wrong = backup.unpack_tar(keys, folder)
    except OSError as error:
        wrong = str(error.strerror)
    if wrong:
        raise BackupProblem(f"{keys} is not a file of keys, or it is damaged: {wrong}. Nothing was changed.")


def _database(url: str, dump: Path, occupied: bool) -> str:
    """Restore beside the present database and then change names; the name of the former one if it held data."""
    name = str(conninfo_to_dict(url)["dbname"])
    stamp = clock.now().strftime("%Y%m%d%H%M%S")
    fresh, former = f"{name}_restoring_{stamp}", f"{name}_before_{stamp}"
    try:
        backup_database.make_database(url, fresh)
    except ClusterProblem:
        if occupied:
            raise
        backup_database.restore(url, dump)  # an empty database of somebody else's server, used as it is
        return ""
    fresh_url = backup_database.scratch_url(url, fresh)
    try:
        backup_database.restore(fresh_url, dump)
        if backup_database.count_tables(fresh_url) == 0:
            raise BackupProblem("The backup holds no table. Nothing was changed.")
    except BaseException:
        backup_database.drop_database(url, fresh)
        raise
    backup_database.rename_database(fresh_url, name, former)
    backup_database.rename_database(backup_database.scratch_url(url, former), fresh, name)
    if occupied:
        return former
    backup_database.drop_database(url, former)
    return ""


def _files(source: Path, target: Path, done: Restored) -> None:
    """Copy what is missing. A file that is there is newer or the same: the ledger's outside checkpoint above all."""
    for folder, _, names in os.walk(source):
        here = target / Path(folder).relative_to(source)
        here.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in names:
            if (here / name).exists():
                done.files_kept += 1
            else:
                shutil.copy2(Path(folder) / name, here / name)
                done.files += 1


def _refuse_other_keys(restored: Path, replace: bool) -> None:
    if not restored.is_dir() or replace:
        return
    for file in restored.rglob("*"):
        present = env.keys_dir() / file.relative_to(restored)
        if file.is_file() and present.exists() and present.read_bytes() != file.read_bytes():
            raise BackupProblem(
                f"There are other keys in {env.keys_dir()}. Nothing was changed. Say --replace to set them aside, "
                "or choose an empty data directory with --data."
            )


def _keys(restored: Path) -> str:
    """Put the keys in place; other keys that were there move to a folder beside."""
    target = env.keys_dir()
    if not restored.is_dir():
        return "the same" if target.is_dir() and any(target.iterdir()) else "missing"
    other = [
        file
        for file in restored.rglob("*")
        if file.is_file()
        and (target / file.relative_to(restored)).exists()
        and (target / file.relative_to(restored)).read_bytes() != file.read_bytes()
    ]
    if other:
        os.rename(target, target.with_name(f"{target.name}.before-{clock.now():%Y%m%d%H%M%S}"))
    for file in sorted(restored.rglob("*")):
        place = target / file.relative_to(restored)
        if file.is_dir():
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        elif not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(file, place)
            os.chmod(place, 0o600)
    os.chmod(target, 0o700)
    return "put back"
