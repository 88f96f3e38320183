"""The Sandbox's limits. It is ours, so the source is this file; other networks name the page they were read on."""

from __future__ import annotations

from datetime import date

from quarterdeck.channels.contract import Limit

TEXT = Limit(
    name="text",
    value=500,
    unit="characters (Unicode code points)",
    source="decided by this product",
    checked=date(2026, 11, 23),
)
IMAGES = Limit("images", 4, "images a post", "decided by this product", date(2026, 11, 23))
IMAGE_SIZE = Limit("size of an image", 8 * 2**20, "bytes", "decided by this product", date(2026, 11, 23))
ALT = Limit("image description", 1500, "characters", "decided by this product", date(2026, 11, 23))
ALL = (TEXT, IMAGES, IMAGE_SIZE, ALT)
IMAGE_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP"}
PER_PAGE = 30
LONGEST_THREAD = 50
EARLIER = 20  # versions of a post that stay readable
