"""Files in the database: rows of a megabyte each, read one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quarterdeck.studio.models import PIECE, File, Piece
from quarterdeck.studio.storage import Gone


class Database:
    def put(self, file: File, pieces: Iterable[bytes]) -> None:
        offset = 0
        for data in _even(pieces):
            Piece.objects.get_or_create(file=file, offset=offset, defaults={"data": data})
            offset += len(data)

    def get(self, file: File, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            at = start - start % PIECE
            data = Piece.objects.filter(file=file, offset=at).values_list("data", flat=True).first() or b""
            part = bytes(memoryview(data)[start - at : end - at])
            if not part:
                raise Gone("The bytes of this file are not in the database.")
            yield part
            start += len(part)

    def delete(self, file: File) -> None:
        Piece.objects.filter(file=file).delete()

    def exists(self, file: File) -> bool:
        return Piece.objects.filter(file=file, offset=0).exists()


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)
