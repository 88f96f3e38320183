"""Reads videos as they come from strangers' cameras and programs: MP4, and MOV made of the same boxes.

Only the boxes are walked, never a frame decoded, and the file is never in memory as a whole: `read` asks for the
bytes it needs. It knows a list of what stays (`tracks.py`): the tracks of picture and sound, and of them the boxes that
play them. Everything else is emptied where it lies, so that no offset in the file moves: its box is named `free` and
filled with zeros. So go places and cameras (`udta`, `meta` with Apple's keys, XMP in `uuid`), the times of recording,
the names that programs wrote, tracks of other data with every sample of theirs (GoPro's `gpmd`, `camm`, Apple's
`mebx`, subtitles, time codes), and whatever in `mdat` belongs to no picture and no sound. What a camera writes into
the coded picture itself is not looked at.

Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 14496-14 (MP4), Apple's QuickTime File Format.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

Ask = Callable[[int, int], bytes]  # the bytes from an offset on, so many of them

MP4, MOV = "video/mp4", "video/quicktime"
MIMES = frozenset({MP4, MOV})
STILL = frozenset(
    b"heic|heix|mif1|msf1|hevc|avif|avis".split(b"|")
)  # brands of pictures made of the same boxes
LONGEST = 6 * 3600  # seconds
LONGEST_SIDE = 8192  # pixels


class NotAVideo(ValueError):
    """Not a video that is taken; the words say why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Video:
    """What a video says of itself, and what is emptied in it. `width` and `height` in pixels as people see it;
    `picture` and `sound` name the codecs, `sound` empty for a silent one. `zeros` are spans [from, to) in order, no
    two of which touch; `freed` are the offsets of names of boxes that become `free`, in order."""

    mime: str
    width: int
    height: int
    seconds: float
    picture: str
    sound: str
    zeros: tuple[tuple[int, int], ...]
    freed: tuple[int, ...]

    def cleaned(self, offset: int, piece: bytes) -> bytes:
        """The bytes of the file from `offset` on, as they are kept."""
        end = offset + len(piece)
        made = bytearray(piece)
        first = bisect_left(self.zeros, offset, key=lambda span: span[1])
        for start, stop in self.zeros[first:]:
            if start >= end:
                break
            left, right = max(start, offset) - offset, min(stop, end) - offset
            made[left:right] = bytes(right - left)
        for at in self.freed[bisect_left(self.freed, offset - 3) :]:
            if at >= end:
                break
            for place, letter in enumerate(b"free", at - offset):
                if 0 <= place < len(made):
                    made[place] = letter
        return bytes(made) if made != piece else piece


def is_one(begin: bytes) -> bool:
    """Whether a file that begins like this is read as a video rather than as a picture."""
    return begin[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"} and begin[8:12] not in STILL


def read(ask: Ask, size: int) -> Video:
    """The video of `size` bytes that `ask` gives. Raises NotAVideo, in words, and nothing else."""
    from quarterdeck.studio.videos import boxes, tracks

    try:
        return tracks.read(boxes.File(ask, size))
    except (IndexError, ValueError, OverflowError) as error:
        if isinstance(error, NotAVideo):
            raise
        raise damaged() from None


def damaged() -> NotAVideo:
    return NotAVideo("The video is damaged: its parts do not fit into each other.")


def cut_short() -> NotAVideo:
    return NotAVideo("The video was cut short on its way: its end is missing.")
