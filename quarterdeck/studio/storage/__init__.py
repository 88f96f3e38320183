"""Where the bytes of files lie. Whoever keeps a file puts it into the database, in the transaction that makes its row:
so it is there or it is not, every process of a larger installation has it, and a backup holds it. When a bucket is
configured the worker moves it there afterwards (`moving.py`), outside any transaction, and lets the bytes in the
database go once they were read back the same. So nothing waits for the bucket, and while it is away nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from quarterdeck.core.problems import Problem
from quarterdeck.studio.models import File


class Unreachable(Problem):
    """The place where a file lies cannot be asked now, or does not let us; the words say which."""

    status = 503
    code = "unreachable"

    def __init__(self, title: str, *, next_step: str = "Try again in a minute.") -> None:
        super().__init__(title, not_done="Nothing was changed.", next_step=next_step)


class Gone(Unreachable):
    """The file is not there, or not any more."""


class Store(Protocol):
    """What a place for files can do. No file is ever in memory as a whole."""

    def put(self, file: File, pieces: Iterable[bytes]) -> None:
        """Keep the bytes of a file. Done twice, it is the same."""

    def get(self, file: File, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, at most a megabyte at a time. Raises Gone where there are none."""

    def delete(self, file: File) -> None:
        """Let the bytes go. Nothing happens when they are gone already."""

    def exists(self, file: File) -> bool: ...


def of(file: File) -> Store:
    """Where this file lies, as its row says."""
    from quarterdeck.studio.storage.bucket import Bucket
    from quarterdeck.studio.storage.database import Database

    return Bucket() if file.in_bucket else Database()


def pieces(file: File, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to `end`, also when the file is moved while it is read."""
    moved = file.in_bucket
    while start < end:
        try:
            for part in of(file).get(file, start, end):
                yield part
                start += len(part)
        except Gone:
            file.refresh_from_db(fields=["in_bucket"])
            if moved or not file.in_bucket:
                raise
            moved = True
