"""What other rooms say against a time a post is planned for. Publishing asks, and need not know why (plan_checks).

`rows.open_deliveries` asks for whoever gives a post a time; what puts one back as it stood asks here itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck.channels.models import Channel
from quarterdeck.core import registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import Objection, Proposed
from quarterdeck.publishing.models import Post

NOT_PLANNED = "Nothing was planned, and what was planned keeps its time."


def proposed(post: Post, due_at: datetime, channels: Sequence[Channel]) -> Proposed:
    """That time for a post that is kept. Labels are read from what was prefetched, where that is so."""
    labels = frozenset(label.pk for label in post.labels.all())
    return Proposed(post.workspace_id, due_at, post.brand_id, channels, labels, post.pk)


def to_each(proposals: Sequence[Proposed]) -> list[list[Objection]]:
    """What speaks against each of these times, all of one workspace; what forbids it comes first."""
    said: list[list[Objection]] = [[] for _ in proposals]
    for _, check in registries.plan_checks if proposals else ():
        for here, words in zip(said, check(proposals), strict=True):
            here += words
    return [sorted(here, key=lambda one: not one.blocks) for here in said]


def against(post: Post, due_at: datetime, channels: Sequence[Channel]) -> list[Objection]:
    """Everything that speaks against this instant on these channels; what forbids it comes first."""
    return to_each([proposed(post, due_at, channels)])[0]


def forbidden(said: Sequence[Objection]) -> str:
    """Why the time cannot be had, in sentences; empty where nothing forbids it."""
    return " ".join(one.words for one in said if one.blocks)


def must_be_allowed(
    post: Post, due_at: datetime, channels: Sequence[Channel], not_done: str = NOT_PLANNED
) -> None:
    """Raises Conflict, in the words of whoever objects, when somebody forbids it."""
    must_each_be_allowed([proposed(post, due_at, channels)], not_done)


def must_each_be_allowed(proposals: Sequence[Proposed], not_done: str = NOT_PLANNED) -> None:
    """The same of many: raises for the first that somebody forbids."""
    for said in to_each(proposals):
        if words := forbidden(said):
            steps = (one.next_step for one in said if one.blocks and one.next_step)
            raise Conflict(words, not_done=not_done, next_step=next(steps, "Choose another time."))
