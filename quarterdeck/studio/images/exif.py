"""The one word of EXIF that is kept: which side is up (tag 274 of CIPA DC-008), 1 to 8."""

from __future__ import annotations

UPRIGHT = 1
_TAG = 0x0112
_MOST_ENTRIES = 512


def orientation(tiff: bytes) -> int:
    """Read from an EXIF block that begins with its TIFF header; 1 where it says nothing or nothing sensible."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    start = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(tiff[start : start + 2], order)  # type: ignore[arg-type]
    for number in range(min(count, _MOST_ENTRIES)):
        at = start + 2 + 12 * number
        if int.from_bytes(tiff[at : at + 2], order) == _TAG:  # type: ignore[arg-type]
            value = int.from_bytes(tiff[at + 8 : at + 10], order)  # type: ignore[arg-type]
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def block(value: int) -> bytes:
    """An EXIF block that says only which side is up: TIFF header, one entry, no next directory."""
    header = b"MM\0*" + (8).to_bytes(4, "big")
    entry = _TAG.to_bytes(2, "big") + b"\0\3" + (1).to_bytes(4, "big") + value.to_bytes(2, "big") + b"\0\0"
    return header + (1).to_bytes(2, "big") + entry + bytes(4)


def seen(width: int, height: int, value: int) -> tuple[int, int]:
    """Width and height as people see it: values 5 to 8 turn the picture by a quarter."""
    return (height, width) if value >= 5 else (width, height)
