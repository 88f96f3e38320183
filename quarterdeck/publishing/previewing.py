"""A post as a message carries it, so that it can be judged without opening anything: every part, the description of
every image, where it goes and when.
"""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.publishing.models import OPEN, Delivery, Post


def texts(parts: Sequence[dict]) -> list[str]:
    """The text of every part."""
    return [part["text"] for part in parts]


def plain(post: Post) -> str:
    """All of it as plain text."""
    several = len(post.parts) > 1
    told = []
    for number, part in enumerate(post.parts, 1):
        head = [f"Part {number} of {len(post.parts)}"] if several else []
        told.append("\n".join([*head, part["text"].strip() or "(no text)", *_images(part["images"])]))
    return "\n\n---\n\n".join([*told, "\n".join(facts(post))])


def _images(images: Sequence[dict]) -> list[str]:
    if not images:
        return []
    count = f"{len(images)} image{'s' * (len(images) != 1)}:"
    return ["", count, *(f"- {image['alt'] or 'no description yet'}" for image in images)]


def facts(post: Post) -> list[str]:
    """Where it goes and when, a line each."""
    names = [f"{channel.name} on {channel.title}" for channel in post.channels.order_by("name")]
    where = f"Goes to: {', '.join(names)}." if names else "No channel is chosen yet."
    slot = when(post)
    return [where, f"When: {slot}." if slot else "No time is chosen yet."]


def soonest(post: Post) -> Delivery | None:
    """The planned delivery that goes first."""
    return post.deliveries.filter(state__in=OPEN).order_by("due_at").first()


def when(post: Post) -> str:
    """ "Monday 9 March 2026, 12:30 Europe/Berlin"; empty when nothing is planned."""
    first = soonest(post)
    if first is None:
        return ""
    return f"{first.local:%A} {first.local.day} {first.local:%B %Y, %H:%M} {first.zone}"
