"""GIF: a screen, and blocks: images, and extensions that say how long a frame stands or how often it repeats."""

from __future__ import annotations

from quarterdeck.studio.images import NotAPicture, check_size, cut_short

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_TIMING, _APPLICATION = 0xF9, 0xFF
_REPEATS = {b"NETSCAPE2.0", b"ANIMEXTS1.0"}


def clean(data: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the file without comments, texts and other programs' blocks."""
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    check_size(width, height)
    at = 13 + _colours(data[10])
    kept, frames = [data[:at]], 0
    while True:
        if at >= len(data):
            raise cut_short()
        kind, start = data[at], at
        if kind == _END:
            break
        if kind == _IMAGE:
            check_size(
                int.from_bytes(data[at + 5 : at + 7], "little"),
                int.from_bytes(data[at + 7 : at + 9], "little"),
            )
            at = _past(data, at + 10 + _colours(data[at + 9]) + 1)
            frames += 1
            kept.append(data[start:at])
        elif kind == _EXTENSION:
            label, who = data[at + 1], data[at + 3 : at + 14]
            at = _past(data, at + 2)
            if label == _TIMING or (label == _APPLICATION and who in _REPEATS):
                kept.append(data[start:at])
        else:
            raise NotAPicture("The picture is damaged: its parts do not follow each other as they should.")
    if not frames:
        raise NotAPicture("There is no picture in this GIF file.")
    check_size(width, height, frames)
    return width, height, b"".join([*kept, b"\x3b"])


def _colours(packed: int) -> int:
    """The bytes of the table of colours that follows, by the flags before it."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _past(data: bytes, at: int) -> int:
    """The place after a row of sub-blocks, each with its length before it."""
    while data[at]:
        at += data[at] + 1
    return at + 1
