"""The networks as a person meets them when they post there: their names, and a link that opens the composer.

Some composers take the text with the link (X, Threads, Bluesky, Mastodon, LinkedIn); on a phone the same link opens
the app where it is installed. The others only open; there the text is pasted.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from quarterdeck.channels.contract import Account

TITLES = {
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "facebook": "Facebook",
    "threads": "Threads",
    "x": "X",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "other": "Another network",
}
CHOICES = list(TITLES.items())

LONGEST_LINK = 6000  # characters; apps and servers cut longer ones

# Where the composer opens; {text} where it takes one.
_COMPOSERS = {
    "x": "https://x.com/intent/post?text={text}",
    "threads": "https://www.threads.com/intent/post?text={text}",
    "bluesky": "https://bsky.app/intent/compose?text={text}",
    "linkedin": "https://www.linkedin.com/feed/?shareActive=true&text={text}",
    "instagram": "https://www.instagram.com/",
    "facebook": "https://www.facebook.com/",
    "tiktok": "https://www.tiktok.com/upload",
    "youtube": "https://www.youtube.com/upload",
    "pinterest": "https://www.pinterest.com/pin-creation-tool/",
}


@dataclass(frozen=True, slots=True)
class Composer:
    """A link that opens the network where one posts. `filled`: the text comes with it."""

    url: str
    filled: bool


def is_web_address(url: str) -> bool:
    """True for an absolute http or https address with a host, and no spaces or control characters in it."""
    if any(c.isspace() or not c.isprintable() for c in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def composer(network: str, account: Account, text: str) -> Composer | None:
    """The link for one part of a post; None where nobody said where the network is."""
    shape = _shape(network, account)
    if not shape:
        return None
    if "{text}" not in shape:
        return Composer(shape, filled=False)
    filled = shape.replace("{text}", quote(text, safe=""))
    if text and len(filled) <= LONGEST_LINK:
        return Composer(filled, filled=True)
    return Composer(shape.partition("?")[0], filled=False)


def _shape(network: str, account: Account) -> str:
    """Where the account's own place is known it counts for networks of many servers and for unknown ones."""
    if network == "mastodon" and account.server:
        return f"{account.server.rstrip('/')}/share?text={{text}}"
    return _COMPOSERS.get(network, "") or account.server
