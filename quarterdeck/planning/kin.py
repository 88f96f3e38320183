"""What of planning belongs to a post, for its whole life (`registries.kin`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from quarterdeck.planning.models import Occurrence, Series, Span, Watch
from quarterdeck.publishing.models import Post


def of_post(post: Post) -> Iterator[tuple[str, list[UUID]]]:
    """Who was named for its first hour, the series it comes from or begins, and what was marked for it alone."""
    made = list(Occurrence.objects.filter(post=post).values_list("pk", "series_id"))
    begun = Series.objects.filter(Q(post=post) | Q(pk__in=[series for _, series in made]))
    marked = Span.objects.filter(workspace_id=post.workspace_id, scope=Span.Scope.POST, target=post.pk)
    yield Watch.ledger_name, list(Watch.objects.filter(post=post).values_list("pk", flat=True))
    yield Occurrence.ledger_name, [occurrence for occurrence, _ in made]
    yield Series.ledger_name, list(begun.values_list("pk", flat=True))
    yield Span.ledger_name, list(marked.values_list("pk", flat=True))
