"""Whose words were erased, kept in a file outside the database beside the newest checkpoints: a backup that is older
than an erasure brings back what was erased, and the database that comes out of it does not know.

One line each, `<workspace> <pseudonym>`; it names nobody. A line is written before the erasure commits, so that one
that was cut off in between is finished rather than forgotten.
"""

from __future__ import annotations

import fcntl
import os
import re
import uuid
from pathlib import Path

from quarterdeck.core import env
from quarterdeck.core.problems import Problem

_UID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LINE = re.compile(rf"({_UID}) ({_UID})\Z")
_LIMIT = 50_000_000  # bytes

Erased = tuple[uuid.UUID, uuid.UUID]  # workspace, pseudonym


class Unreadable(Problem):
    """The file cannot be read, or a line of it is none."""


def file() -> Path:
    return env.data_dir() / "ledger" / "erasures"


def known() -> list[Erased]:
    """Every erasure that was noted here, oldest first, each once."""
    path = file()
    try:
        if path.stat().st_size > _LIMIT:
            raise Unreadable(f"{path} is too large to be the list of erasures.", next_step=_MEND)
        *lines, _ = path.read_text("ascii").split("\n")  # a torn last line was never committed
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unreadable(f"{path} cannot be read: {wrong}.", next_step=_MEND) from wrong
    found: dict[Erased, None] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if match is None:
            raise Unreadable(f"Line {number} of {path} is no erasure.", not_done=_NOT_DONE, next_step=_MEND)
        found[uuid.UUID(match[1]), uuid.UUID(match[2])] = None
    return list(found)


_NOT_DONE = "Whether the database holds what was erased before was not looked at."
_MEND = "Put back the file as it was saved last; do not start Quarterdeck with a restored database before."


def note(erased: list[Erased]) -> None:
    """Add what is new, durably; of two processes one waits. OSError when it cannot be written."""
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        there = set(known())
        out.seek(out.read().rfind(b"\n") + 1)
        out.truncate()
        out.write(
            b"".join(
                b"%s %s\n" % (str(w).encode(), str(p).encode()) for w, p in erased if (w, p) not in there
            )
        )
        out.flush()
        os.fsync(out.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
