"""What channels offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry


def fill() -> None:
    from quarterdeck.channels import agenda, exports, reads

    registries.agenda.register("channels", agenda.agenda)
    registries.panels.register(
        "numbers",
        registries.Panel("publishing.post", "Numbers so far", "channels/_numbers.html", reads.numbers_so_far),
    )
    registries.palette.register(
        "channel-connect",
        Command(
            "Connect a channel",
            "channels-channel-connect",
            "channels.channel.connect",
            keywords="network bluesky mastodon account",
        ),
    )
    registries.palette.register(
        "networks",
        Command(
            "What each network takes",
            "channels-network-list",
            "channels.channel.view",
            keywords="limits characters",
        ),
    )
    registries.nav.register(
        "channels", NavEntry("Channels", "channels-channel-list", 3, "channels.channel.view")
    )
    registries.palette.register(
        "channels",
        Command("Channels", "channels-channel-list", "channels.channel.view", "g c", "connect sandbox"),
    )
    registries.exports.register_all(exports.EXPORTS)
