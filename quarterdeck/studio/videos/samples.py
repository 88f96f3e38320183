"""Where the samples of a track lie: its chunks, from the tables in `stbl` (ISO/IEC 14496-12, 8.7)."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from quarterdeck.studio.videos import NotAVideo, damaged
from quarterdeck.studio.videos.boxes import Box, File

Span = tuple[int, int]  # [from, to)

MOST_CHUNKS = 2_000_000


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same places in order, none touching another."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def spans(file: File, found: Mapping[bytes, Box], data: Sequence[Box], frame: int) -> Iterator[Span]:
    """The chunks of a track. `frame`: how many bytes a sample of plain sound has at least, since old files say 1.

    Raises NotAVideo for a chunk that does not lie in one of the boxes `data`.
    """
    offsets = _offsets(file, found)
    sizes, each, count = _sizes(file, found)
    each = max(each, frame) if not sizes else each
    starts = [box.body for box in data]
    sample = 0
    for offset, many in zip(offsets, _per_chunk(file, found, len(offsets)), strict=True):
        many = min(many, count - sample)
        length = sum(sizes[sample : sample + many]) if sizes else many * each
        sample += many
        place = bisect_right(starts, offset) - 1
        if place < 0 or offset > data[place].end:
            raise damaged()
        end = offset + length
        if end > data[place].end:
            if sizes or not frame:
                raise damaged()
            end = data[place].end
        if end > offset:
            yield offset, end


def _offsets(file: File, found: Mapping[bytes, Box]) -> Sequence[int]:
    wide = b"co64" in found
    made = _table(file, found.get(b"co64" if wide else b"stco"), 4, 8 if wide else 4)
    if len(made) > MOST_CHUNKS:
        raise NotAVideo("The video is scattered into more pieces than can be looked at.")
    return made


def _sizes(file: File, found: Mapping[bytes, Box]) -> tuple[Sequence[int], int, int]:
    """The bytes of each sample, or one number for all, and how many samples there are."""
    box = found.get(b"stsz") or found.get(b"stz2")
    if box is None or box.end - box.body < 12:
        raise damaged()
    each, count = file.number(box.body + 4, 4), file.number(box.body + 8, 4)
    if box.name == b"stsz":
        return ((), each, count) if each else (_table(file, box, 8, 4), 0, count)
    if each not in {8, 16}:
        raise NotAVideo("The video counts its frames in a way that is not known here.")
    return _table(file, box, 8, each // 8), 0, count


def _per_chunk(file: File, found: Mapping[bytes, Box], chunks: int) -> Iterator[int]:
    """How many samples each chunk has."""
    flat = _table(file, found.get(b"stsc"), 4, 4, of=3)
    firsts = [*flat[::3], chunks + 1]
    if not chunks:
        return
    if firsts[0] != 1:
        raise damaged()
    for number, many in enumerate(flat[1::3]):
        if firsts[number + 1] <= firsts[number]:
            raise damaged()
        for _ in range(min(firsts[number + 1], chunks + 1) - firsts[number]):
            yield many


def _table(file: File, box: Box | None, before: int, width: int, of: int = 1) -> array[int]:
    """The numbers of a table, each of `width` bytes, `of` to a row; their count stands `before` bytes into the box."""
    if box is None or box.end - box.body < before + 4:
        raise damaged()
    count = file.number(box.body + before, 4) * of
    at = box.body + before + 4
    if count * width > box.end - at:
        raise damaged()
    made = array({1: "B", 2: "H", 4: "I", 8: "Q"}[width])
    made.frombytes(file.bytes_at(at, count * width))
    if sys.byteorder == "little":
        made.byteswap()
    return made
