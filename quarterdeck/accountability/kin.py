"""What of accountability belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.accountability.models import Correction, Flag, Slip
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The slips in it, who pointed them out, and how they were corrected."""
    for kind, of in (
        (Slip, {"post": post}),
        (Flag, {"slip__post": post}),
        (Correction, {"slip__post": post}),
    ):
        yield kind.ledger_name, list(kind.objects.filter(**of).values_list("pk", flat=True))
