"""What pages and other rooms ask about posts and deliveries. Every question is asked inside one workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.publishing import status
from quarterdeck.publishing.models import (
    OPEN,
    TROUBLE,
    UNDO_WINDOW,
    Approval,
    Ask,
    Delivery,
    DeliveryState,
    Post,
    Return,
    Settlement,
)
from quarterdeck.publishing.status import Standing, Status

PER_PAGE = 30
LONGEST_LIST = 100

# Whether the present text of a delivery's post is approved.
_APPROVED = Exists(
    Approval.objects.filter(
        post=OuterRef("post"), text_hash=OuterRef("post__text_hash"), withdrawn_at__isnull=True
    )
)


@dataclass(frozen=True, slots=True)
class Line:
    """A post in a list: how it stands, and when it goes out or went out."""

    post: Post
    status: Status
    word: str
    tone: str
    when: datetime | None
    channels: list[str]


def post(workspace: Workspace, pk: UUID) -> Post:
    """One post of this workspace; NotFound for any other."""
    found = (
        _standing(Post.objects.filter(workspace=workspace, pk=pk))
        .select_related("workspace", "brand", "author__user", "changed_by__user")
        .first()
    )
    if found is None:
        raise NotFound("There is no such post in this workspace.")
    return found


def delivery(workspace: Workspace, pk: UUID) -> Delivery:
    """One delivery of this workspace; NotFound for any other."""
    found = Delivery.objects.filter(workspace=workspace, pk=pk).select_related("post", "channel").first()
    if found is None:
        raise NotFound("There is no such delivery in this workspace.")
    return found


def _standing(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Each post with whether its present text is asked for, approved or returned."""
    same_text = Q(post=OuterRef("pk"), text_hash=OuterRef("text_hash"))
    return posts.annotate(
        is_asked=Exists(Ask.objects.filter(post=OuterRef("pk"), ended_at__isnull=True)),
        is_approved=Exists(Approval.objects.filter(same_text, withdrawn_at__isnull=True)),
        is_returned=Exists(Return.objects.filter(same_text)),
    )


def standing(post: Post, deliveries: list[Delivery] | None = None) -> Standing:
    """How a post stands, as `status` takes it. `post` comes from these reads."""
    if deliveries is None:
        deliveries = list(post.deliveries.prefetch_related("settlements"))
    return Standing(
        asked=post.is_asked,
        approved=post.is_approved,
        returned=post.is_returned,
        deliveries=[DeliveryState.ACCEPTED if d.is_out else d.state for d in deliveries],
        unsettled=[d.state for d in deliveries if d.unsettled],
        discarded=post.discarded_at is not None,
    )


def line(post: Post) -> Line:
    """A post with prefetched deliveries as a line of a list."""
    deliveries = list(post.deliveries.all())
    stands = standing(post, deliveries)
    which = status.of(stands)
    shown = [d for d in deliveries if d.state != DeliveryState.CANCELLED]
    return Line(
        post=post,
        status=which,
        word=status.word(which, stands),
        tone=status.tone(which, stands),
        when=_when(which, shown),
        channels=sorted({d.channel.name for d in shown} or {c.name for c in post.channels.all()}),
    )


def _when(which: Status, shown: list[Delivery]) -> datetime | None:
    if which == Status.OUT:
        return max(d.ended_at for d in shown if d.is_out)
    if which in {Status.SCHEDULED, Status.SENDING}:
        return min(d.due_at for d in shown if d.state in OPEN)
    return max((d.due_at for d in shown), default=None)


def _lines(posts: QuerySet[Post]) -> list[Line]:
    prepared = _standing(posts).select_related("author__user")
    prepared = prepared.prefetch_related("deliveries__channel", "deliveries__settlements", "channels")
    return [line(post) for post in prepared]


@dataclass(frozen=True, slots=True)
class Board:
    """The page of posts: what asks for work first, then what is planned, then what is out (newest first)."""

    trouble: list[Line]
    drafts: list[Line]
    waiting: list[Line]
    approved: list[Line]
    planned: list[Line]
    discarded: list[Line]


