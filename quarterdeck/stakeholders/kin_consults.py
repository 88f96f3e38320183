"""What of consults belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders.models import Consult, Waiver


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """Which departments were given a link to it and asked, and where it was let go without one."""
    yield Consult.ledger_name, list(Consult.objects.filter(post=post).values_list("pk", flat=True))
    yield Waiver.ledger_name, list(Waiver.objects.filter(post=post).values_list("pk", flat=True))
