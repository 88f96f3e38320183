"""What a person did with comments, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed, listed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own
from quarterdeck.ledger.own import Own
from quarterdeck.review.models import Comment

RESOLVED, TAKEN = "review.comment.resolved", "review.comment.taken"


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    yield from _answered(me, since, until)
    done = own.events(me, (RESOLVED, TAKEN), since, until)
    taken = [one for one in done if one.kind == TAKEN]
    settled = {one.about_id for one in taken}
    yield from _of_comments(me, taken, "took over", "suggestion", since, 45)
    resolved = [one for one in done if one.kind == RESOLVED and one.about_id not in settled]
    yield from _of_comments(me, resolved, "saw to", "comment", since, 42)


def _answered(me: Member, since: datetime, until: datetime) -> Iterator[Deed]:
    rows = list(
        Comment.objects.filter(member=me, parent__isnull=False, said_at__gte=since, said_at__lt=until)
        .exclude(parent__member=me)
        .select_related("post__brand")
        .order_by("said_at", "pk")
    )
    if rows:
        yield _deed(me, rows, "answered", "comment", since, rows[-1].said_at, 44)


def _of_comments(
    me: Member, done: list[Own], verb: str, noun: str, since: datetime, weight: int
) -> Iterator[Deed]:
    found = Comment.objects.filter(pk__in=[one.about_id for one in done], workspace=me.workspace_id)
    rows = list(found.select_related("post__brand").order_by("said_at", "pk"))
    if rows:
        yield _deed(
            me, rows, verb, noun, since, done[-1].when, weight, tuple(one.event_id for one in done[:50])
        )


def _deed(
    me: Member,
    rows: list[Comment],
    verb: str,
    noun: str,
    since: datetime,
    when: datetime,
    weight: int,
    events: tuple = (),
) -> Deed:
    """How many, on which posts; who said them is left out."""
    posts = list({row.post_id: row.post for row in rows}.values())
    how_many = f"a {noun}" if len(rows) == 1 else f"{len(rows)} {noun}s"
    on = f"“{posts[0].short}”" if len(posts) == 1 else f"{len(posts)} posts"
    slug = me.workspace.slug
    return Deed(
        key=f"review.{verb.replace(' ', '-')}:{me.workspace_id}:{since:%Y-%m-%d}",
        kind="together",
        when=when,
        did=f"{verb} {how_many} on {on}",
        for_whom=f"for {listed(post.brand.name for post in posts)}",
        weight=weight,
        url=reverse("publishing-post", kwargs={"workspace": slug, "pk": posts[0].pk}),
        event_ids=events or tuple(row.ledger_event_id for row in rows[:50]),
    )
