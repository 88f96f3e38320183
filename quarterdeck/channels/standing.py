"""How a channel's connection stands, in words: the same on its page, in the list, on the Desk and in a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Capabilities
from quarterdeck.channels.models import Channel, Checkup


@dataclass(frozen=True, slots=True)
class Standing:
    """A word for the tag, its tone ("", "accent", "amber", "coral"), and a sentence or two.

    `asks`: a person has to sign in anew.
    """

    word: str
    tone: str
    sentence: str
    asks: bool = False


def standing(channel: Channel, zone: ZoneInfo) -> Standing:
    """How it stands by its last look."""
    if not channel.connected:
        return Standing("disconnected", "", "Nothing goes out there any more.")
    if channel.by_hand:
        return Standing("by hand", "", "A person posts there, so there is no connection that could fail.")
    kept: Checkup | None = getattr(channel, "checkup", None)
    if kept is None or (kept.looked_at is None and kept.failed_at is None):
        return Standing(
            "not looked at yet", "", "It is looked at within a minute, and then about every hour."
        )
    if kept.reconnect or kept.ends_soon:
        when = f" from {_day(kept.expires_at, zone)}" if not kept.reconnect and kept.expires_at else ""
        words = f"Nothing can go out there{when}. {why(channel, kept)}"
        return Standing("connect again", "coral" if kept.reconnect else "amber", words, asks=True)
    if kept.missing:
        return Standing("lacks something", "amber", " ".join(kept.missing), asks=True)
    if kept.failures:
        return Standing("does not answer", "amber", f"{kept.failure} It is tried again by itself.")
    return Standing("works", "accent", _well(channel, kept, zone))


def renews(channel: Channel) -> bool:
    """Whether its sign-in is renewed by itself before it ends."""
    return adapters.unsigned(channel).capabilities.renews


def _well(channel: Channel, kept: Checkup, zone: ZoneInfo) -> str:
    if kept.expires_at is None:
        return "It answered when last looked at, and its sign-in does not end by itself."
    day = _day(kept.expires_at, zone)
    if not renews(channel):
        return f"It answered when last looked at. Its sign-in ends on {day}, and a person signs in again by then."
    return f"It answered when last looked at. Its sign-in holds until {day} and is renewed before then."


def request(channel: Channel, kept: Checkup, zone: ZoneInfo) -> str:
    """What is asked of a lead: one line."""
    if kept.reconnect:
        return f"Reconnect {channel.name}: nothing can go out there until then"
    if kept.ends_soon and kept.expires_at:
        return f"Reconnect {channel.name}: nothing can go out there from {_day(kept.expires_at, zone)}"
    return f"Look at {channel.name}: {kept.missing[0]}"


def why(channel: Channel, kept: Checkup) -> str:
    """The reason for it, in a sentence or two."""
    if kept.reconnect:
        return kept.failure
    if kept.ends_soon:
        return f"The sign-in to {channel.title} ends then, and it could not be renewed without you."
    return " ".join(kept.missing)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def abilities(can: Capabilities) -> str:
    """What a network lets us do, in one sentence."""
    sends = ["text"]
    if can.images:
        sends.append("an image" if can.images == 1 else f"up to {can.images} images")
    if can.threads:
        sends.append("threads")
    reads = [word for word, has in (("numbers", can.metrics), ("replies", can.replies)) if has]
    more = [word for word, has in (("changed", can.edits), ("taken down", can.deletes)) if has]
    words = f"Takes {_and(sends)}"
    words += f"; {_and(reads)} are read back" if reads else ""
    words += f"; what is out can be {_and(more)}" if more else ""
    return f"{words}."


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


SURENESS = {
    "proved": "The network itself makes sure that a repeated call is one post, or tells us for certain.",
    "read back": "After a lost answer the account's own posts are read to see whether it is out.",
    "by hand": "A person posts it and says so.",
}
