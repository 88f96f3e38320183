"""What is out is followed from the first hour on, once, however often the reaction is called."""

from __future__ import annotations

import pytest

from quarterdeck.channels.models import RemotePost, Snapshot
from quarterdeck.core import clock, ids
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing import following, intake, sending, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world

pytestmark = pytest.mark.django_db


def sent() -> Delivery:
    w = world.two("UTC")
    verbs.publish_now(w.approved(), by=w.author)
    delivery = Delivery.objects.get()
    with clock.at(delivery.due_at):
        for batch in intake.claim(1, clock.now()):
            sending.work(batch)
    delivery.refresh_from_db()
    return delivery


def reacted(delivery: Delivery) -> Reacted:
    kind = "publishing.delivery.accepted"
    return Reacted(ids.new(), kind, delivery.workspace_id, Delivery.ledger_name, delivery.pk)


def test_its_numbers_are_planned_once():
    delivery = sent()
    for _ in range(2):
        following.follow(reacted(delivery))
    post = RemotePost.objects.get()
    assert (post.channel_id, post.remote_id, post.ours) == (delivery.channel_id, delivery.remote_id, True)
    assert post.posted_at == delivery.ended_at
    ages = Snapshot.objects.filter(post=post).order_by("age_hours").values_list("age_hours", flat=True)
    assert list(ages) == [1, 3, 6, 12, 24, 48, 168, 672]


def test_what_was_posted_by_hand_has_no_numbers_to_ask_for():
    delivery = sent()
    delivery.channel.by_hand = True
    delivery.channel.save(update_fields=["by_hand"])
    following.follow(reacted(delivery))
    assert not RemotePost.objects.exists()
