"""What publishing tells the media library: in which posts a file is used, and what each channel shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.urls import reverse

from quarterdeck.channels import adapters
from quarterdeck.core.registries import MediaShown, MediaUse
from quarterdeck.crew.models import Workspace
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Post

MOST_POSTS = 300
MOST_SHOWN = 60  # pictures of all channels together that a grid is made of
_COMING = {*OPEN, DeliveryState.AMBIGUOUS}

_POSTS_WITH = """
SELECT post.id, found.file FROM publishing_post post, LATERAL (
  SELECT jsonb_path_query(post.images, '$[*].file') #>> '{}' AS file
  UNION SELECT jsonb_path_query(post.following, '$[*].images[*].file') #>> '{}'
  UNION SELECT jsonb_path_query(post.overrides, '$.*[*].images[*].file') #>> '{}'
  UNION SELECT post.card ->> 'file'
) found
WHERE post.workspace_id = %s AND post.discarded_at IS NULL AND found.file IS NOT NULL
"""


def uses(workspace_id: UUID, files: Sequence[str]) -> Iterable[MediaUse]:
    """The posts that carry one of these files, on whatever channel (as `Post.files` counts them), discarded ones left
    out; newest changed first."""
    wanted = _POSTS_WITH + " AND found.file = ANY(%s) ORDER BY post.changed_at DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(wanted, [workspace_id, list(files), MOST_POSTS])
        pairs = cursor.fetchall()
    posts = Post.objects.filter(pk__in={pk for pk, _ in pairs}).prefetch_related("deliveries__channel")
    known = {post.pk: post for post in posts.select_related("workspace")}
    return [_use(known[pk], file) for pk, file in pairs if pk in known]


def used(workspace_id: UUID) -> set[str]:
    """Every file that a post carries."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTS_WITH, [workspace_id])
        return {file for _, file in cursor.fetchall()}


def _use(post: Post, file: str) -> MediaUse:
    """A post that is still to go out somewhere counts as planned, whatever is out already."""
    rows = list(post.deliveries.all())
    coming = [row for row in rows if row.state in _COMING]
    out = [row for row in rows if row.state == DeliveryState.ACCEPTED]
    counted = coming or out
    when = min(
        (row.due_at for row in coming), default=max((row.ended_at or row.due_at for row in out), default=None)
    )
    return MediaUse(
        file=file,
        title=post.title,
        url=reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk}),
        state="planned" if coming else "out" if out else "draft",
        when=when,
        where=", ".join(sorted({row.channel.name for row in counted})),
    )


def pictures(workspace_id: UUID) -> Iterable[MediaShown]:
    """The first picture of each post that a channel shows or is to show, newest first."""
    workspace = Workspace.objects.get(pk=workspace_id)
    rows = Delivery.objects.filter(workspace=workspace_id, part=0, channel__disconnected_at__isnull=True)
    rows = rows.filter(state__in=[*_COMING, DeliveryState.ACCEPTED]).exclude(post__images=[])
    rows = rows.select_related("post", "channel").defer("text", "payload", "uploads").order_by("-due_at")
    for row in rows[:MOST_SHOWN]:
        yield MediaShown(
            key=row.channel_id.hex,
            channel=row.channel.name,
            network=adapters.kind(row.channel).network,
            file=row.post.images[0]["file"],
            when=row.ended_at if row.state == DeliveryState.ACCEPTED and row.ended_at else row.due_at,
            out=row.state == DeliveryState.ACCEPTED,
            url=reverse("publishing-post", kwargs={"workspace": workspace.slug, "pk": row.post_id}),
        )
