"""A process of its own that renews a channel's sign-in; prints the access token it may use, or why not."""

from __future__ import annotations

import sys

import django


def main() -> None:
    django.setup()
    from quarterdeck.channels import adapters, credentials
    from quarterdeck.channels.contract import Refused
    from quarterdeck.channels.models import Channel
    from quarterdeck.channels.tests.fake_network import FakeAdapter

    adapters.NETWORKS["fake"] = FakeAdapter
    channel = Channel.objects.get(pk=sys.argv[1])
    try:
        account = credentials.fresh(
            channel, expired=credentials.known(channel) if "expired" in sys.argv else None
        )
        print(account.secrets["access"])
    except Refused as refused:
        print(refused.words)


if __name__ == "__main__":
    main()
