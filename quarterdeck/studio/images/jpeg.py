"""JPEG: a row of segments, each with a marker and a length, and coded data after each start of scan."""

from __future__ import annotations

import re

from quarterdeck.studio.images import NotAPicture, check_size, cut_short, exif

_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15, without tables and what is reserved
_NEEDED = _FRAMES | {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD}  # tables, scans, number of lines, restarts
_SCAN, _END, _EXIF, _PROFILE = 0xDA, 0xD9, 0xE1, 0xE2
_MOST_SCANS = 200  # a progressive picture has a dozen; each costs a decoder a whole pass
_NEXT_MARKER = re.compile(
    rb"\xff[^\x00\xd0-\xd7\xff]"
)  # inside coded data FF stands only before 00 and restarts


def clean(data: bytes) -> tuple[int, int, bytes]:
    """Width and height as seen, and the file with nothing but the picture. Whatever follows its end is left out."""
    kept, at, size, up, scans = [b"\xff\xd8"], 2, None, exif.UPRIGHT, 0
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            break
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise cut_short()
        payload, at = data[at + 2 : at + length], at + length
        if marker in _FRAMES:
            size = _frame(payload, size)
        if marker == _EXIF and payload[:6] == b"Exif\0\0" and up == exif.UPRIGHT:
            up = exif.orientation(payload[6:])
            payload = b"Exif\0\0" + exif.block(up)
            kept += [_segment(marker, payload)] if up != exif.UPRIGHT else []
        elif marker in _NEEDED or (payload := _wanted(marker, payload)):
            kept.append(_segment(marker, payload))
        if marker == _SCAN:
            scans += 1
            found = _NEXT_MARKER.search(data, at)
            if found is None:
                raise cut_short()
            kept.append(data[at : found.start()])
            at = found.start()
    if size is None or not scans:
        raise NotAPicture("There is no picture in this JPEG file.")
    if scans > _MOST_SCANS:
        raise NotAPicture(f"The picture is built up in {scans} passes: too many.")
    check_size(*size)
    return *exif.seen(*size, up), b"".join([*kept, b"\xff\xd9"])


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at this place, fill bytes skipped, and where its segment begins."""
    if at >= len(data):
        raise cut_short()
    if data[at] != 0xFF:
        raise NotAPicture("The picture is damaged: its parts do not follow each other as they should.")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at >= len(data):
        raise cut_short()
    return data[at], at + 1


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def _frame(payload: bytes, before: tuple[int, int] | None) -> tuple[int, int]:
    height, width = int.from_bytes(payload[1:3], "big"), int.from_bytes(payload[3:5], "big")
    if before not in (None, (width, height)):
        raise NotAPicture("The file holds two pictures of different size.")
    return width, height


def _wanted(marker: int, payload: bytes) -> bytes:
    """What is kept of an application's segment: the densities of JFIF without its thumbnail, colour; else nothing."""
    if marker == 0xE0 and payload[:5] == b"JFIF\0" and len(payload) >= 14:
        return payload[:12] + b"\0\0"
    if marker == _PROFILE and payload[:12] == b"ICC_PROFILE\0":
        return payload
    return payload if marker == 0xEE and payload[:5] == b"Adobe" else b""
