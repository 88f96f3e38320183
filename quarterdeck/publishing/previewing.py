"""A post as a message carries it, so that it can be judged without opening anything: every part, the description of
every image, where it goes and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from quarterdeck.channels.models import Channel
from quarterdeck.publishing import content
from quarterdeck.publishing.models import OPEN, Delivery, Post


def texts(parts: Sequence[dict]) -> list[str]:
    """The text of every part."""
    return [part["text"] for part in parts]


def plain(post: Post) -> str:
    """All of it as plain text: the common parts, then what single channels say instead, then where and when."""
    told = _plain_parts(post.parts)
    for channel, parts in elsewhere(post):
        first, *rest = _plain_parts(parts)
        told += [f"=== On {channel.name} ({channel.title}) instead:\n\n{first}", *rest]
    return "\n\n---\n\n".join([*told, "\n".join(facts(post))])


def _plain_parts(parts: Sequence[dict]) -> list[str]:
    told = []
    for number, part in enumerate(parts, 1):
        head = [f"Part {number} of {len(parts)}"] if len(parts) > 1 else []
        told.append("\n".join([*head, part["text"].strip() or "(no text)", *_images(part["images"])]))
    return told


def elsewhere(post: Post) -> list[tuple[Channel, list[dict]]]:
    """The channels where it says something else than the common parts, with those parts as they are there. Also those
    that are not chosen at the moment: an approval covers them all the same."""
    own = Q(pk__in=[UUID(pk) for pk in post.overrides]) | Q(pk__in=post.channels.values("pk"))
    channels = Channel.objects.filter(own, workspace=post.workspace_id).order_by("name")
    said = [(channel, content.said(post, channel)) for channel in channels]
    return [(channel, parts) for channel, parts in said if parts != post.parts]


def _images(images: Sequence[dict]) -> list[str]:
    if not images:
        return []
    count = f"{len(images)} image{'s' * (len(images) != 1)}:"
    return ["", count, *(f"- {image['alt'] or 'no description yet'}" for image in images)]


def facts(post: Post) -> list[str]:
    """Where it goes and when, a line each."""
    names = [f"{channel.name} on {channel.title}" for channel in post.channels.order_by("name")]
    where = f"Goes to: {', '.join(names)}." if names else "No channel is chosen yet."
    slot, card = when(post), post.card
    lines = [where, f"When: {slot}." if slot else "No time is chosen yet."]
    if card:
        shown = " ".join(f"{card['title']}. {card['description']}".split())
        lines.append(f"Its link is shown as a card: {shown} ({card['url']})")
    return lines


def soonest(post: Post) -> Delivery | None:
    """The planned delivery that goes first."""
    return post.deliveries.filter(state__in=OPEN).order_by("due_at").first()


def when(post: Post) -> str:
    """ "Monday 9 March 2026, 12:30 Europe/Berlin"; empty when nothing is planned."""
    first = soonest(post)
    if first is None:
        return ""
    return f"{first.local:%A} {first.local.day} {first.local:%B %Y, %H:%M} {first.zone}"
