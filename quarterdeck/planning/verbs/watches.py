"""Who reads the comments in the first hour after a post."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.planning.models import Watch
from quarterdeck.publishing.models import OPEN, Post


@verb
def name_watch(post: Post, *, by: Member, member: Member | None) -> Watch | None:
    """Name who reads the first comments of a post at the time it is planned for now; None: nobody.

    Conflict when it is not planned, or it is like that already.
    """
    if member is not None and (member.workspace_id != by.workspace_id or member.left_at):
        raise NotFound("There is no such person in this workspace.")
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    first = post.deliveries.filter(state__in=OPEN).order_by("due_at").first()
    if first is None:
        raise Conflict("It is not planned.", next_step="Choose when it goes out first.")
    now = clock.now()
    former = Watch.objects.filter(post=post, ended_at__isnull=True).first()
    if former:
        former.ended_at, former.ledger_event_id = now, ids.new()
        former.save()
        ledger.record("planning.watch.ended", actor=by, about=former, event_id=former.ledger_event_id)
    if member is None:
        if former is None:
            raise Conflict("Nobody is named.")
        return None
    watch = Watch.objects.create(
        workspace=by.workspace,
        post=post,
        member=member,
        due_at=first.due_at,
        named_by=by,
        named_at=now,
        ledger_event_id=ids.new(),
    )
    fields = {"due": first.due_at}
    ledger.record(
        "planning.watch.named", actor=by, about=watch, fields=fields, event_id=watch.ledger_event_id
    )
    return watch
