"""A clearance that a small edit carries over, where the policy allows it: who approved is shown the difference."""

from __future__ import annotations

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.publishing import clearing, requiring, small_edits, telling
from quarterdeck.publishing.models import Clearance, Post, PostVersion


def carry(post: Post, stood: Clearance, by: Member) -> Clearance | None:
    """Inside the verb that saved the post: the clearance of its text now, when the edit was small and the rules for it
    let the approval stand; else None."""
    if (found := clearing.clearance(post)) is not None:
        return found  # it says again what was cleared before
    rules = clearing.rules_for(post)
    read = read_by_people(stood)
    if (
        not rules.small_edits
        or read is None
        or read.besides != post.besides  # what a channel says instead is never a small matter
        or not small_edits.is_small(read.parts, post.parts, rules.phrases)
        or requiring.unheard(rules, clearing.voices(post, read.text_hash))  # it touches somebody else now
    ):
        return None
    kept = Clearance.objects.create(
        post=post,
        text_hash=post.text_hash,
        given=stood.given,
        carried_from=stood,
        cleared_at=clock.now(),
        ledger_event_id=post.ledger_event_id,
    )
    telling.carried(post, by, read)
    return kept


def read_by_people(stood: Clearance) -> PostVersion | None:
    """The version that the voices were given to, at the beginning of what was carried over."""
    return version_read(stood.post, clearing.origin(stood).text_hash)


def version_read(post: Post, text_hash: str) -> PostVersion | None:
    """The version of a post that an approval of this hash is of."""
    return PostVersion.objects.filter(post=post, text_hash=text_hash).order_by("number").first()
