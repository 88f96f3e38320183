"""What the full export holds of review: every comment, by a role or a guest, and who of outside was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.review.models import Comment, Guest
from quarterdeck.studio import reads as studio

Rows = Iterator[dict[str, Any]]


def comments(workspace: Workspace) -> Rows:
    """Comments, answers and suggestions, with what in the post they are about and how each ended."""
    found = Comment.objects.filter(workspace=workspace).select_related("member").order_by("said_at", "pk")
    for row in in_chunks(found):
        file = studio.files(workspace.pk, [row.file]).get(row.file) if row.file else None
        yield {
            "id": row.pk,
            "post": row.post_id,
            "version": row.version,
            "answer_to": row.parent_id,
            "role": row.member.role if row.member else "guest",
            "text": row.text,
            "said_at": row.said_at,
            "about": row.about,
            "part": row.part + 1,
            "quote": row.quote,
            "start": row.start,
            "image": file.sha256 if file else "",
            "x": row.x,
            "y": row.y,
            "second": row.second,
            "suggests_instead": row.instead,
            "settled": row.settled,
            "settled_at": row.settled_at,
            "settled_with": row.settled_word,
            "resolved_at": row.resolved_at,
            "ledger_event_id": row.ledger_event_id,
        }


def guests(workspace: Workspace) -> Rows:
    found = Guest.objects.filter(workspace=workspace).order_by("invited_at", "pk")
    yield from in_chunks(
        found.values("post", "may_comment", "may_suggest", "may_approve", "invited_at", "mailed_at")
    )


EXPORTS = {
    "comments": ExportTable("Comments and suggestions on posts, by role, and how each ended.", comments),
    "guests": ExportTable(
        "When somebody outside was asked about a post, and what their link let them do. No name stands here.",
        guests,
    ),
}
