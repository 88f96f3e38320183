"""How an import runs: rows are taken in chunks, each in one transaction that drafts and marks them together. Killed at
any moment, it goes on with the first row that is not marked; two that run at once wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from quarterdeck.core.problems import Conflict
from quarterdeck.crew.models import Member
from quarterdeck.exchange import intake, reads, verbs
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.judging import Judged, judge
from quarterdeck.exchange.models import Import, Row
from quarterdeck.exchange.world import World
from quarterdeck.publishing.models import Post

CHUNK = 500


def run(import_id: UUID | str) -> None:
    """Take every row that waits, then say that it ended. Anything but a running import is left as it is."""
    while True:
        with transaction.atomic():
            found = _held(import_id)
            if found is None or found.state != Import.State.RUNNING:
                return
            rows = list(found.rows.filter(state=Row.State.WAITING).order_by("number")[:CHUNK])
            if not rows:
                verbs.end(found)
                return
            _take(found, rows, found.by)
            intake.lives(found)


def mend(row: Row, *, by: Member, cells: list[str], said: dict) -> Row:
    """Try a row again with other cells: it becomes a draft that `by` answers for, or waits with other reasons."""
    with transaction.atomic():
        found = _held(row.of_id)
        row = Row.objects.select_for_update().get(pk=row.pk)
        if found is None or found.state != Import.State.DONE or row.state != Row.State.FIX:
            raise Conflict(
                "This row does not wait to be fixed any more.",
                next_step="The page of the import shows how it stands.",
            )
        intake.correct(row, cells, said)
        _take(found, [row], by)
        return row


def run_undo(import_id: UUID | str) -> None:
    """Take back every draft that nobody has touched, and say of the others why they stay."""
    while True:
        with transaction.atomic():
            found = _held(import_id)
            if found is None or found.state != Import.State.UNDOING or found.undone_by is None:
                return
            made = found.rows.filter(state=Row.State.DRAFT, kept_because="")
            rows = list(made.order_by("number")[:CHUNK])
            if not rows:
                verbs.end_undo(found)
                return
            _take_back(rows, found.undone_by)
            intake.lives(found)


def _held(import_id: UUID | str) -> Import | None:
    """The import, held until the transaction ends: who runs it at the same time waits here."""
    found = Import.objects.select_for_update(of=("self",)).select_related(
        "workspace", "by__user", "by__workspace", "undone_by__user", "undone_by__workspace"
    )
    return found.filter(pk=import_id).first()


def _take(found: Import, rows: Sequence[Row], by: Member) -> None:
    by.workspace = found.workspace
    answers = Answers.of(found.answers or {})
    world = World(found, answers)
    world.know_marks(reads.marks(found))
    judged = judge(rows, answers, world)
    if any(one.draft is not None for one in judged):
        verbs.make_drafts(by, judged, world)
    for one in judged:
        _mark(one)
    intake.keep(rows)


def _mark(one: Judged) -> None:
    row = one.row
    if one.empty:
        row.state = Row.State.LEFT
        return
    row.state = Row.State.DRAFT if one.draft is not None else Row.State.FIX
    row.mark = one.mark if one.draft is not None else ""
    row.reasons, row.warnings, row.extra = one.reasons, one.warnings, one.extra


def _take_back(rows: Sequence[Row], by: Member) -> None:
    posts = Post.objects.in_bulk([row.post for row in rows])
    why = reads.why_it_stays(rows, posts)
    free = [posts[row.post] for row in rows if row.post in posts and not why[row.pk]]
    standing = [post for post in free if post.discarded_at is None]
    if standing:
        verbs.take_back(by, standing)
    for row in rows:
        row.kept_because = why[row.pk]
        row.state = Row.State.DRAFT if row.kept_because else Row.State.GONE
    intake.keep(rows)
