"""What the networks show of a picture, as dated data with its source: shapes change, and a number without a date is a
rumour. Where a network shows any shape, only its own limits count, and those are the adapters'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Where a team may say that a file must not be used: the names a channel has for its network.
NETWORKS = {
    "instagram": "Instagram",
    "facebook": "Facebook",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "threads": "Threads",
    "x": "X",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a network. `width` : `height` is its shape; `pixels` how wide a picture for it is at most worth."""

    key: str
    network: str
    label: str
    width: float
    height: float
    pixels: int
    source: str
    seen: date

    @property
    def ratio(self) -> float:
        return self.width / self.height

    @property
    def title(self) -> str:
        return f"{NETWORKS[self.network]}, {self.label}"

    @property
    def shape(self) -> str:
        """As people write it: 4:5, 1.91:1."""
        return f"{self.width:g}:{self.height:g}"


_INSTAGRAM = (
    "Ayrshare’s and Late’s documentation of Instagram’s publishing interface: feed from 4:5 to 1.91:1, 9:16"
)
_GRID = (
    "Instagram’s profile grid shows 3:4 since January 2025; several guides, reviewed up to May 2026, agree"
)
_COMMON = "common guides of the network’s image sizes; not read from the network itself"
_SEEN = date(2026, 11, 26)

PLACES: dict[str, Place] = {
    place.key: place
    for place in (
        Place("instagram-square", "instagram", "square post", 1, 1, 1080, _INSTAGRAM, _SEEN),
        Place("instagram-tall", "instagram", "tall post", 4, 5, 1080, _INSTAGRAM, _SEEN),
        Place("instagram-wide", "instagram", "wide post", 1.91, 1, 1080, _INSTAGRAM, _SEEN),
        Place("instagram-story", "instagram", "story", 9, 16, 1080, _INSTAGRAM, _SEEN),
        Place("instagram-grid", "instagram", "profile grid", 3, 4, 1080, _GRID, _SEEN),
        Place("x-wide", "x", "post", 16, 9, 1600, _COMMON, _SEEN),
        Place("linkedin-wide", "linkedin", "post", 1.91, 1, 1200, _COMMON, _SEEN),
        Place("pinterest-pin", "pinterest", "pin", 2, 3, 1000, _COMMON, _SEEN),
    )
}
FREE = ("bluesky", "mastodon")  # any shape is shown as it is
GRID = PLACES["instagram-grid"]
