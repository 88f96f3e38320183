"""What of exchange belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.exchange.models import Import, Row
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The spreadsheet whose row it was made of."""
    rows = Row.objects.filter(post=post.pk, of__workspace_id=post.workspace_id)
    yield Import.ledger_name, list(rows.values_list("of_id", flat=True).distinct())
