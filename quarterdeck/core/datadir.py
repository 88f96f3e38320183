"""The data directory: made private, marked with its version, and used by one `quarterdeck up` at a time.

    quarterdeck.json    the version of what lies here; a newer one is refused
    quarterdeck.lock    held by the running `up` (or by a command that started the database for a moment)
    running.json        how commands reach the running `up` and its database (mode 0600)
    quarterdeck.log     what every process said

No Django here: the supervisor uses it too.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from pathlib import Path

import quarterdeck

DATA_VERSION = 1  # raised when what lies in the data directory outside the database changes its form

MARKER = "quarterdeck.json"


class DataProblem(RuntimeError):
    """The data directory cannot be used; the words say why and what to do."""


class InUse(DataProblem):
    """Another process of Quarterdeck has the data directory."""


def ensure(path: Path) -> str:
    """Make `path` (mode 0700) and its marker, or check them. DataProblem in words when it cannot be used.

    One of ours that others could look into is closed to them; returns a sentence that says so, else the empty string.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        closed = _close_to_others(path)
        _check_writable(path)
        _check_version(path / MARKER)
    except OSError as error:
        raise DataProblem(words(path, error)) from None
    return closed


def _close_to_others(path: Path) -> str:
    """Take from every other account what it may do in `path`. DataProblem when the directory is not ours to close.

    Root may have let PostgreSQL's account pass through (mode 0711) or have a database inside that needs it.
    """
    seen = path.stat()
    mode = stat.S_IMODE(seen.st_mode)
    root = os.geteuid() == 0
    if not mode & (0o066 if root else 0o077):
        return ""
    if not (path / MARKER).exists() and any(path.iterdir()):
        raise DataProblem(
            f"{path} is open to other accounts (mode {mode:04o}) and holds what is not Quarterdeck's. Nothing was "
            "changed. Choose a directory of its own with --data, or close this one first: chmod 700"
        )
    wanted = 0o700 | (mode & 0o011 if root and (path / "postgres").exists() else 0)
    if seen.st_uid != os.geteuid() and not root:
        raise DataProblem(
            f"{path} belongs to another account, and others can look into it (mode {mode:04o}). It holds keys and "
            "what people wrote. Nothing was changed. Choose a directory of your own with --data."
        )
    path.chmod(wanted)
    return f"Others could look into {path} (mode {mode:04o}); it is closed to them now (mode {wanted:04o})."


def _check_writable(path: Path) -> None:
    """By writing: permissions, a read-only mount and a full disk all answer the same question."""
    trial = path / f".trial-{os.getpid()}"
    try:
        with open(trial, "wb") as file:
            file.write(bytes(65536))
            file.flush()
            os.fsync(file.fileno())
    finally:
        trial.unlink(missing_ok=True)


def _check_version(marker: Path) -> None:
    try:
        known = json.loads(marker.read_text())
        version = int(known["data"])
    except FileNotFoundError:
        scratch = marker.with_suffix(".tmp")
        scratch.write_text(json.dumps({"data": DATA_VERSION, "quarterdeck": quarterdeck.__version__}))
        os.replace(scratch, marker)
        return
    except (ValueError, KeyError, TypeError):
        raise DataProblem(
            f"{marker} is damaged. If this is a data directory of Quarterdeck, put back the file from a copy."
        ) from None
    if version > DATA_VERSION:
        raise DataProblem(
            f"The data in {marker.parent} was written by a newer Quarterdeck ({known.get('quarterdeck', '?')}; "
            f"this one is {quarterdeck.__version__}). Install that version again. Nothing was changed."
        )


def words(path: Path, error: OSError) -> str:
    """What an error of the file system means to a person."""
    if error.errno == errno.ENOSPC or error.errno == errno.EDQUOT:
        return f"The disk that holds {path} is full. Free some space and start again."
    if error.errno == errno.EROFS:
        return f"{path} lies on a read-only file system. Choose another data directory with --data."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{path} cannot be written by this user. Choose another data directory with --data."
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return f"{path} is not a directory. Choose another data directory with --data."
    return f"{path} cannot be used: {error.strerror or error}."


class Lock:
    """The data directory is ours while this is held. The system lets go of it when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path / "quarterdeck.lock"
        self._descriptor = -1
        self.left_behind = False  # the one before us did not end by itself

    def take(self, purpose: str) -> None:
        """Take it or raise InUse, naming who has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise InUse(
                f"The data in {self._path.parent} is in use by {holder or 'another process'}. "
                "Stop it first, or choose another data directory with --data."
            ) from None
        self.left_behind = os.pread(descriptor, 200, 0).strip() != b""
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"“quarterdeck {purpose}” (process {os.getpid()})\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1


def write_running(path: Path, facts: dict[str, str]) -> None:
    """Tell other commands how the running `up` is reached: environment variables by name, the database's URL too."""
    scratch = path / ".running.json"
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(facts, out)
    os.replace(scratch, path / "running.json")


def read_running(path: Path) -> dict[str, str]:
    """What the running `up` wrote down; empty when there is none."""
    try:
        facts = json.loads((path / "running.json").read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in facts.items()}


def remove_running(path: Path) -> None:
    (path / "running.json").unlink(missing_ok=True)
