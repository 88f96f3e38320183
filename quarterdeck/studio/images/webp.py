"""WebP: a RIFF file; either one picture alone, or a canvas (VP8X) with colour, transparency, frames and metadata."""

from __future__ import annotations

from quarterdeck.studio.images import NotAPicture, check_size, cut_short, exif

_KEPT = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def clean(data: bytes) -> tuple[int, int, bytes]:
    """Width and height as seen, and the file with nothing but the picture. What follows its end is left out."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise cut_short()
    kept, size, up, canvas, frames, at = [], None, exif.UPRIGHT, b"", 0, 12
    while at < end:
        name, payload = _chunk(data, at, end)
        at += 8 + len(payload) + len(payload) % 2
        if name == b"VP8X":
            canvas = payload
        elif name == b"EXIF":
            up = exif.orientation(payload.removeprefix(b"Exif\0\0"))
        elif name in _KEPT:
            kept.append(_made(name, payload))
        frames += name == b"ANMF"
        if (found := _size(name, payload)) is not None:
            check_size(*found)
            size = size or found
    if size is None or not (frames or any(one[:4] in {b"VP8 ", b"VP8L"} for one in kept)):
        raise NotAPicture("There is no picture in this WebP file.")
    check_size(*size, max(1, frames))
    if canvas:
        flags = canvas[0] & ~_HAS_EXIF & ~_HAS_XMP | (_HAS_EXIF if up != exif.UPRIGHT else 0)
        kept.insert(0, _made(b"VP8X", bytes([flags]) + canvas[1:]))
        kept += [_made(b"EXIF", exif.block(up))] if up != exif.UPRIGHT else []
    body = b"WEBP" + b"".join(kept)
    return *exif.seen(*size, up), b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunk(data: bytes, at: int, end: int) -> tuple[bytes, bytes]:
    length = int.from_bytes(data[at + 4 : at + 8], "little")
    if at + 8 + length > end:
        raise cut_short()
    return data[at : at + 4], data[at + 8 : at + 8 + length]


def _made(name: bytes, payload: bytes) -> bytes:
    return name + len(payload).to_bytes(4, "little") + payload + b"\0" * (len(payload) % 2)


def _size(name: bytes, payload: bytes) -> tuple[int, int] | None:
    """What a chunk says of width and height; None for one that says nothing."""
    if name == b"VP8X":
        return 1 + int.from_bytes(payload[4:7], "little"), 1 + int.from_bytes(payload[7:10], "little")
    if name == b"ANMF":
        return 1 + int.from_bytes(payload[6:9], "little"), 1 + int.from_bytes(payload[9:12], "little")
    if name == b"VP8L":
        if payload[:1] != b"\x2f":
            raise NotAPicture("The picture is damaged: its beginning is missing.")
        bits = int.from_bytes(payload[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 ":
        if payload[3:6] != b"\x9d\x01\x2a":
            raise NotAPicture("The picture is damaged: its beginning is missing.")
        return int.from_bytes(payload[6:8], "little") & 0x3FFF, int.from_bytes(
            payload[8:10], "little"
        ) & 0x3FFF
    return None
