"""Pictures made byte by byte for tests: small, whole, and with what should not travel."""

from __future__ import annotations

import zlib

from quarterdeck.studio.images import exif

GPS = b"GPSLatitude 54.3233 N"


def png(width: int = 3, height: int = 2, *extra: bytes, colour: int = 90) -> bytes:
    """Grey pixels; `extra` chunks come before the data."""
    rows = b"".join(b"\0" + bytes([colour] * width) for _ in range(height))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    parts = [chunk(b"IHDR", head), *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(name: bytes, payload: bytes) -> bytes:
    body = name + payload
    return len(payload).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def exif_block(up: int) -> bytes:
    """An EXIF block with a place in it and which side is up."""
    return exif.block(up) + GPS


def jpeg(
    width: int = 64, height: int = 48, *extra: bytes, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56"
) -> bytes:
    """The shape of a JPEG file: tables, one frame, one scan. Its coded data mean nothing."""
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    parts = [
        segment(0xDB, bytes(65)),
        segment(0xC0, frame),
        segment(0xC4, bytes(20)),
        segment(0xDA, b"\1\1\0\0\x3f\0"),
    ]
    return b"\xff\xd8" + b"".join([*extra, *parts]) + scan + b"\xff\xd9"


def gif(width: int = 2, height: int = 2, frames: int = 1, *extra: bytes) -> bytes:
    screen = (
        width.to_bytes(2, "little")
        + height.to_bytes(2, "little")
        + b"\x80\0\0"
        + bytes([0, 0, 0, 255, 255, 255])
    )
    image = (
        b"\x2c\0\0\0\0" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"\0\x02\x02\x44\x01\0"
    )
    return b"GIF89a" + screen + b"".join(extra) + image * frames + b"\x3b"


def riff(name: bytes, payload: bytes) -> bytes:
    return name + len(payload).to_bytes(4, "little") + payload + b"\0" * (len(payload) % 2)


def webp(width: int = 40, height: int = 30, *extra: bytes, flags: int = 0x0C) -> bytes:
    """A canvas with a lossless picture that means nothing, and `extra` chunks after it."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    bits = (width - 1) | (height - 1) << 14
    parts = [
        riff(b"VP8X", bytes([flags, 0, 0, 0]) + size),
        riff(b"VP8L", b"\x2f" + bits.to_bytes(4, "little")),
        *extra,
    ]
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
