"""Where the bytes of files lie. Whoever keeps a file puts it into the database, in the transaction that makes its row:
so it is there or it is not, every process of a larger installation has it, and a backup holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from quarterdeck.studio.models import File


class Store(Protocol):
    """What a place for files can do. Nothing is ever in memory as a whole."""

    def put(self, file: File, pieces: Iterable[bytes]) -> None:
        """Keep the bytes of a file. Done twice, it is the same."""

    def get(self, file: File, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, at most a megabyte at a time."""

    def delete(self, file: File) -> None:
        """Let the bytes go. Nothing happens when they are gone already."""

    def exists(self, file: File) -> bool: ...


def of(file: File) -> Store:
    """Where this file lies."""
    from quarterdeck.studio.storage.database import Database

    return Database()
