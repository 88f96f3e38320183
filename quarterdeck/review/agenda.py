"""What comments ask of a member on their Desk: those on posts they answer for that nobody has seen to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.review import reads


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """One item a post: how many of its comments are open, and what the newest says."""
    if not who.may("publishing.post.draft"):
        return
    for post, count, newest in reads.open_on_posts_of(who):
        url = (
            reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": post.pk}) + "#comments"
        )
        yield AgendaItem(
            key=f"review.comment:{newest.pk}",
            kind="answer",
            title=f"“{post.short}” has {count} open comment{'s' * (count != 1)}",
            why=f"{newest.who}: {reads.in_words(newest)}"[:300],
            url=url,
            since=newest.said_at,
            consequence=48,
            actions=(ItemAction("Read", url, primary=True),),
            fold="review.comment",
            fold_title=lambda items: f"{len(items)} posts have open comments",
        )
