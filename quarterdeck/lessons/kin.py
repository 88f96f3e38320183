"""What of lessons belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from quarterdeck.lessons.models import Commitment, Credit, Review
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """The reviews of it, what they ended in, and who was thanked."""
    about = {"workspace": post.workspace_id, "about": Post.ledger_name, "about_id": post.pk}
    reviews = list(Review.objects.filter(**about).values_list("pk", flat=True))
    yield Review.ledger_name, reviews
    promised = Commitment.objects.filter(review__in=reviews)
    yield Commitment.ledger_name, list(promised.values_list("pk", flat=True))
    yield Credit.ledger_name, list(Credit.objects.filter(**about).values_list("pk", flat=True))
