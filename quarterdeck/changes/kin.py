"""What of changes belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.changes.models import Change
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """What was changed of it, or taken down, since it went out."""
    yield Change.ledger_name, list(Change.objects.filter(delivery__post=post).values_list("pk", flat=True))
