"""Signals by which the system itself points something out. One so far: a network says that a post of ours is gone."""

from __future__ import annotations

from datetime import timedelta

from quarterdeck.accountability import verbs
from quarterdeck.accountability.models import Flag, Level, Way
from quarterdeck.accountability.rows import Said
from quarterdeck.channels.models import Snapshot
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing.models import Delivery, DeliveryState

LOOKS_BACK = timedelta(hours=3)  # the job comes every quarter of an hour
AT_ONCE = 200


def look() -> int:
    """Flag posts whose newest numbers say “gone” although nobody here took them down; how many. A post is flagged once:
    what somebody withdrew is not said again."""
    since = clock.now() - LOOKS_BACK
    rows = Snapshot.objects.filter(gone=True, taken_at__gt=since).select_related("post")
    flagged = 0
    for row in rows.order_by("taken_at")[:AT_ONCE]:
        found = (
            Delivery.objects.filter(
                channel=row.channel_id,
                remote_id=row.post.remote_id,
                state=DeliveryState.ACCEPTED,
                removed_at__isnull=True,
            )
            .select_related("post__workspace", "channel")
            .first()
        )
        if found is not None and not Flag.objects.filter(way=Way.SYSTEM, slip__post=found.post_id).exists():
            flagged += _flag(found)
    return flagged


def _flag(found: Delivery) -> int:
    channel = found.channel
    words = f"{channel.title} says that it does not stand on {channel.name} any more, and nobody here took it down."
    try:
        verbs.flag_by_system(found.post, said=Said(words, Level.WRONG))
    except Conflict:  # it was taken down in between
        return 0
    return 1
