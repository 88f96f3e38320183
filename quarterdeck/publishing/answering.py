"""A post that answers another one of ours where that stands: what it goes below on a channel, or why it cannot."""

from __future__ import annotations

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Refused, Thread
from quarterdeck.channels.models import Channel
from quarterdeck.publishing.models import Delivery, DeliveryState, Post

_DEEPEST = 50


def answered(post: Post, channel: Channel) -> Delivery | None:
    """What the post answers on this channel: the part it was written under, or the last before it that is out there.
    None when nothing of it ever went out there."""
    if post.answers_id is None:
        return None
    out = Delivery.objects.filter(post=post.answers_id, channel=channel, part__lte=post.answers_part)
    return out.filter(state=DeliveryState.ACCEPTED).select_related("post").order_by("-part").first()


def objection(post: Post, channel: Channel) -> str:
    """Why the post cannot answer on this channel, in a sentence; empty when it can, or answers nothing."""
    if post.answers_id is None:
        return ""
    found = answered(post, channel)
    if found is None:
        return f"The post it answers is not out on {channel.name}."
    if found.removed_at is not None:
        return f"The post it answers was taken down on {channel.name}."
    if channel.by_hand:
        return ""
    if not adapters.unsigned(channel).capabilities.threads:
        return f"On {channel.title} a post cannot answer another one."
    if not found.remote_id:
        return f"What {channel.title} calls the post it answers is not known, so it cannot be answered from here."
    return ""


def thread(post: Post, channel: Channel) -> Thread:
    """What it answers there and the first post of that thread, as the network named them. Raises Refused."""
    found = answered(post, channel)
    if found is None or objection(post, channel):
        raise Refused(f"{objection(post, channel)} Nothing was sent.")
    return Thread(root=_root(found).published, parent=found.published)


def _root(found: Delivery) -> Delivery:
    """The first post of the thread it stands in: its own first part, or what that one answers in turn."""
    for _ in range(_DEEPEST):
        if found.part:
            first = Delivery.objects.filter(post=found.post_id, channel=found.channel_id, part=0)
            found = first.select_related("post").filter(state=DeliveryState.ACCEPTED).first() or found
        above = answered(found.post, found.channel)
        if above is None or not above.remote_id:
            break
        found = above
    return found
