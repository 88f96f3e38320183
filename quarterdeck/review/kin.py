"""What of review belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.crew.models import SignedLink
from quarterdeck.publishing.models import Post
from quarterdeck.review.models import Comment, Guest


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """Its comments and their answers, the guests who were asked, and the links they were given."""
    guests = list(Guest.objects.filter(post=post).values_list("pk", "link_id"))
    yield Comment.ledger_name, list(Comment.objects.filter(post=post).values_list("pk", flat=True))
    yield Guest.ledger_name, [guest for guest, _ in guests]
    yield SignedLink.ledger_name, [link for _, link in guests]
