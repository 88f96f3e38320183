"""What of consent belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.consent import reads
from quarterdeck.consent.models import Conflict, Round, Voice
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The conflicts it is a side of, the rounds about those, and what was said in them."""
    conflicts = [one.pk for one in reads.of_post(post.workspace_id, post.pk)]
    yield Conflict.ledger_name, conflicts
    rounds = []
    if conflicts:
        about = Round.objects.filter(about=Conflict.ledger_name, about_id__in=conflicts)
        rounds = list(about.values_list("pk", flat=True))
    yield Round.ledger_name, rounds
    said = Voice.objects.filter(round__in=rounds) if rounds else Voice.objects.none()
    yield Voice.ledger_name, list(said.values_list("pk", flat=True))
