"""PNG: a signature and chunks, each with its length, name and checksum."""

from __future__ import annotations

import zlib

from quarterdeck.studio.images import NotAPicture, check_size, cut_short, exif

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split()
)
_LARGEST_EXTRA = 2**20  # bytes of a chunk that is not the picture itself
_DATA = {b"IDAT", b"fdAT"}


def clean(data: bytes) -> tuple[int, int, bytes]:
    """Width and height as seen, and the file with nothing but the picture. Checksums are checked."""
    kept, at, up, frames, names = [_SIGNATURE], len(_SIGNATURE), exif.UPRIGHT, 1, set()
    width = height = 0
    while b"IEND" not in names:
        name, payload, whole = _chunk(data, at)
        at += len(whole)
        if not names:
            width, height = _header(name, payload)
        names.add(name)
        if name not in _DATA and len(payload) > _LARGEST_EXTRA:
            raise NotAPicture("The picture carries more beside itself than a picture needs.")
        if name == b"acTL":
            frames = int.from_bytes(payload[:4], "big")
        if name == b"eXIf":
            up = exif.orientation(payload)
            kept += [_made(name, exif.block(up))] if up != exif.UPRIGHT else []
        elif name in _KEPT:
            kept.append(whole)
        elif not name[0] & 0x20:
            raise NotAPicture("The picture uses something that PNG does not know.")
    if b"IDAT" not in names:
        raise NotAPicture("There is no picture in this PNG file.")
    check_size(width, height, max(1, frames))
    return *exif.seen(width, height, up), b"".join(kept)


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes, bytes]:
    length = int.from_bytes(data[at : at + 4], "big")
    whole = data[at : at + 12 + length]
    if len(whole) < 12 + length:
        raise cut_short()
    if zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:], "big"):
        raise NotAPicture("The picture is damaged: a checksum in it is wrong.")
    return whole[4:8], whole[8:-4], whole


def _header(name: bytes, payload: bytes) -> tuple[int, int]:
    if name != b"IHDR" or len(payload) != 13:
        raise NotAPicture("The picture is damaged: its beginning is missing.")
    return int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:8], "big")


def _made(name: bytes, payload: bytes) -> bytes:
    body = name + payload
    return len(payload).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
