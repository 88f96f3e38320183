"""Backups: one file with the database and the other files of the data directory, and a second one with the keys.

    quarterdeck-20261123-020000.tar         manifest.json, database.dump (pg_dump's own format), files/..., sums.json
    quarterdeck-20261123-020000-keys.tar    keys/...   (mode 0600; whoever has both files has everything)

Keys stay out of the first file because it travels: to a disk, to a cloud, to a person who helps. Without the
keys its secrets stay sealed, and nobody can sign the ledger in our name. Keep the two in different places.
Each night one is made and fourteen are kept; each week the newest is restored into a scratch database.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import quarterdeck
from quarterdeck.core import clock, datadir, env
from quarterdeck.core.backup import database as backup_database
from quarterdeck.core.loops import Loop
from quarterdeck.core.postgres.account import ClusterProblem

KEPT = 14
FORMAT = 1
SUMS = "sums.json"
_NAME = "quarterdeck-%Y%m%d-%H%M%S"
# In the data directory, but made anew, or another part of the backup, or of this machine only.
_LEFT_OUT = {"postgres", "backups", "static", "keys", "running.json", "quarterdeck.json", "quarterdeck.lock"}
_EARLY = {"ledger"}  # the newest checkpoints, kept outside the database


class BackupProblem(RuntimeError):
    """The backup cannot be made or read; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written into a backup about itself."""

    format: int
    quarterdeck: str
    data: int
    made_at: str  # ISO 8601, UTC
    postgres: int  # the server's major
    with_keys: bool


def folder() -> Path:
    """Where backups are kept: `backups` in the data directory."""
    return env.data_dir() / "backups"


def kept() -> list[Path]:
    """The backups in `folder()`, newest first."""
    found = [path for path in folder().glob("quarterdeck-*.tar") if not path.name.endswith("-keys.tar")]
    return sorted(found, key=lambda path: path.name, reverse=True)


def keys_of(path: Path) -> Path:
    """The file of keys that belongs to a backup."""
    return path.with_name(path.name.removesuffix(".tar") + "-keys.tar")


def make(into: Path | None = None, *, with_keys: bool = False) -> Path:
    """Make a backup of the database in DATABASE_URL and of the data directory; returns its path.

    Nothing appears under its final name before it is whole and on the disk. BackupProblem or ClusterProblem
    in words when it cannot be made; nothing half-made stays.
    """
    target = Path(into) if into else folder()
    made_at = clock.now()
    name = made_at.strftime(_NAME)
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=target) as scratch:
            # Before the database: a checkpoint older than the restored log is proved, a newer one is a fork.
            early = Path(scratch) / "early"
            for part in sorted(_EARLY):
                if (env.data_dir() / part).is_dir():
                    shutil.copytree(env.data_dir() / part, early / part, symlinks=True)
            dump = Path(scratch) / "database.dump"
            major = backup_database.dump(env.get("DATABASE_URL"), dump)
            manifest = Manifest(
                FORMAT, quarterdeck.__version__, datadir.DATA_VERSION, made_at.isoformat(), major, with_keys
            )
            whole, keys = Path(scratch) / "whole.tar", Path(scratch) / "keys.tar"
            _pack(whole, manifest, dump, early, with_keys)
            if not with_keys:
                _write_tar(keys, [(env.keys_dir(), "keys")], {})
                os.replace(keys, target / f"{name}-keys.tar")
            os.replace(whole, target / f"{name}.tar")
    except OSError as error:
        raise BackupProblem(datadir.words(target, error)) from None
    return target / f"{name}.tar"


def _pack(path: Path, manifest: Manifest, dump: Path, early: Path, with_keys: bool) -> None:
    parts = [(dump, "database.dump")]
    parts += [(early / name, f"files/{name}") for name in sorted(_EARLY) if (early / name).exists()]
    data = env.data_dir()
    for entry in sorted(data.iterdir()):
        if entry.name not in _LEFT_OUT | _EARLY and not entry.name.startswith((".", "quarterdeck.log")):
            parts.append((entry, f"files/{entry.name}"))
    if with_keys:
        parts.append((env.keys_dir(), "keys"))
    _write_tar(path, parts, {"manifest.json": json.dumps(asdict(manifest), indent=1).encode()})


def _write_tar(path: Path, parts: list[tuple[Path, str]], texts: dict[str, bytes]) -> None:
    """Write everything and, as the last member, the SHA-256 of each file as it went in."""
    sums: dict[str, str] = {}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name, text in texts.items():
                _add_text(tar, name, text)
            for source, name in parts:
                for file in _files_below(source):
                    inner = f"{name}/{file.relative_to(source)}" if file != source else name
                    sums[inner] = _add_file(tar, file, inner)
            _add_text(tar, SUMS, json.dumps(sums, indent=1).encode())
        out.flush()
        os.fsync(out.fileno())


def _files_below(source: Path) -> list[Path]:
    """Plain files; links and sockets are left out."""
    if source.is_file() and not source.is_symlink():
        return [source]
    return sorted(file for file in source.rglob("*") if file.is_file() and not file.is_symlink())


def _add_text(tar: tarfile.TarFile, name: str, text: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(text), 0o600
    tar.addfile(member, io.BytesIO(text))


def _add_file(tar: tarfile.TarFile, file: Path, name: str) -> str:
    with open(file, "rb") as opened:
        member = tar.gettarinfo(arcname=name, fileobj=opened)
        member.uname = member.gname = ""
        member.uid = member.gid = 0
        hashing = _Hashing(opened)
        tar.addfile(member, hashing)  # type: ignore[arg-type]
    return hashing.sum.hexdigest()


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sum.update(data)
        return data


def check_sums(folder: Path, present: list[str]) -> str:
    """What is wrong with unpacked files, in words, or the empty string. `present` are the members of the file."""
    try:
        sums = json.loads((folder / SUMS).read_text())
    except (OSError, ValueError):
        return "its list of sums is missing"
    (folder / SUMS).unlink()
    if set(present) != {*sums, SUMS}:
        return "files are missing or too many"
    for name, wanted in sums.items():
        with open(folder / name, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                return f"{name} was changed"
    return ""


def forget_old(keep: int = KEPT) -> list[Path]:
    """Remove all but the newest `keep` backups, each with its keys; returns what was removed."""
    removed = kept()[keep:]
    for path in removed:
        path.unlink(missing_ok=True)
        keys_of(path).unlink(missing_ok=True)
    return removed


def read_manifest(path: Path) -> Manifest:
    """What a backup says about itself. BackupProblem when it is none, damaged, or of a newer Quarterdeck."""
    try:
        with tarfile.open(path) as tar:
            found = tar.extractfile("manifest.json")
            facts = json.loads(found.read()) if found else {}
        manifest = Manifest(**{name: facts[name] for name in Manifest.__slots__})
    except FileNotFoundError:
        raise BackupProblem(f"There is no file {path}.") from None
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError):
        raise BackupProblem(f"{path} is not a backup of Quarterdeck, or it is damaged.") from None
    if manifest.format > FORMAT or manifest.data > datadir.DATA_VERSION:
        raise BackupProblem(
            f"{path} was made by Quarterdeck {manifest.quarterdeck}, which is newer than this one "
            f"({quarterdeck.__version__}). Install that version. Nothing was changed."
        )
    return manifest


def unpack(path: Path, into: Path) -> Manifest:
    """Unpack a backup into an empty folder. BackupProblem when it is damaged."""
    manifest = read_manifest(path)
    wrong = unpack_tar(path, into, but="manifest.json")
    if wrong:
        raise BackupProblem(f"{path} is damaged: {wrong}. Nothing was changed.")
    if not (into / "database.dump").is_file():
        raise BackupProblem(f"{path} is damaged: it holds no database. Nothing was changed.")
    return manifest


def unpack_tar(path: Path, into: Path, *, but: str = "") -> str:
    """Unpack and compare sums; what is wrong, in words, or the empty string."""
    try:
        with tarfile.open(path) as tar:
            members = [member for member in tar.getmembers() if member.name != but]
            tar.extractall(into, members, filter="data")
            return check_sums(into, [member.name for member in members if member.isfile()])
    except (tarfile.TarError, EOFError) as error:
        return str(error)


def nightly() -> Loop:
    """The worker's loop: a backup each night, and each week the test that one can be restored."""
    from quarterdeck.core.backup.schedule import Nightly

    return Nightly()


def health(now: datetime | None = None) -> str:
    """One sentence when backups need care (none, or none newer than 48 hours), else the empty string."""
    from quarterdeck.core.backup import schedule as backup_nightly

    return backup_nightly.health(now or clock.now())


__all__ = ["BackupProblem", "ClusterProblem", "folder", "forget_old", "health", "kept", "make", "nightly"]
