"""Reads pictures as they come from strangers' cameras and programs: JPEG, PNG, GIF, WebP, told apart by content.

Only the container is walked, never a pixel decoded: no decoder of hostile bytes runs in the web process, and nothing
can unfold there. What the container declares is held against caps, so that what unfolds later, in a browser or at a
network, stays bounded. The same walk leaves out everything that is not the picture: EXIF with its place and camera,
XMP, IPTC, comments, thumbnails, a second picture or film hidden behind the end. The picture's own bytes are copied as
they are, nothing is encoded anew. Kept: colour profiles, and the one word of EXIF that says which side is up, because
without it the picture would lie on its side.

Sources: ITU-T T.81 and T.871 (JPEG), CIPA DC-008 (EXIF), W3C PNG (third edition), GIF89a, RFC 9649 (WebP).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

LARGEST = 20 * 2**20  # bytes of one file
LONGEST_SIDE = 16_384  # pixels
MOST_PIXELS = 50_000_000  # of one frame: as a bitmap that is 200 MB
MOST_FRAMES = 1_000
MOST_PIXELS_IN_ALL = 1_500_000_000  # of all frames of a moving picture

_FORMATS = {"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
MIMES = frozenset(_FORMATS.values())


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without what travelled with it. `width` and `height` in pixels, as people see it (side up)."""

    mime: str
    width: int
    height: int
    data: bytes


class NotAPicture(ValueError):
    """Not a picture that is taken; the words say why, in a sentence."""


def read(data: bytes) -> Picture:
    """The picture in `data`, cleaned. Raises NotAPicture."""
    name = _format(data)
    try:
        width, height, cleaned = import_module(f"{__name__}.{name}").clean(data)
    except (IndexError, ValueError) as error:
        if isinstance(error, NotAPicture):
            raise
        raise NotAPicture("The picture is damaged, or was cut short on its way.") from None
    return Picture(_FORMATS[name], width, height, cleaned)


def _format(data: bytes) -> str:
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        raise NotAPicture("This is a HEIC picture, which the networks do not take; save it as JPEG first.")
    if data[4:8] == b"ftyp" and data[8:12] in {b"avif", b"avis"}:
        raise NotAPicture(
            "This is an AVIF picture, which the networks do not take; save it as JPEG or PNG first."
        )
    raise NotAPicture(_other(data))


def _other(data: bytes) -> str:
    """What it is instead, where that is easily told."""
    begins = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"}:
        return "This is a video, not a picture; add it in the library."
    if data[:4] == b"\x1aE\xdf\xa3":
        return "This is a WebM or Matroska video, which the networks do not take; save it as MP4 first."
    if begins.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype svg")) and b"<svg" in begins:
        return "This is an SVG drawing, which is not a JPEG, PNG, GIF or WebP picture; save it as PNG first."
    if data[:5] == b"%PDF-":
        return "This is a PDF, not a JPEG, PNG, GIF or WebP picture."
    return "It is not a JPEG, PNG, GIF or WebP picture."


def check_size(width: int, height: int, frames: int = 1) -> None:
    """Raises NotAPicture for a picture that would unfold too far."""
    if not width or not height:
        raise NotAPicture("The picture says that it has no width or no height.")
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        most = f"{LONGEST_SIDE:,} pixels a side and {MOST_PIXELS // 10**6} million in all"
        raise NotAPicture(f"The picture is {width:,} × {height:,} pixels; at most {most} are taken.")
    if frames > MOST_FRAMES or width * height * frames > MOST_PIXELS_IN_ALL:
        raise NotAPicture(
            f"The moving picture has {frames:,} frames of {width:,} × {height:,} pixels: too many."
        )


def cut_short() -> NotAPicture:
    return NotAPicture("The picture was cut short on its way: its end is missing.")
