"""What the tests of accountability start from: a workspace with a post that is out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from quarterdeck.changes import making
from quarterdeck.changes.intake import Claimed as Ready
from quarterdeck.changes.models import Change
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.publishing import sending
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.publishing.tests.world import NOON, World, two

__all__ = ["NOON", "World", "out", "send", "two"]

TEXT = "Nettle soup from Tuesday, 21 euros."


def out(w: World, text: str = TEXT, channels: Sequence[Channel] = (), at: datetime = NOON) -> Post:
    """A post that went out at `at` on these channels (the world's own Sandbox channel otherwise)."""
    with clock.at(at - timedelta(minutes=5)):
        post = publishing.draft(w.author, brand=w.brand, text=text, channels=list(channels) or [w.channel])
        publishing.ask_approval(post, by=w.author)
        publishing.approve(post, by=w.approver, text_hash=post.text_hash)
    with clock.at(at):
        publishing.publish_now(post, by=w.author)
    send(post, at + timedelta(seconds=11))
    return post


def send(post: Post, at: datetime) -> None:
    """What the sending loop does, for the planned deliveries of this post."""
    with clock.at(at):
        for row in post.deliveries.filter(state="intent"):
            Delivery.objects.filter(pk=row.pk).update(attempt=1, lease_until=at + timedelta(minutes=2))
            sending.work([Claimed(row.pk, 1)])


def changed(post: Post, at: datetime) -> None:
    """What the loop of changes does, for what is asked for of this post."""
    with clock.at(at):
        for row in Change.objects.filter(delivery__post=post, state="planned"):
            Change.objects.filter(pk=row.pk).update(attempt=1, lease_until=at + timedelta(minutes=2))
            making.work(Ready(row.pk, 1))