def board(workspace: Workspace) -> Board:
    """Everything that is not yet out, at most a hundred of each kind."""
    unsettled = _unsettled(workspace)
    opened = Delivery.objects.filter(workspace=workspace, state__in=OPEN)
    trouble = Post.objects.filter(pk__in=unsettled.values("post_id"))
    planned = Post.objects.filter(pk__in=opened.values("post_id")).exclude(pk__in=trouble.values("pk"))
    going = (*OPEN, DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS)
    begun = (
        Post.objects.filter(workspace=workspace, discarded_at__isnull=True)
        .exclude(Exists(Delivery.objects.filter(post=OuterRef("pk"), state__in=going)))
        .exclude(pk__in=trouble.values("pk"))
    )
    discarded = Post.objects.filter(workspace=workspace, discarded_at__isnull=False)
    in_making = _lines(begun.order_by("-changed_at")[: 3 * LONGEST_LIST])
    lines = _lines(planned[: 2 * LONGEST_LIST])
    return Board(
        trouble=_lines(trouble.order_by("-changed_at")[:LONGEST_LIST]),
        drafts=[x for x in in_making if x.status in {Status.DRAFT, Status.RETURNED}],
        waiting=[x for x in in_making if x.status == Status.WAITING],
        approved=[x for x in in_making if x.status == Status.APPROVED],
        planned=sorted(lines, key=lambda x: x.when or clock.now()),
        discarded=_lines(discarded.order_by("-discarded_at")[:PER_PAGE]),
    )


def _unsettled(workspace: Workspace) -> QuerySet[Delivery]:
    decided = Settlement.objects.filter(delivery=OuterRef("pk"), undone_at__isnull=True)
    return Delivery.objects.filter(workspace=workspace, state__in=TROUBLE).exclude(Exists(decided))


def out(workspace: Workspace) -> QuerySet[Delivery]:
    """Deliveries that are out, newest first."""
    return (
        Delivery.objects.filter(workspace=workspace, state=DeliveryState.ACCEPTED)
        .select_related("post", "channel")
        .order_by("-ended_at")
    )


def next_out(workspace: Workspace, limit: int = 3) -> list[Delivery]:
    """What goes out next, soonest first, each with `is_approved`."""
    return list(
        Delivery.objects.filter(workspace=workspace, state__in=OPEN)
        .annotate(is_approved=_APPROVED)
        .select_related("post", "channel")
        .order_by("due_at")[:limit]
    )


def due_between(workspace: Workspace, start: datetime, end: datetime) -> list[Delivery]:
    """What was planned for a stretch of time, whatever became of it, unless it was taken off the plan."""
    return list(
        Delivery.objects.filter(workspace=workspace, due_at__gte=start, due_at__lt=end)
        .exclude(state=DeliveryState.CANCELLED)
        .select_related("post", "channel")
        .order_by("due_at")[:LONGEST_LIST]
    )


def unsettled(workspace: Workspace) -> list[Delivery]:
    """Deliveries that did not go out, or may not have, and that nobody has decided about, with `is_approved`."""
    found = _unsettled(workspace).annotate(is_approved=_APPROVED).select_related("post__author", "channel")
    return list(found.order_by("ended_at")[:LONGEST_LIST])


def waiting_asks(workspace: Workspace) -> list[Ask]:
    """Open requests for approval, oldest first, each with the soonest time its post is planned for as `due_at`."""
    asks = list(
        Ask.objects.filter(post__workspace=workspace, post__discarded_at__isnull=True, ended_at__isnull=True)
        .select_related("post__author__user", "asked_by__user")
        .order_by("asked_at")[:LONGEST_LIST]
    )
    soonest = _soonest([ask.post_id for ask in asks])
    for ask in asks:
        ask.due_at = soonest.get(ask.post_id)
    return asks


