"""How much work a post is, as somebody of the team says it."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import ids
from quarterdeck.core.problems import Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Post, Size
from quarterdeck.publishing.rows import locked


@verb
def give_size(post: Post, *, by: Member, size: str) -> Post:
    """Say that the post is a small, a medium or a large one: S, M or L. Invalid for anything else."""
    if size not in Size.values:
        raise Invalid("There is no such size.", next_step="Choose S, M or L.")
    post = locked(post)
    post.size, post.ledger_event_id = size, ids.new()
    post.save(update_fields=["size", "ledger_event_id"])
    fields = {"size": str(post.size)}
    ledger.record("publishing.post.sized", actor=by, about=post, fields=fields, event_id=post.ledger_event_id)
    return post
