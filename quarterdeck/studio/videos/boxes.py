"""The boxes of a file: each with its size, its name and what is in it. Bounded whatever the file says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from quarterdeck.studio.videos import STILL, Ask, NotAVideo, cut_short, damaged

MOST_BOXES = 20_000
LARGEST_HEAD = 32 * 2**20  # bytes of `moov`: twelve for each of two and a half million frames
MOST_ZEROED = 2_000_000  # spans that are emptied

_VIDEO = frozenset(
    b"qt  |isom|iso2|iso3|iso4|iso5|iso6|iso7|iso8|iso9|mp41|mp42|avc1|M4V |M4VH|M4VP|MSNV|XAVC|f4v |3gp4|3gp5|3gp6"
    b"|3g2a|CAEP|niko|dby1".split(b"|")
)
_SOUND = frozenset(b"M4A |M4B |M4P ".split(b"|"))
_EMPTY = {b"free", b"skip", b"wide"}
_IN_FRAGMENTS = {b"moof", b"styp", b"sidx", b"mfra", b"ssix"}


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box lies in the file: [start, end), and where what is in it begins."""

    name: bytes
    start: int
    body: int
    end: int


@dataclass(slots=True)
class File:
    """A file that is walked, what of it is to be emptied, and how many boxes were met. `head` is `moov`, read whole."""

    ask: Ask
    size: int
    zeros: list[tuple[int, int]] = field(default_factory=list)
    freed: list[int] = field(default_factory=list)
    met: int = 0
    head: bytes = b""
    head_at: int = 0

    def bytes_at(self, start: int, length: int) -> bytes:
        """Exactly these bytes; from memory where they lie in `moov`."""
        at = start - self.head_at
        if self.head and at >= 0 and at + length <= len(self.head):
            return self.head[at : at + length]
        got = self.ask(start, length)
        if len(got) != length:
            raise cut_short()
        return got

    def number(self, start: int, length: int) -> int:
        return int.from_bytes(self.bytes_at(start, length), "big")

    def boxes(self, start: int, end: int, *, outermost: bool = False) -> Iterator[Box]:
        """The boxes between two places. The last outermost one may say 0 for "to the end of the file"."""
        while start < end:
            if end - start < 8:
                if outermost or any(self.bytes_at(start, end - start)):
                    raise damaged()
                return  # QuickTime ends some lists with a zero
            box = self._box(start, end, outermost)
            yield box
            start = box.end

    def _box(self, start: int, end: int, outermost: bool) -> Box:
        self.met += 1
        if self.met > MOST_BOXES:
            raise NotAVideo(f"The video is made of more than {MOST_BOXES:,} parts: too many.")
        size, name, body = self.number(start, 4), self.bytes_at(start + 4, 4), start + 8
        if size == 1 and end - start >= 16:
            size, body = self.number(start + 8, 8), start + 16
        elif size == 0 and outermost:
            size = end - start
        if outermost and not all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in name):
            raise NotAVideo("In the video lies something that is no part of a video.")
        if size < body - start:
            raise damaged()
        if size > end - start:
            raise cut_short() if outermost else damaged()
        return Box(name, start, body, start + size)

    def drop(self, box: Box) -> None:
        """Empty a box with all that is in it."""
        if box.name != b"free":
            self.freed.append(box.start + 4)
        self.zero(box.body, box.end)

    def zero(self, start: int, end: int) -> None:
        if end > start:
            self.zeros.append((start, end))
        if len(self.zeros) > MOST_ZEROED:
            raise NotAVideo("The video is scattered into more pieces than can be looked at.")

    def outermost(self) -> tuple[bytes, Box, list[Box]]:
        """The brand of the file, its `moov`, which is in memory from now on, and the boxes with its samples."""
        brand, heads, data = b"", [], []
        for box in self.boxes(0, self.size, outermost=True):
            if box.name in _IN_FRAGMENTS:
                raise in_fragments()
            if (box.name == b"ftyp") != (box.start == 0):
                raise (
                    damaged() if brand else NotAVideo("It is not an MP4 or MOV video that says which it is.")
                )
            if box.name == b"ftyp":
                brand = self._brand(box)
            if box.name == b"mdat":
                data.append(box)
            elif box.name == b"moov":
                heads.append(box)
            elif box.name in _EMPTY:
                self.zero(box.body, box.end)
            elif box.name != b"ftyp":
                self.drop(box)
        if len(heads) != 1 or not data:
            raise NotAVideo("There is no picture in this video, or its table of contents is missing.")
        self._take_head(heads[0])
        return brand, heads[0], data

    def _take_head(self, box: Box) -> None:
        if box.end - box.start > LARGEST_HEAD:
            raise NotAVideo(f"The table of contents of the video is larger than {LARGEST_HEAD // 2**20} MB.")
        self.head, self.head_at = self.bytes_at(box.start, box.end - box.start), box.start

    def _brand(self, box: Box) -> bytes:
        if not 8 <= box.end - box.body <= 1024:
            raise damaged()
        body = self.bytes_at(box.body, box.end - box.body)
        major, brands = body[:4], {body[at : at + 4] for at in range(0, len(body), 4) if at != 4}
        if major in STILL:
            raise NotAVideo(
                "This is a HEIC or AVIF picture, which the networks do not take; save it as JPEG first."
            )
        if major in _SOUND:
            raise NotAVideo("This is a sound file, not a video.")
        if not brands & _VIDEO:
            raise NotAVideo("It is not an MP4 or MOV video that is known here.")
        return major


def in_fragments() -> NotAVideo:
    return NotAVideo(
        "This video is in fragments, as programs write it while they record. Save or export it once more as MP4."
    )
