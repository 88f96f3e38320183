"""Bluesky's limits. A server may set lower ones for files and says so only when one is brought to it."""

from __future__ import annotations

from datetime import date

from quarterdeck.channels.contract import Limit

_READ = date(2026, 11, 23)
_POST = "Lexicon app.bsky.feed.post, as the reference server 0.5.35 enforces it"
_IMAGES = "Lexicon app.bsky.embed.images, as the reference server 0.5.35 enforces it"

TEXT = Limit("text", 300, "graphemes", _POST, _READ)
BYTES = Limit("text in bytes", 3000, "bytes of UTF-8", _POST, _READ)
IMAGES = Limit("images", 4, "images a post", _IMAGES, _READ)
IMAGE_SIZE = Limit("size of an image", 2_000_000, "bytes", _IMAGES, _READ)
THUMB_SIZE = Limit(
    "card image size", 1_000_000, "bytes", "app.bsky.embed.external, lexicon", _READ, "documented"
)
LANGUAGES = Limit("languages", 3, "languages a post", _POST, _READ)

ALL = (TEXT, BYTES, IMAGES, IMAGE_SIZE, LANGUAGES)
IMAGE_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "image/gif": "GIF"}
