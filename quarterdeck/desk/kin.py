"""What of the Desk belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.desk.models import Reason
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """Why it was moved out of a week, or taken off."""
    said = Reason.objects.filter(workspace=post.workspace_id, key=f"post:{post.pk}")
    yield Reason.ledger_name, list(said.values_list("pk", flat=True))
