"""What a Mastodon server takes. Every server says it of itself (entity Instance); the dated numbers here are what the
documentation gives, for a server that says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from quarterdeck.channels.contract import Content, Limit, Media, no_video
from quarterdeck.engines import text

_CHECKED = date(2026, 11, 23)
_POSTING = "https://docs.joinmastodon.org/user/posting/"
_INSTANCE = "https://docs.joinmastodon.org/entities/Instance/"

TEXT = Limit("text", 500, "characters", _POSTING, _CHECKED)
PER_URL = Limit("link", 23, "characters for a link of any length", _POSTING, _CHECKED)
IMAGES = Limit("images", 4, "images", _POSTING, _CHECKED)
IMAGE_SIZE = Limit("image size", 16 * 1024 * 1024, "bytes", _POSTING, _CHECKED)
IMAGE_PIXELS = Limit("image pixels", 33_177_600, "pixels (width times height)", _POSTING, _CHECKED)
DESCRIPTION = Limit("image description", 1500, "characters", _INSTANCE, _CHECKED)
LIMITS = (TEXT, PER_URL, IMAGES, IMAGE_SIZE, IMAGE_PIXELS, DESCRIPTION)
_MIMES = ("image/jpeg", "image/png", "image/gif", "image/webp")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one server takes."""

    text: int = TEXT.value
    per_url: int = PER_URL.value
    images: int = IMAGES.value
    image_size: int = IMAGE_SIZE.value
    image_pixels: int = IMAGE_PIXELS.value
    description: int = DESCRIPTION.value
    mimes: tuple[str, ...] = _MIMES


def said(instance: Mapping[str, Any]) -> dict[str, Any]:
    """The limits a server's Instance entity (version 2 or 1) gives, as JSON; absent or senseless ones are left out."""
    told = _under(instance, "configuration")
    statuses, media = _under(told, "statuses"), _under(told, "media_attachments")
    numbers = {
        "text": statuses.get("max_characters", instance.get("max_toot_chars")),
        "per_url": statuses.get("characters_reserved_per_url"),
        "images": statuses.get("max_media_attachments"),
        "image_size": media.get("image_size_limit"),
        "image_pixels": media.get("image_matrix_limit"),
        "description": media.get("description_limit"),
    }
    found: dict[str, Any] = {name: value for name, value in numbers.items() if _sensible(value)}
    mimes = media.get("supported_mime_types")
    if isinstance(mimes, list) and mimes:
        found["mimes"] = sorted({m for m in mimes if isinstance(m, str) and m.startswith("image/")})[:40]
    return found


def of(facts: Mapping[str, Any]) -> Taken:
    """The limits kept at connection, over the documented ones."""
    kept = _under(facts, "limits")
    numbers = {k: v for k, v in kept.items() if k in Taken.__dataclass_fields__ and _sensible(v)}
    mimes = tuple(m for m in kept.get("mimes") or () if isinstance(m, str))
    return Taken(**numbers, mimes=mimes or _MIMES)


def objections(content: Content, taken: Taken, server: str) -> list[str]:
    """Why this server would not take it, in sentences; empty when it would."""
    if not content.text.strip() and not content.media:
        return ["There is no text yet."]
    if "\0" in content.text:
        return ["The text holds a character (number zero) that no Mastodon server takes."]
    try:
        words = _too_long(content.text, taken, server)
    except text.BadText as bad:
        return [str(bad)]
    if len(content.media) > taken.images:
        words.append(f"{server} takes {taken.images} images a post.")
    for media in content.media:
        words += _of_image(media, taken, server)
    return words


def _too_long(words: str, taken: Taken, server: str) -> list[str]:
    links = sum(one.kind == "url" for one in text.entities(words, "mastodon"))
    length = text.count(words, "mastodon", limit=taken.text).length
    over = length + links * (taken.per_url - PER_URL.value) - taken.text
    if over <= 0:
        return []
    return [f"It is {over} {'character' if over == 1 else 'characters'} over the {taken.text} of {server}."]


def _of_image(media: Media, taken: Taken, server: str) -> list[str]:
    if media.is_video:
        return [no_video(server)]
    words = []
    if media.mime not in taken.mimes:
        words.append(f"{server} does not take “{media.name}”: it is {media.mime or 'of no known kind'}.")
    if media.size > taken.image_size:
        words.append(
            f"“{media.name}” has {media.size / 2**20:.1f} MB; {server} takes {taken.image_size / 2**20:.1f} MB."
        )
    if media.width * media.height > taken.image_pixels:
        words.append(
            f"“{media.name}” has {media.width} × {media.height} pixels; {server} takes "
            f"{taken.image_pixels:,} in all."
        )
    if len(media.alt) > taken.description:
        words.append(
            f"The description of “{media.name}” has {len(media.alt)} characters; {server} takes "
            f"{taken.description}."
        )
    return words


def _under(found: Any, name: str) -> Mapping[str, Any]:
    inner = found.get(name) if isinstance(found, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _sensible(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**40
