"""What pages ask about comments and guests, each inside one workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef

from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, SignedLink, Workspace
from quarterdeck.publishing.models import Delivery, DeliveryState, Post, PostVersion
from quarterdeck.review import anchors
from quarterdeck.review.anchors import Place
from quarterdeck.review.comparing import Passage
from quarterdeck.review.models import Comment, Guest

MOST_LISTED = 200


@dataclass(slots=True)
class Thread:
    """A comment as it stands in the post of now: `place` of its words, `picture` (its number) of its spot; `lost` when
    what it was about is gone."""

    comment: Comment
    number: int
    replies: list[Comment] = field(default_factory=list)
    place: Place | None = None
    picture: int | None = None
    lost: bool = False

    @property
    def about(self) -> str:
        """What it is about, in words where there is no quote."""
        said = self.comment
        if said.about == Comment.About.SPOT and said.x is not None and said.y is not None:
            across = ("left", "middle", "right")[min(2, int(said.x * 3))]
            down = ("top", "centre", "bottom")[min(2, int(said.y * 3))]
            return f"Image {self.picture}, {down} {across}" if self.picture else "An image that is gone"
        if said.about == Comment.About.SECOND and said.second is not None:
            at = f"At {int(said.second // 60)}:{int(said.second % 60):02}"
            return at if self.picture else "A video that is gone"
        return ""


def comment(workspace: Workspace, pk: UUID) -> Comment:
    """One comment of this workspace; NotFound for any other."""
    found = (
        Comment.objects.filter(workspace=workspace, pk=pk).select_related("post__workspace", "parent").first()
    )
    if found is None:
        raise NotFound("There is no such comment in this workspace.")
    return found


def threads(post: Post) -> list[Thread]:
    """The comments of a post with their answers: open ones first, each in the order they were said."""
    rows = list(
        Comment.objects.filter(post=post).select_related("member__user", "guest").order_by("said_at", "pk")
    )
    texts = [part["text"] for part in post.parts]
    files = [image["file"] for part in post.parts for image in part["images"]]
    found: dict[UUID, Thread] = {}
    for row in rows:
        if row.parent_id is None:
            found[row.pk] = _placed(Thread(row, len(found) + 1), texts, files)
        elif row.parent_id in found:
            found[row.parent_id].replies.append(row)
    return sorted(found.values(), key=lambda one: (one.comment.resolved_at is not None, one.number))


def _placed(thread: Thread, texts: list[str], files: list[str]) -> Thread:
    said = thread.comment
    if said.quote:
        known = {"part": said.part, "start": said.start, "before": said.before, "after": said.after}
        thread.place = anchors.find(texts, said.quote, **known)
        thread.lost = thread.place is None
    elif said.file:
        thread.picture = files.index(said.file) + 1 if said.file in files else None
        thread.lost = thread.picture is None
    return thread


def in_words(said: Comment) -> str:
    """The comment with what it is about, for a message."""
    about = f"On “{said.quote}”:" if said.quote else ""
    if said.suggests:
        about = (
            f"Instead of “{said.quote}”: “{said.instead}”." if said.instead else f"Without “{said.quote}”."
        )
    return " ".join(words for words in (about, said.text) if words)


def open_on_posts_of(member: Member) -> list[tuple[Post, int, Comment]]:
    """Posts this member answers for that are still to go out, each with how many comments of others are open, and the
    newest of them."""
    still_to_go = Post.objects.filter(answerable=member, discarded_at__isnull=True).exclude(
        Exists(Delivery.objects.filter(post=OuterRef("pk"), state=DeliveryState.ACCEPTED))
    )
    rows = (
        Comment.objects.filter(post__in=still_to_go, parent__isnull=True, resolved_at__isnull=True)
        .exclude(member=member)
        .select_related("post", "member__user", "guest")
        .order_by("-said_at")[:MOST_LISTED]
    )
    found: dict[UUID, list[Comment]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return [(said[0].post, len(said), said[0]) for said in found.values()]


def guests(post: Post) -> list[Guest]:
    """Who was asked about a post, the newest first."""
    rows = Guest.objects.filter(post=post).select_related("link", "invited_by__user")
    return list(rows.order_by("-invited_at"))


def guest_of(link: SignedLink) -> Guest:
    """Whom a link was made for; NotFound when its post is gone."""
    found = (
        Guest.objects.filter(workspace=link.workspace_id, pk=link.object_id)
        .select_related("link", "post__workspace", "post__brand", "post__author__user", "invited_by__user")
        .first()
    )
    if found is None:
        raise NotFound("The post of this link is gone.", not_done="Nothing was changed.")
    return found


def versions(post: Post) -> list[PostVersion]:
    """Every saved version of a post, the oldest first."""
    return list(post.versions.select_related("saved_by__user").order_by("number"))


def named(workspace: Workspace, passages: Iterable[Passage]) -> list[dict]:
    """Passages of a comparison, each with its channel: None for the common text, and for a channel that is gone."""
    passages = list(passages)
    wanted = [one.channel for one in passages if one.channel]
    channels = Channel.objects.filter(workspace=workspace).in_bulk(wanted) if wanted else {}
    return [{"passage": one, "channel": channels.get(one.channel)} for one in passages]


def pieces(text: str, part: int, threads: Iterable[Thread]) -> list[dict]:
    """The text of a part cut where open comments are about words of it: [{"text", "threads": [numbers]}]."""
    places = [
        (one.place.start, one.place.end, one.number)
        for one in threads
        if one.place is not None and one.place.part == part and one.comment.resolved_at is None
    ]
    cuts = sorted({0, len(text), *(c for start, end, _ in places for c in (start, end))})
    return [
        {"text": text[a:b], "threads": [n for start, end, n in places if start <= a and b <= end]}
        for a, b in zip(cuts, cuts[1:], strict=False)
    ]
