"""Takes the snapshots that are due, a channel's in one set, and imports what an account had posted before it was
connected. What a number means is somebody else's question; here it is asked for at the right time and kept as given.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from quarterdeck.channels import reads
from quarterdeck.channels.asking import ask
from quarterdeck.channels.contract import Adapter, Counts, OwnPost, Refused
from quarterdeck.channels.intake import numbers
from quarterdeck.channels.intake.numbers import Claimed
from quarterdeck.channels.models import Channel, FirstLook, RemotePost
from quarterdeck.core import clock
from quarterdeck.core.claims import ClaimLoop

WAKE = "channels_numbers"  # nobody rings it: no snapshot is due sooner than in an hour
LOOK_BACK = timedelta(days=90)
GIVES_UP = timedelta(hours=2)  # of asking for them; the job is not tried again much longer
MOST_IMPORTED = 5000  # posts; an account that made more in the time is told so
BATCH = 50
_log = logging.getLogger(__name__)


class NotYet(Exception):
    """The network did not answer all of it now; the job is tried again later, and keeps what it has."""


def loop() -> ClaimLoop[Claimed]:
    """The loop that the worker runs."""
    return ClaimLoop(
        "channels.numbers",
        claim=numbers.claim,
        work=take,
        next_due=reads.next_snapshot,
        channel=WAKE,
        slots=2,
    )


def take(claimed: Claimed) -> None:
    """Ask for the numbers of one set, and keep them or put them off."""
    channel = Channel.objects.get(pk=claimed.channel_id)
    posts = list(RemotePost.objects.filter(snapshots__in=claimed.attempts).distinct())
    asked_at = clock.now()
    try:
        said = ask(channel, lambda adapter: adapter.metrics([post.published for post in posts]))
    except Refused as refused:
        numbers.put_off(claimed, refused.words, clock.now(), refused.retry_after)
        return
    if len(said) != len(posts):
        _log.error("%s answered with %d counts for %d posts.", channel.network, len(said), len(posts))
        numbers.put_off(claimed, f"{channel.title} answered about other posts than asked.", clock.now())
        return
    counts: dict[UUID, Counts] = {post.pk: given for post, given in zip(posts, said, strict=True)}
    numbers.take(claimed, counts, asked_at)


def first_look(channel: Channel) -> None:
    """Import the account's own posts of the last 90 days with their counts; to be called again when it was cut off.

    Raises NotYet when the network did not answer now.
    """
    wanted = FirstLook.objects.filter(pk=channel.pk, ended_at__isnull=True).first()
    if wanted is None or not channel.connected:
        return
    try:
        cut = ask(channel, lambda adapter: _import(channel, adapter, wanted))
    except Refused as refused:
        final = not refused.transient or clock.now() - wanted.asked_at > GIVES_UP
        numbers.note_first_look(channel, ended_at=clock.now() if final else None, failure=refused.words)
        if final:
            return
        raise NotYet(refused.words) from refused
    numbers.note_first_look(channel, ended_at=clock.now(), cut=cut)


def _import(channel: Channel, adapter: Adapter, wanted: FirstLook) -> bool:
    """Newest first, in batches that stay when the next one fails. True when there was more than is taken."""
    own = adapter.own_posts(wanted.since)
    for batch in _batches(itertools.islice(own, MOST_IMPORTED)):
        numbers.keep_own(channel, batch, clock.now())
        numbers.note_first_look(channel)
    return next(own, None) is not None


def _batches(posts: Iterator[OwnPost]) -> Iterator[list[OwnPost]]:
    while batch := list(itertools.islice(posts, BATCH)):
        yield batch
