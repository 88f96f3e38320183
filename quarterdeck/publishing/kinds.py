"""What each kind of post needs, and which network takes it: what Quarterdeck publishes itself, and what people post."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.channels.models import Channel
from quarterdeck.publishing.models import Kind

# Where a person can post it; a network that is not named here has nothing of the kind. As of November 2026.
_BY_HAND = {
    Kind.CAROUSEL: {"instagram", "facebook", "linkedin", "tiktok", "threads", "pinterest", "other"},
    Kind.DOCUMENT: {"linkedin", "facebook", "other"},
    Kind.STORY: {"instagram", "facebook", "tiktok", "other"},
    Kind.REEL: {"instagram", "facebook", "tiktok", "youtube", "linkedin", "other"},
    Kind.POLL: {"x", "linkedin", "mastodon", "threads", "youtube", "other"},
}
_A = {
    Kind.CAROUSEL: "a carousel",
    Kind.DOCUMENT: "a document",
    Kind.STORY: "a story",
    Kind.REEL: "a reel or short",
    Kind.POLL: "a poll",
}


def chosen(kind: str, parts: Sequence[dict]) -> str:
    """The kind as a post keeps it: posts and threads are told apart by their parts."""
    if kind in {Kind.POST, Kind.THREAD, ""} or kind not in Kind.values:
        return Kind.THREAD if len(parts) > 1 else Kind.POST
    return kind


def refusal(kind: str, channel: Channel, parts: Sequence[dict]) -> str:
    """Why the channel does not take this kind, in a sentence; empty when it does."""
    if kind in {Kind.POST, Kind.THREAD}:
        return ""
    what, name = _A[Kind(kind)], f"{channel.name} on {channel.title}"
    if len(parts) > 1:
        return f"{what.capitalize()} has one part, and this has {len(parts)} on {name}."
    if kind == Kind.CAROUSEL and len(parts[0]["images"]) < 2:
        return f"A carousel has at least two pictures; on {name} this has {len(parts[0]['images'])}."
    if not channel.by_hand and kind != Kind.CAROUSEL:
        return f"Quarterdeck does not publish {what} on {channel.title} itself; {channel.name} can take it by hand."
    if channel.by_hand and channel.network not in _BY_HAND[Kind(kind)]:
        return f"{name} has no place for {what}."
    return ""
