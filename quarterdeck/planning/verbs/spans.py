"""Days with a meaning: launches, quiet periods, blackouts and embargoes, for everything or for a part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.planning.models import MOST_SPANS, Span
from quarterdeck.publishing import slots
from quarterdeck.publishing.models import Label, Post

_TARGETS = {"brand": Brand, "channel": Channel, "label": Label, "post": Post}


@verb
def mark_span(
    by: Member,
    *,
    kind: str,
    title: str,
    begins: datetime | None,
    ends: datetime,
    blocks: bool = False,
    scope: str = Span.Scope.WORKSPACE,
    target: UUID | None = None,
) -> Span:
    """Mark a stretch of wall time in the workspace's zone. An embargo has no `begins`. What is planned inside stays
    planned and is pointed out. Invalid with its fields."""
    title = " ".join(title.split())[:120]
    if not title:
        raise Invalid("A name is needed.", fields={"title": "Say in a few words what this is."})
    if kind == Span.Kind.EMBARGO:
        begins = None
    elif begins is None:
        raise Invalid("It needs a beginning.", fields={"begins": "Please give the first day and time."})
    if scope != Span.Scope.WORKSPACE:
        there = _TARGETS[scope].objects.filter(pk=target, workspace=by.workspace_id).exists()
        if not there:
            raise Invalid("What it is for is not in this workspace.", fields={"what": "Please choose again."})
    zone = by.workspace.timezone
    start = slots.resolve(begins, zone, fold=0) if begins else None
    end = slots.resolve(ends, zone, fold=1)
    if start and start.due_at >= end.due_at:
        raise Invalid("It ends before it begins.", fields={"ends": "Please give a later time."})
    _must_have_room(by.workspace_id)
    span = Span.objects.create(
        workspace=by.workspace,
        kind=kind,
        title=title,
        begins=start.wall if start else "",
        ends=end.wall,
        zone=zone,
        begins_at=start.due_at if start else None,
        ends_at=end.due_at,
        blocks=blocks and kind != Span.Kind.LAUNCH,
        scope=scope,
        target=None if scope == Span.Scope.WORKSPACE else target,
        made_by=by,
        made_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {
        "kind": kind,
        "title": title,
        "begins": span.begins,
        "ends": span.ends,
        "blocks": span.blocks,
        "scope": scope,
        "target": str(span.target or ""),
    }
    ledger.record("planning.span.made", actor=by, about=span, fields=fields, event_id=span.ledger_event_id)
    return span


@verb
def remove_span(span: Span, *, by: Member) -> None:
    """Take the mark off; nothing refuses or warns because of it any more."""
    _turn(span, by, removed=True)


@verb
def restore_span(span: Span, *, by: Member) -> None:
    """Put a removed mark back as it was. Conflict where there are too many by now."""
    if span.ends_at > clock.now():
        _must_have_room(span.workspace_id)
    _turn(span, by, removed=False)


def _must_have_room(workspace_id: UUID) -> None:
    """What is over does not count: it is kept, and nobody has to tidy it away."""
    standing = Span.objects.filter(workspace=workspace_id, removed_at__isnull=True, ends_at__gt=clock.now())
    if standing.count() >= MOST_SPANS:
        raise Conflict(
            f"There are {MOST_SPANS} marked days already that are not over.",
            next_step="Remove one that is not needed any more.",
        )


def _turn(span: Span, by: Member, *, removed: bool) -> None:
    span = Span.objects.select_for_update(of=("self",)).get(pk=span.pk)
    if (span.removed_at is not None) == removed:
        raise Conflict("It is like that already.")
    span.removed_at, span.ledger_event_id = clock.now() if removed else None, ids.new()
    span.save()
    kind = "planning.span.removed" if removed else "planning.span.restored"
    ledger.record(kind, actor=by, about=span, event_id=span.ledger_event_id)
