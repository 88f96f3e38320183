"""What of consent belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.consent import reads
from quarterdeck.consent.models import Conflict, Round
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The conflicts it is a side of, and the rounds about those."""
    conflicts = [one.pk for one in reads.of_post(post.workspace_id, post.pk)]
    yield Conflict.ledger_name, conflicts
    rounds = Round.objects.filter(about=Conflict.ledger_name, about_id__in=conflicts) if conflicts else ()
    yield Round.ledger_name, [one.pk for one in rounds]
