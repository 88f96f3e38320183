"""What pages and other rooms ask about posts and deliveries. Every question is asked inside one workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.publishing import holding, holds_reads, status
from quarterdeck.publishing.holding import HELD_SQL
from quarterdeck.publishing.models import (
    GOING,
    OPEN,
    TROUBLE,
    UNDO_WINDOW,
    Ask,
    Clearance,
    Delivery,
    DeliveryState,
    Post,
    Return,
    Settlement,
)
from quarterdeck.publishing.status import Standing, Status

PER_PAGE = 30
LONGEST_LIST = 100

# Whether the present text of a delivery's post is approved: everybody who has to has spoken.
_APPROVED = Exists(
    Clearance.objects.filter(
        post=OuterRef("post"), text_hash=OuterRef("post__text_hash"), ended_at__isnull=True
    )
)

# Not known yet: its answer was lost, and the network is still being asked.
_LOOKING = Q(state=DeliveryState.AMBIGUOUS, asked_at__isnull=True)


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
        .select_related("workspace", "brand", "author__user", "changed_by__user", "answerable__user")
        .first()
    )
    if found is None:
        raise NotFound("There is no such post in this workspace.")
    return found


def every_post(workspace: Workspace) -> QuerySet[Post]:
    """All posts, the discarded too, each as `standing` takes it."""
    return _standing(Post.objects.filter(workspace=workspace))


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
        is_approved=Exists(Clearance.objects.filter(same_text, ended_at__isnull=True)),
        is_returned=Exists(Return.objects.filter(same_text)),
    )


def standing(post: Post, deliveries: list[Delivery] | None = None, held: set[UUID] | None = None) -> Standing:
    """How a post stands, as `status` takes it. `post` comes from these reads; `held` where it was asked already."""
    if deliveries is None:
        deliveries = list(post.deliveries.prefetch_related("settlements"))
    held = _held(deliveries) if held is None else held
    waiting = [d.pk for d in deliveries if d.state == DeliveryState.INTENT]
    return Standing(
        asked=post.is_asked,
        approved=post.is_approved,
        returned=post.is_returned,
        deliveries=[DeliveryState.ACCEPTED if d.is_out else d.state for d in deliveries],
        unsettled=[d.state for d in deliveries if d.unsettled],
        discarded=post.discarded_at is not None,
        looking=any(d.looking for d in deliveries),
        held=bool(waiting) and held.issuperset(waiting),
        gone=not any(d.stands for d in deliveries),
        removed=any(d.removed_at for d in deliveries),
    )


def _held(deliveries: Iterable[Delivery]) -> set[UUID]:
    """Those of the planned ones that a hold covers, in one question."""
    planned = [d.pk for d in deliveries if d.state == DeliveryState.INTENT]
    return holding.held(planned) if planned else set()


def line(post: Post, held: set[UUID] | None = None) -> Line:
    """A post with prefetched deliveries as a line of a list."""
    deliveries = list(post.deliveries.all())
    stands = standing(post, deliveries, held)
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
    if which in {Status.OUT, Status.GONE}:
        return max(d.ended_at for d in shown if d.is_out)
    if which in {Status.SCHEDULED, Status.SENDING}:
        return min(d.due_at for d in shown if d.state in OPEN)
    return max((d.due_at for d in shown), default=None)


def lines(posts: QuerySet[Post]) -> list[Line]:
    """Posts as lines of a list, in their order."""
    prepared = _standing(posts).select_related("author__user")
    prepared = prepared.prefetch_related("deliveries__channel", "deliveries__settlements", "channels")
    posts = list(prepared)
    held = _held(delivery for post in posts for delivery in post.deliveries.all())
    return [line(post, held) for post in posts]


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
    """Everything that is not yet out, at most a hundred of each kind. Asked of the database once for all kinds."""
    kinds: dict[UUID, str] = dict(_on_the_board(workspace))
    every = {line.post.pk: line for line in lines(Post.objects.filter(pk__in=kinds))}

    def of_kind(kind: str, *statuses: Status) -> list[Line]:
        found = [every[pk] for pk, its in kinds.items() if its == kind and pk in every]
        return [line for line in found if not statuses or line.status in statuses]

    return Board(
        trouble=of_kind("trouble"),
        drafts=of_kind("begun", Status.DRAFT, Status.RETURNED),
        waiting=of_kind("begun", Status.WAITING),
        approved=of_kind("begun", Status.APPROVED),
        planned=sorted(of_kind("planned"), key=lambda x: x.when or clock.now()),
        discarded=of_kind("discarded"),
    )


def _on_the_board(workspace: Workspace) -> QuerySet:
    """The posts of the board with the kind of each: of the planned the soonest, of the others the newest."""
    trouble = Post.objects.filter(pk__in=_unsettled(workspace).values("post_id"))
    going = Delivery.objects.filter(_LOOKING | Q(state__in=OPEN), workspace=workspace)
    planned = Post.objects.filter(pk__in=going.values("post_id")).exclude(pk__in=trouble.values("pk"))
    soonest = going.filter(post=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    begun = (
        Post.objects.filter(workspace=workspace, discarded_at__isnull=True)
        .exclude(Exists(Delivery.objects.filter(post=OuterRef("pk"), state__in=GOING)))
        .exclude(pk__in=trouble.values("pk"))
    )
    discarded = Post.objects.filter(workspace=workspace, discarded_at__isnull=False)

    def first(posts: QuerySet, kind: str, order: str, most: int) -> QuerySet:
        return posts.annotate(group=Value(kind)).order_by(order, "-pk").values_list("pk", "group")[:most]

    return first(trouble, "trouble", "-changed_at", LONGEST_LIST).union(
        first(planned.annotate(soonest=Subquery(soonest)), "planned", "soonest", 2 * LONGEST_LIST),
        first(begun, "begun", "-changed_at", 3 * LONGEST_LIST),
        first(discarded, "discarded", "-discarded_at", PER_PAGE),
        all=True,
    )


def _unsettled(workspace: Workspace) -> QuerySet[Delivery]:
    standing = Settlement.objects.filter(delivery=OuterRef("pk"), undone_at__isnull=True)
    decided = standing.exclude(how=Settlement.How.ABSENT)
    return (
        Delivery.objects.filter(workspace=workspace, state__in=TROUBLE)
        .exclude(_LOOKING)
        .exclude(Exists(decided))
    )


def out(workspace: Workspace) -> QuerySet[Delivery]:
    """Deliveries that are out, newest first; of a thread its first part."""
    said = Settlement.objects.filter(delivery=OuterRef("pk"), how=Settlement.How.OUT, undone_at__isnull=True)
    known = Q(state=DeliveryState.ACCEPTED) | Q(state=DeliveryState.AMBIGUOUS) & Exists(said)
    return (
        Delivery.objects.filter(known, workspace=workspace, part=0)
        .select_related("post", "channel", "said_by__user")
        .order_by("-ended_at")
    )


def next_out(workspace: Workspace, limit: int = 3) -> list[Delivery]:
    """What goes out next, soonest first, each with `is_approved`; what is held does not. Of a thread the next part."""
    held = Q(state=DeliveryState.INTENT) & holds_reads.covered_by_any(holds_reads.standing(workspace))
    return list(
        Delivery.objects.filter(workspace=workspace, state__in=OPEN)
        .exclude(held)
        .exclude(state=DeliveryState.HANDED)  # that is in somebody's hands now
        .exclude(after__state__in=OPEN)
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
    """Deliveries that did not go out, or may not have, and that nobody has decided about, with `is_approved`. Of a
    thread the first of them: the rest goes with it."""
    rest = Q(state=DeliveryState.MISSED, after__state__in=TROUBLE)
    found = (
        _unsettled(workspace)
        .exclude(rest)
        .annotate(is_approved=_APPROVED)
        .select_related("post__answerable__user", "channel")
    )
    return list(found.order_by("ended_at")[:LONGEST_LIST])


def waiting_asks(workspace: Workspace) -> list[Ask]:
    """Open requests for approval, oldest first, each with the soonest time its post is planned for as `due_at`."""
    asks = list(
        Ask.objects.filter(post__workspace=workspace, post__discarded_at__isnull=True, ended_at__isnull=True)
        .select_related("post__author__user", "post__workspace", "asked_by__user")
        .prefetch_related("post__labels")
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


def unplanned(member: Member) -> list[Clearance]:
    """Approved texts of this member's that no time was chosen for, oldest first."""
    taken = Delivery.objects.filter(post=OuterRef("post")).exclude(state=DeliveryState.CANCELLED)
    return list(
        Clearance.objects.filter(
            post__author=member,
            post__discarded_at__isnull=True,
            text_hash=F("post__text_hash"),
            ended_at__isnull=True,
        )
        .exclude(Exists(taken))
        .select_related("post", "given__approved_by__user")
        .order_by("cleared_at")[:LONGEST_LIST]
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
    """Posts that hold all the words, in whatever part or description of an image, newest first."""
    posts = Post.objects.filter(workspace=workspace)
    for one in words.split()[:8]:
        said = Q(text__icontains=one) | Q(images__icontains=one) | Q(following__icontains=one)
        said |= Q(overrides__icontains=one)
        posts = posts.filter(said)
    return list(posts.order_by("-changed_at")[:limit])


def is_alone(member: Member) -> bool:
    """True when nobody else is in the workspace: then one's own approval counts, and says so."""
    others = Member.objects.filter(workspace=member.workspace_id, left_at__isnull=True).exclude(pk=member.pk)
    return not others.exists()


APPROVED_SQL = """EXISTS (SELECT FROM publishing_post p JOIN publishing_clearance c ON c.post_id = p.id
                WHERE p.id = d.post_id AND c.text_hash = p.text_hash AND c.ended_at IS NULL)"""

# Whether a planned delivery `d` may go out when its time has come: approved, and the part before it stands there.
READY_SQL = f"""({APPROVED_SQL}
                AND (d.after_id IS NULL OR EXISTS (SELECT FROM publishing_delivery b
                                                    WHERE b.id = d.after_id AND b.state = 'accepted'
                                                      AND b.removed_at IS NULL)))"""

_NEXT_DUE = f"""
SELECT min(CASE WHEN d.lease_until IS NOT NULL THEN d.lease_until
                WHEN d.state <> 'intent' THEN d.try_at
                WHEN {READY_SQL} THEN least(d.try_at, d.latest_at + interval '1 millisecond')
                ELSE d.latest_at + interval '1 millisecond' END)
  FROM publishing_delivery d
 WHERE d.state IN ('intent', 'sending', 'handed', 'ambiguous')
   AND (d.state <> 'ambiguous' OR d.asked_at IS NULL)
   AND (d.state <> 'intent' OR NOT {HELD_SQL})
"""  # noqa: S608


def next_due() -> datetime | None:
    """The earliest instant at which `claim` could return something, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE)
        return cursor.fetchone()[0]
