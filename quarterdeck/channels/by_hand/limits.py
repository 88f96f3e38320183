"""What each network takes, for posts that a person makes there: dated data, with its source and how sure it is.

documented   the vendor's own documentation says so
measured     tried on a real server
third party  a page of somebody who posts there says so
from memory  generally known, not read anywhere for this
"""

from __future__ import annotations

from datetime import date

from quarterdeck.channels.contract import Limit

CHECKED = date(2026, 11, 23)
_META = "https://developers.facebook.com/docs"


def _text(value: int, unit: str, source: str, sure: str = "documented") -> Limit:
    return Limit("text", value, unit, source, CHECKED, sure)


def _images(value: int, source: str, sure: str = "documented") -> Limit:
    return Limit("images", value, "images a post", source, CHECKED, sure)


_OWN = "decided by this product"

LIMITS: dict[str, tuple[Limit, ...]] = {
    "linkedin": (
        _text(3000, "characters", "LinkedIn, Posts API"),
        _images(20, "LinkedIn, MultiImage API"),
    ),
    "x": (
        _text(280, "weighted characters (an address 23, an emoji 2)", "twitter-text, configuration v3"),
        _images(4, "X API, media"),
    ),
    "instagram": (
        _text(2200, "characters", f"{_META}/instagram-platform"),
        Limit("hashtags", 30, "hashtags a post", f"{_META}/instagram-platform", CHECKED, "documented"),
        Limit("mentions", 20, "accounts a post", f"{_META}/instagram-platform", CHECKED, "documented"),
        _images(10, f"{_META}/instagram-platform"),
    ),
    "facebook": (
        _text(63_206, "characters", "generally known", "from memory"),
        _images(10, "generally known; more are taken, ten are usual", "from memory"),
    ),
    "threads": (
        _text(500, "characters (an emoji as its bytes)", f"{_META}/threads/posts"),
        _images(20, f"{_META}/threads/posts"),
    ),
    "tiktok": (
        _text(2200, "UTF-16 units", "TikTok, Content Posting API; the unit is from memory", "documented"),
        _images(35, "TikTok, Content Posting API, photos"),
    ),
    "youtube": (
        Limit("title", 100, "characters, the first line", "YouTube Data API, videos", CHECKED, "documented"),
        _text(5000, "bytes, the description", "YouTube Data API, videos"),
        _images(1, "YouTube Data API, thumbnails; the video itself is on your side"),
    ),
    "pinterest": (
        Limit("title", 100, "characters, if you give one", "Pinterest API v5, pins", CHECKED, "documented"),
        _text(500, "characters, the description", "Pinterest API v5, pins; 800 in some places", "documented"),
        _images(5, "Pinterest API v5, carousels", "documented"),
    ),
    "bluesky": (
        _text(
            300, "characters (grapheme clusters), and 3,000 bytes", "lexicon app.bsky.feed.post", "measured"
        ),
        _images(4, "lexicon app.bsky.embed.images", "measured"),
    ),
    "mastodon": (
        _text(500, "characters (an address 23); a server may say otherwise", "https://docs.joinmastodon.org"),
        _images(4, "https://docs.joinmastodon.org"),
    ),
    "other": (
        _text(20_000, "characters, as long as a post here can be", _OWN),
        _images(10, "as many as a part of a post here can have"),
    ),
}
