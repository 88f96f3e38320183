"""What pages and other rooms ask about imports and exports. Every question is asked inside one workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.exchange.models import Export, Import, Row
from quarterdeck.publishing.models import Approval, Ask, Delivery, DeliveryState, Post, Return

STILL = timedelta(seconds=40)  # without a word for this long, nobody works on it


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows stand how. `of` counts all but the headings."""

    waiting: int
    drafts: int
    to_fix: int
    left: int
    gone: int

    @property
    def of(self) -> int:
        return self.waiting + self.drafts + self.to_fix + self.left + self.gone

    @property
    def done(self) -> int:
        return self.of - self.waiting


def one(workspace: Workspace, pk: UUID) -> Import:
    """One import of this workspace; NotFound for any other."""
    found = Import.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "by__user").first()
    if found is None:
        raise NotFound(
            "There is no such import in this workspace.",
            next_step="If it was put aside, bring the spreadsheet again.",
        )
    return found


def export(workspace: Workspace, pk: UUID) -> Export:
    """One export of this workspace; NotFound for any other."""
    found = Export.objects.filter(workspace=workspace, pk=pk).first()
    if found is None:
        raise NotFound("There is no such export in this workspace.")
    return found


def exports(workspace: Workspace) -> QuerySet[Export]:
    """Exports, newest first."""
    return Export.objects.filter(workspace=workspace).select_related("by__user").order_by("-asked_at")


def row(workspace: Workspace, pk: UUID, number: int) -> Row:
    """One row of an import of this workspace; NotFound for any other."""
    found = Row.objects.filter(of__workspace=workspace, of=pk, number=number).select_related("of").first()
    if found is None:
        raise NotFound("There is no such row in this import.")
    return found


def recent(workspace: Workspace) -> QuerySet[Import]:
    """Imports, newest first."""
    return Import.objects.filter(workspace=workspace).select_related("by__user").order_by("-received_at")


def drafts_brought(workspace: Workspace) -> int:
    """How many drafts came from spreadsheets and were not taken back."""
    return Row.objects.filter(of__workspace=workspace, state=Row.State.DRAFT).count()


def same_file(found: Import) -> Import | None:
    """An earlier import of the very same file that was not undone."""
    return (
        recent(found.workspace)
        .filter(sha256=found.sha256, state__in=(Import.State.DONE, Import.State.RUNNING))
        .exclude(pk=found.pk)
        .first()
    )


def progress(found: Import) -> Progress:
    counted = dict(found.rows.order_by().values_list("state").annotate(Count("pk")))
    state = Row.State
    return Progress(
        *(counted.get(s, 0) for s in (state.WAITING, state.DRAFT, state.FIX, state.LEFT, state.GONE))
    )


def stands_still(found: Import) -> bool:
    """It should be worked on, and nobody has for a while."""
    at_work = found.state in {Import.State.RUNNING, Import.State.UNDOING}
    return at_work and clock.now() - found.moved_at > STILL


def marks(found: Import) -> Iterable[tuple[str, int]]:
    """The mark and the number of each row that is a draft."""
    drafts = found.rows.filter(state=Row.State.DRAFT).exclude(mark="")
    return drafts.order_by("number").values_list("mark", "number")


def row_of_post(post: Post) -> Row | None:
    """The row a post was made from, or None."""
    return Row.objects.filter(post=post.pk).select_related("of").first()


def from_a_spreadsheet(post: Post, who: Member) -> dict | None:
    """For the post's page: which row of which file it was, and what it said that a post has no place for."""
    found = row_of_post(post)
    if found is None or found.of.workspace_id != who.workspace_id:
        return None
    return {"row": found, "extra": found.extra}


def why_it_stays(rows: Sequence[Row], posts: Mapping[UUID, Post]) -> dict[int, str]:
    """Of each row that became a post: why an undo leaves it, in words; empty where nobody has touched it since."""
    pks = [row.post for row in rows]
    spoken: dict[UUID, str] = {}
    for model, words in (
        (Ask, "Approval was asked for it."),
        (Return, "It was given back with a reason."),
        (Approval, "It was approved."),
    ):
        spoken |= dict.fromkeys(model.objects.filter(post__in=pks).values_list("post", flat=True), words)
    deliveries = defaultdict(list)
    for delivery in Delivery.objects.filter(post__in=pks).only("post_id", "state", "opened_by"):
        deliveries[delivery.post_id].append(delivery)
    return {row.pk: _why(row, posts.get(row.post), spoken, deliveries[row.post]) for row in rows}


def _why(row: Row, post: Post | None, spoken: Mapping[UUID, str], deliveries: Sequence[Delivery]) -> str:
    if post is None or post.discarded_at is not None:
        return ""
    standing = [d for d in deliveries if d.state != DeliveryState.CANCELLED]
    if any(d.state != DeliveryState.INTENT for d in standing):
        missed = all(d.state in {DeliveryState.INTENT, DeliveryState.MISSED} for d in standing)
        return "Its time came and it was missed." if missed else "It is out, or on its way."
    if post.version != 1 or post.ledger_event_id != row.post_event:
        return "It was changed since."
    if said := spoken.get(post.pk):
        return said
    if any(d.opened_by != row.plan_act for d in standing) or (row.plan_act and not standing):
        return "Its plan was changed since."
    return ""
