"""Who reads the comments in the first hour after a post."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.planning import watching
from quarterdeck.planning.models import Watch
from quarterdeck.publishing.models import Delivery, Post


@verb
def name_watch(post: Post, *, by: Member, member: Member | None, tell: bool = True) -> Watch | None:
    """Name who reads the first comments of a post at the time it is planned for now, or went out at less than an hour
    ago; None: nobody. Who is named by somebody else is told; not so (`tell`) where they know already.

    Conflict when there is no such time, or it is like that already.
    """
    if member is not None and (member.workspace_id != by.workspace_id or member.left_at):
        raise NotFound("There is no such person in this workspace.")
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    first = watching.first_of(post)
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
    if tell and member.pk != by.pk:
        _tell(watch, first)
    return watch


def _tell(watch: Watch, first: Delivery) -> None:
    at = first.due_at.astimezone(watch.member.zone)
    notify.tell(
        watch.member,
        subject=f"You read the first comments on “{watch.post.short}”",
        text=f"It goes out on {at:%A}, {at.day} {at:%B} at {at:%H:%M} ({watch.member.zone.key}). "
        "You are named for its first hour.",
        url=reverse("publishing-post", kwargs={"workspace": watch.workspace.slug, "pk": watch.post_id}),
    )
