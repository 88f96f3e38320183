"""What channels say differently, as pages show it: by words beside the common text, and the pictures that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from uuid import UUID

from quarterdeck.channels.models import Channel
from quarterdeck.publishing import differences
from quarterdeck.publishing.models import Post


def told(post: Post, common: Sequence[dict], own: Mapping[UUID, Sequence[dict]]) -> list[dict]:
    """Each channel with parts of its own: `channel`, whether it is `chosen`, and its `parts` beside the `common`
    ones. Those of a channel not chosen at the moment are shown too: they are part of what is approved."""
    if not own:
        return []
    chosen = set(post.channels.values_list("pk", flat=True))
    channels = Channel.objects.filter(workspace=post.workspace_id, pk__in=own).order_by("name")
    return [{"channel": c, "chosen": c.pk in chosen, "parts": compared(common, own[c.pk])} for c in channels]


def compared(common: Sequence[dict], own: Sequence[dict]) -> list[dict]:
    """Part by part: `pieces` of text, the channel's `images` where they are others, and `gone` for a part that is
    left out there."""
    nothing = {"text": "", "images": []}
    parts = []
    for before, after in zip_longest(common, own):
        pieces = differences.words((before or nothing)["text"], (after or nothing)["text"])
        theirs = (after or nothing)["images"]
        other = _seen(before or nothing) != _seen(after or nothing)
        parts.append(
            {"pieces": pieces, "images": theirs if other else [], "other": other, "gone": after is None}
        )
    return parts


def _seen(part: dict) -> list[tuple[str, str]]:
    return [(image["file"], image["alt"]) for image in part["images"]]
