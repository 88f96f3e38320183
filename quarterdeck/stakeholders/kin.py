"""What of stakeholders belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders.models import Request, RequestPost


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The requests it serves, with all that was said to them."""
    joined = RequestPost.objects.filter(post=post).values_list("request_id", flat=True)
    yield Request.ledger_name, list(dict.fromkeys(joined))
