"""Who hears of a comment: who answers for the post, and whoever wrote the comment it answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core.registries import Concerned, Trace
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Post
from quarterdeck.review import reads
from quarterdeck.review.models import Comment


def _address(post: Post) -> str:
    return reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk}) + "#comments"


def commented(said: Comment) -> None:
    """The author and the one who answers for it, and the writer of what was answered; never whoever wrote it."""
    post = said.post
    hears: dict = {member.pk: member for member in (post.author, post.answerable)}
    if said.parent is not None and said.parent.member is not None:
        hears[said.parent.member_id] = said.parent.member
    did = "suggests other words in" if said.suggests else "answered on" if said.parent else "commented on"
    for member in hears.values():
        if member.pk != said.member_id and member.left_at is None:
            subject = f"{said.who} {did} “{post.short}”"
            notify.tell(member, subject=subject, text=reads.in_words(said), url=_address(post))


def settled(said: Comment, by: Member) -> None:
    """A member whose suggestion was decided; a guest sees it on their page."""
    member, post = said.member, said.post
    if member is None or member.pk == by.pk or member.left_at is not None:
        return
    subject = f"Your words in “{post.short}” were taken over"
    if said.settled == Comment.Settled.DECLINED:
        subject = f"Your suggestion for “{post.short}” was declined"
    notify.tell(member, subject=subject, text=said.settled_word or reads.in_words(said), url=_address(post))


def concerned(post: Post) -> Iterable[Concerned]:
    """Who commented on a post, members and guests: they hear when it turns out to be wrong."""
    said = post.comments.select_related("member__user", "guest").order_by("said_at")
    for one in said:
        if one.member is not None:
            yield Concerned(str(one.member), "commented on it", one.member)
        elif one.guest is not None:
            yield Concerned(one.guest.name, "commented on it", address=one.guest.address)


def traces(post: Post) -> Iterable[Trace]:
    """What was commented on a post, and when: the first word of a mistake may be among it."""
    for one in post.comments.order_by("said_at"):
        yield Trace(f"review.comment:{one.pk}", one.said_at, reads.in_words(one))
