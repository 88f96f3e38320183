"""What of ideas belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.ideas.models import Idea, Origin
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The idea it came from."""
    yield Idea.ledger_name, list(Origin.objects.filter(post=post).values_list("idea_id", flat=True))
