"""The items of a week, asked of the rooms that hold them: posts, ideas, commitments. Each with what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from quarterdeck.crew.models import Workspace
from quarterdeck.desk.week import Fate, Item, Span, ids_of
from quarterdeck.ideas.models import Idea, Origin
from quarterdeck.ideas.models import State as Column
from quarterdeck.lessons.models import Commitment
from quarterdeck.publishing import sizes
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Post, Settlement
from quarterdeck.shell.templatetags.shell import moment

MOST = 400  # posts, ideas or commitments of a week
# A plan that stood for less than this was a try; nobody is asked why it ended, unless it was in the plan of the week.
A_TRY = timedelta(days=1)
_ELSEWHERE = {Settlement.How.MOVED, Settlement.How.SENT_AGAIN}


def items(workspace: Workspace, span: Span, planned: Collection[str]) -> list[Item]:
    """What belongs to the week, in no order: what stands in it, what stood in it, and what its plan names."""
    posts = _posts(workspace, span, ids_of(planned, "post"))
    ideas = _ideas(workspace, span, ids_of(planned, "idea"), posts)
    return [*posts.values(), *ideas, *_commitments(workspace, span, ids_of(planned, "commitment"))]


def _page(workspace: Workspace, name: str, pk: UUID) -> str:
    return reverse(name, kwargs={"workspace": workspace.slug, "pk": pk})


# --- posts --------------------------------------------------------------------------------------------


def _posts(workspace: Workspace, span: Span, planned: list[UUID]) -> dict[UUID, Item]:
    every = Delivery.objects.filter(workspace=workspace, part=0)
    due = every.filter(due_at__gte=span.begins, due_at__lt=span.ends).values("post")
    found = every.filter(Q(post__in=due) | Q(post__in=planned)).select_related("channel")
    found = found.prefetch_related("settlements").defer("text", "payload", "uploads")
    rows: dict[UUID, list[Delivery]] = {}
    for row in found.order_by("due_at", "planned_at"):
        rows.setdefault(row.post_id, []).append(row)
    made = {
        post.pk: _post(post, rows[post.pk], workspace, span, post.pk in planned)
        for post in Post.objects.filter(pk__in=rows).defer("following", "overrides", "terms")[:MOST]
    }
    return {pk: item for pk, item in made.items() if item is not None}


def _post(post: Post, rows: list[Delivery], workspace: Workspace, span: Span, planned: bool) -> Item | None:
    here = [row for row in rows if span.holds(row.due_at)]
    if not here:
        return None
    fate, word, when, reason = _fate(here, rows, span)
    if fate in {Fate.MOVED, Fate.OFF} and not planned and not _was_a_plan(here, span):
        return None
    if fate == Fate.OFF and post.discarded_at:
        word = "discarded"
    return Item(
        keys=(f"post:{post.pk}",),
        kind="post",
        title=post.title,
        url=_page(workspace, "publishing-post", post.pk),
        day=span.day(when),
        size=post.size or sizes.usual(post.kind),
        said_size=bool(post.size),
        size_url=_page(workspace, "publishing-post-size", post.pk),
        fate=fate,
        word=word,
        reason=reason,
        where=", ".join(dict.fromkeys(row.channel.name for row in here)),
    )


def _fate(here: list[Delivery], rows: list[Delivery], span: Span) -> tuple[Fate, str, datetime, str]:
    """What became of a post in this week, in words, on which day, and the reason that was given with the act."""
    if trouble := [row for row in here if row.unsettled]:
        return Fate.OPEN, f"{trouble[0].word}, and nobody has decided yet", trouble[0].due_at, ""
    if going := [row for row in here if row.state in OPEN or row.looking]:
        first = going[0]
        word = first.word if first.state != DeliveryState.AMBIGUOUS else "not known yet"
        return (Fate.OPEN if span.over else Fate.AHEAD), word, first.due_at, ""
    if out := [row for row in here if row.is_out]:
        return Fate.DONE, "out", out[0].due_at, ""
    changed = max(_changed(row) for row in here)
    why = next((row.closed_why for row in reversed(here) if row.closed_why), "")
    later = [row for row in rows if not span.holds(row.due_at) and row.planned_at >= changed]
    if standing := [row for row in later if row.state in OPEN or row.looking or row.is_out or row.unsettled]:
        since = ", and out since" if standing[-1].is_out else ""
        return Fate.MOVED, f"moved to {moment(span.day(standing[-1].due_at))}{since}", here[-1].due_at, why
    dropped = any(row.settled and row.settled.how == Settlement.How.DROPPED for row in here)
    return Fate.OFF, "left after it did not go out" if dropped else "taken off", here[-1].due_at, why


def _changed(row: Delivery) -> datetime:
    """When a delivery that does not stand here any more ceased to."""
    return row.closed_at or (row.settled.settled_at if row.settled else row.planned_at)


def _was_a_plan(here: list[Delivery], span: Span) -> bool:
    """Whether it stood in the week for a day, and was changed after the week had begun."""
    changed = max(_changed(row) for row in here)
    return changed >= span.begins and changed - min(row.planned_at for row in here) >= A_TRY


# --- ideas --------------------------------------------------------------------------------------------


def _ideas(workspace: Workspace, span: Span, planned: list[UUID], posts: dict[UUID, Item]) -> list[Item]:
    """Ideas that are due in the week. One that became a post of this week is that post, which then has its size."""
    due = Q(due__gte=span.monday, due__lte=span.sunday, aside_at__isnull=True) & ~Q(state=Column.IDEA)
    found = list(Idea.objects.filter(workspace=workspace).filter(Q(pk__in=planned) | due)[:MOST])
    of = Q(idea__in=found) | Q(post__in=list(posts))
    origins = list(Origin.objects.filter(of, post__discarded_at__isnull=True).values_list("idea", "post"))
    sized = dict(Idea.objects.filter(pk__in=[idea for idea, _ in origins]).values_list("pk", "size"))
    out = _out([post for _, post in origins if post not in posts])
    became: dict[UUID, list[UUID]] = {}
    for idea, post in origins:
        became.setdefault(idea, []).append(post)
        if post in posts:
            _joined(posts[post], idea, sized[idea])
    return [
        _idea(idea, span, workspace, out.intersection(became.get(idea.pk, ())))
        for idea in found
        if not any(post in posts for post in became.get(idea.pk, ()))
    ]


def _joined(item: Item, idea: UUID, size: str) -> None:
    """The post of the week that an idea became."""
    item.keys = (*item.keys, f"idea:{idea}")
    if size and not item.said_size:
        item.size, item.said_size = size, True


def _out(posts: list[UUID]) -> set[UUID]:
    if not posts:
        return set()
    return set(
        Delivery.objects.filter(post__in=posts, state=DeliveryState.ACCEPTED).values_list("post", flat=True)
    )


def _idea(idea: Idea, span: Span, workspace: Workspace, out: set[UUID]) -> Item:
    fate, word = Fate.AHEAD, idea.stands
    if out:
        fate, word = Fate.DONE, "became a post that is out"
    elif idea.aside_at:
        fate, word = Fate.OFF, "put aside"
    elif idea.due is None or idea.due > span.sunday:
        fate, word = Fate.MOVED, f"moved to {moment(idea.due)}" if idea.due else "no day any more"
    elif idea.state == Column.READY:
        fate, word = Fate.DONE, "made, and ready"
    elif span.over:
        fate, word = Fate.OPEN, f"{idea.stands}, and its day is over"
    inside = idea.due is not None and span.monday <= idea.due <= span.sunday
    return Item(
        keys=(f"idea:{idea.pk}",),
        kind="idea",
        title=idea.short,
        url=_page(workspace, "ideas-idea", idea.pk),
        day=idea.due if idea.due and inside else span.monday,
        size=idea.size or "M",
        said_size=bool(idea.size),
        fate=fate,
        word=word,
    )


# --- commitments --------------------------------------------------------------------------------------


def _commitments(workspace: Workspace, span: Span, planned: list[UUID]) -> list[Item]:
    due = Q(due__gte=span.monday, due__lte=span.sunday)
    found = Commitment.objects.filter(workspace=workspace).filter(Q(pk__in=planned) | due)
    return [
        _commitment(one, span, workspace) for one in found.prefetch_related("moves").order_by("due")[:MOST]
    ]


def _commitment(one: Commitment, span: Span, workspace: Workspace) -> Item:
    state, reason = Commitment.State, ""
    fate, word = Fate.AHEAD, one.get_state_display()
    if one.state in {state.KEPT, state.UNVERIFIED, state.CLAIMED}:
        fate = Fate.DONE
    elif one.state in {state.NOT_KEPT, state.DROPPED}:
        fate, reason = Fate.OFF, one.word
    elif one.due > span.sunday:
        fate, word = Fate.MOVED, f"moved to {moment(one.due)}"
        reason = next((move.reason for move in reversed(list(one.moves.all()))), "")
    elif span.over:
        fate, word = Fate.OPEN, "its day is over, and it is not said to be done"
    return Item(
        keys=(f"commitment:{one.pk}",),
        kind="commitment",
        title=one.short,
        url=_page(workspace, "lessons-commitment", one.pk),
        day=one.due if span.monday <= one.due <= span.sunday else span.monday,
        size="S",
        said_size=False,
        fate=fate,
        word=word,
        reason=reason,
    )
