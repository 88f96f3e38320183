"""A network says that a post is gone: the system points it out, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.accountability import verbs, watching
from quarterdeck.accountability.models import Flag, Slip
from quarterdeck.accountability.tests import world
from quarterdeck.channels.models import RemotePost, Snapshot
from quarterdeck.core import clock

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=3)


def test_a_post_that_the_network_says_is_gone_is_flagged_once_by_the_system():
    w = world.two()
    post = world.out(w)
    row = post.deliveries.get()
    there, _ = RemotePost.objects.get_or_create(
        channel=w.channel, remote_id=row.remote_id, defaults={"posted_at": world.NOON}
    )
    other = RemotePost.objects.create(channel=w.channel, remote_id="not-ours", posted_at=world.NOON)
    for remote in (there, other):
        Snapshot.objects.create(
            post=remote,
            channel=w.channel,
            due_at=LATER,
            latest_at=LATER,
            taken_at=LATER,
            gone=True,
            age_hours=3,
        )
    with clock.at(LATER + timedelta(minutes=5)):
        assert [watching.look(), watching.look()] == [1, 0]
        slip = Slip.objects.get()
        assert (slip.post, slip.trace_basis, slip.level) == (post, "seen", 2)
        assert "does not stand on" in Flag.objects.get().text
        verbs.withdraw(slip, by=w.author, reason="The network was wrong.")
        assert watching.look() == 0
