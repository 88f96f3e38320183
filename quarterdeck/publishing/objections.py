"""What other rooms say against a time a post is planned for. Publishing asks, and need not know why (plan_checks)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck.channels.models import Channel
from quarterdeck.core import registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import Objection
from quarterdeck.publishing.models import Post


def against(post: Post, due_at: datetime, channels: Sequence[Channel]) -> list[Objection]:
    """Everything that speaks against this instant on these channels; what forbids it comes first."""
    said = [one for _, check in registries.plan_checks for one in check(post, due_at, channels)]
    return sorted(said, key=lambda one: not one.blocks)


def must_be_allowed(post: Post, due_at: datetime, channels: Sequence[Channel]) -> None:
    """Raises Conflict, in the words of whoever objects, when somebody forbids it."""
    forbidden = [one for one in against(post, due_at, channels) if one.blocks]
    if forbidden:
        raise Conflict(
            " ".join(one.words for one in forbidden),
            not_done="Nothing was planned, and what was planned keeps its time.",
            next_step=next((one.next_step for one in forbidden if one.next_step), "Choose another time."),
        )