def _soonest(posts: list[UUID]) -> dict[UUID, datetime]:
    rows = Delivery.objects.filter(post__in=posts, state__in=OPEN).order_by("-due_at")
    return dict(rows.values_list("post_id", "due_at"))


def returned_to(member: Member) -> list[Return]:
    """Returns of texts this member answers for and has not changed or asked about since, newest first."""
    again = Ask.objects.filter(post=OuterRef("post"), asked_at__gt=OuterRef("returned_at"))
    return list(
        Return.objects.filter(
            post__author=member, post__discarded_at__isnull=True, text_hash=F("post__text_hash")
        )
        .exclude(Exists(again))
        .select_related("post", "returned_by__user")
        .order_by("-returned_at")[:LONGEST_LIST]
    )


def unplanned(member: Member) -> list[Approval]:
    """Approved texts of this member's that no time was chosen for, oldest first."""
    taken = Delivery.objects.filter(post=OuterRef("post")).exclude(state=DeliveryState.CANCELLED)
    return list(
        Approval.objects.filter(
            post__author=member,
            post__discarded_at__isnull=True,
            text_hash=F("post__text_hash"),
            withdrawn_at__isnull=True,
        )
        .exclude(Exists(taken))
        .select_related("post", "approved_by__user")
        .order_by("approved_at")[:LONGEST_LIST]
    )


def planned_without_approval(member: Member, before: datetime) -> list[Delivery]:
    """This member's deliveries due before then whose text nobody was asked to approve yet."""
    asked = Ask.objects.filter(post=OuterRef("post"), ended_at__isnull=True)
    return list(
        Delivery.objects.filter(post__author=member, state=DeliveryState.INTENT, due_at__lt=before)
        .exclude(_APPROVED)
        .exclude(Exists(asked))
        .select_related("post", "channel")
        .order_by("due_at")[:LONGEST_LIST]
    )


def undoable(post: Post, deliveries: list[Delivery]) -> UUID | None:
    """The last act of planning that can still be undone, or None."""
    since = clock.now() - UNDO_WINDOW
    opened = [(d.planned_at, d.opened_by) for d in deliveries if d.state == DeliveryState.INTENT]
    closed = [(d.closed_at, d.closed_by) for d in deliveries if d.closed_at and d.closed_by]
    recent = [(at, act) for at, act in opened + closed if at > since]
    return max(recent)[1] if recent else None


def find(workspace: Workspace, words: str, limit: int) -> list[Post]:
    """Posts whose text holds all the words, newest first."""
    posts = Post.objects.filter(workspace=workspace)
    for one in words.split()[:8]:
        posts = posts.filter(text__icontains=one)
    return list(posts.order_by("-changed_at")[:limit])


def is_alone(member: Member) -> bool:
    """True when nobody else is in the workspace: then one's own approval counts, and says so."""
    others = Member.objects.filter(workspace=member.workspace_id, left_at__isnull=True).exclude(pk=member.pk)
    return not others.exists()


def has_approver(post: Post) -> bool:
    """True when somebody other than its author may approve it, or its author is the only member."""
    present = Member.objects.filter(workspace=post.workspace_id, left_at__isnull=True)
    others = present.exclude(pk=post.author_id)
    may = any(member.may("publishing.post.approve") for member in others.select_related("user"))
    return may or not others.exists()


APPROVED_SQL = """EXISTS (SELECT FROM publishing_post p JOIN publishing_approval a ON a.post_id = p.id
                WHERE p.id = d.post_id AND a.text_hash = p.text_hash AND a.withdrawn_at IS NULL)"""

_NEXT_DUE = f"""
SELECT min(CASE WHEN d.lease_until IS NOT NULL THEN d.lease_until
                WHEN {APPROVED_SQL} THEN least(d.try_at, d.latest_at + interval '1 millisecond')
                ELSE d.latest_at + interval '1 millisecond' END)
  FROM publishing_delivery d WHERE d.state IN ('intent', 'sending')
"""  # noqa: S608


def next_due() -> datetime | None:
    """The earliest instant at which `claim` could return something, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE)
        return cursor.fetchone()[0]
