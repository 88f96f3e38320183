"""How long it takes until Quarterdeck could publish to a network by itself, said honestly: what the network says of the
time its approval takes, with where that was read. Until then a person posts by hand, from today on.

Dated data: look it up again before you rely on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quarterdeck.channels import adapters, by_hand

CHECKED = date(2026, 11, 26)


@dataclass(frozen=True, slots=True)
class Wait:
    """`words` is a sentence or two; `source` an address, or empty where it is what this installation does."""

    network: str
    title: str
    words: str
    source: str = ""
    checked: date = CHECKED
    connects: bool = False


_AT_ONCE = (
    "Connects in a minute: sign in there, or paste a password made for it. Nobody has to approve anything."
)
_SAID: dict[str, tuple[str, str]] = {
    "instagram": (
        "For accounts you own yourself Meta asks for no App Review; for those of others it does, and says nowhere that "
        "we found how long that takes. Reckon with weeks.",
        "https://developers.facebook.com/docs/instagram-platform/app-review",
    ),
    "facebook": (
        "Meta reviews apps that act for pages of others, and says nowhere that we found how long that takes. Reckon "
        "with weeks.",
        "https://developers.facebook.com/docs/app-review",
    ),
    "threads": (
        "Meta reviews apps that post for others, and says nowhere that we found how long that takes. Reckon with "
        "weeks.",
        "https://developers.facebook.com/docs/threads",
    ),
    "linkedin": (
        "LinkedIn vets who may post for a page, in two tiers; it names no time for that. Reckon with weeks.",
        "https://learn.microsoft.com/linkedin/marketing/increasing-access",
    ),
    "tiktok": (
        "TikTok speaks of several days to two weeks for a review. Until an app is audited, what it posts is seen only "
        "by the account itself.",
        "https://developers.tiktok.com/doc/getting-started-faq",
    ),
    "youtube": (
        "An audit comes before more than a hundred uploads a day; YouTube answers “as soon as possible” and names no "
        "time.",
        "https://developers.google.com/youtube/v3/guides/quota_and_compliance_audits",
    ),
    "pinterest": (
        "Trial access comes first, and shows pins to their maker only; Pinterest names no time for the step to "
        "standard access.",
        "https://developers.pinterest.com/docs/getting-started/connect-app/",
    ),
    "x": (
        "Nobody has to approve it, but each post made by a program has cost money since 2026.",
        "https://docs.x.com/x-api",
    ),
}


def waits() -> list[Wait]:
    """Every network that can be chosen, those that connect at once first."""
    ready = [
        Wait(name, adapters.network(name).title, _AT_ONCE, connects=True)
        for name in adapters.CONNECTORS
        if name in adapters.NETWORKS
    ]
    later = [
        Wait(name, by_hand.TITLES[name], words, source)
        for name, (words, source) in _SAID.items()
        if name not in adapters.CONNECTORS
    ]
    return ready + later
