"""What is out is followed: its numbers are collected from the first hour on."""

from __future__ import annotations

from quarterdeck.channels import intake as channels
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing.models import Delivery, DeliveryState


def follow(event: Reacted) -> None:
    """A delivery was accepted: its post is followed by the channel's room. A second call changes nothing."""
    delivery = (
        Delivery.objects.filter(pk=event.about_id, state=DeliveryState.ACCEPTED)
        .select_related("channel")
        .first()
    )
    if delivery is None or delivery.channel.by_hand or not delivery.channel.connected:
        return
    channels.follow(delivery.channel, delivery.published, delivery.text, delivery.ended_at)
    channels.went_well(delivery.channel)
