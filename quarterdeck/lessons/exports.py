"""What the full export holds of lessons: reviews, what was said in them by role, commitments and their dates, and what
help was confirmed. No person stands beside work. Of a review that is open only that it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.lessons import causes as listed
from quarterdeck.lessons.models import Cause, Commitment, Credit, Move, Note, Review
from quarterdeck.lessons.models.credit import Answer
from quarterdeck.lessons.models.reviews import ANSWERS

Rows = Iterator[dict[str, Any]]


def reviews(workspace: Workspace) -> Rows:
    names = {one.value: one.name for one in listed.every(workspace)}
    for row in in_chunks(Review.objects.filter(workspace=workspace).order_by("opened_at", "pk")):
        closed = not row.is_open
        said = {name: getattr(row, name) if closed else "" for name in (*ANSWERS, "nothing_because")}
        kept = [one for one in row.timeline if one["kept"]] if closed else []
        yield {
            "id": row.pk,
            "about": row.about,
            "about_id": row.about_id,
            "title": row.title,
            **said,
            "causes": [names[value] for value in row.causes if value in names] if closed else [],
            "timeline": [{name: one[name] for name in ("when", "words", "note", "event")} for one in kept],
            "opened_at": row.opened_at,
            "closed_at": row.closed_at,
            "ledger_event_id": row.ledger_event_id,
        }


def views(workspace: Workspace) -> Rows:
    found = Note.objects.filter(review__workspace=workspace, withdrawn_at__isnull=True)
    for row in in_chunks(found.select_related("said_by").order_by("said_at", "pk")):
        yield {"review": row.review_id, "role": row.said_by.role, "text": row.text, "said_at": row.said_at}


def causes(workspace: Workspace) -> Rows:
    found = Cause.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "name", "made_at", "retired_at"))


def commitments(workspace: Workspace) -> Rows:
    for row in in_chunks(Commitment.objects.filter(workspace=workspace).order_by("made_at", "pk")):
        yield {
            "id": row.pk,
            "review": row.review_id,
            "what": row.what,
            "first_due": row.first_due,
            "due": row.due,
            "state": row.get_state_display(),
            "state_at": row.state_at,
            "word": row.word,
            "evidence": row.evidence,
            "made_at": row.made_at,
            "ledger_event_id": row.ledger_event_id,
        }


def moves(workspace: Workspace) -> Rows:
    found = Move.objects.filter(commitment__workspace=workspace).order_by("moved_at", "pk")
    yield from in_chunks(found.values("commitment", "before", "after", "reason", "moved_at"))


def credit(workspace: Workspace) -> Rows:
    found = Credit.objects.filter(workspace=workspace, answer=Answer.CONFIRMED).order_by("given_at", "pk")
    for row in in_chunks(found):
        yield {
            "about": row.about,
            "about_id": row.about_id,
            "moment": row.moment,
            "helped_with": row.helped_with,
            "outside": row.member_id is None,
            "given_at": row.given_at,
            "confirmed_at": row.answered_at,
        }


EXPORTS = {
    "reviews": ExportTable(
        "Reviews with their answers, causes and timeline; of open ones the title.", reviews
    ),
    "review_views": ExportTable("What others said in reviews, by role.", views),
    "causes": ExportTable("The root causes that reviews are tagged with.", causes),
    "commitments": ExportTable(
        "Commitments with their first and present date, and how each ended.", commitments
    ),
    "commitment_moves": ExportTable("Each move of a commitment to another date, and why.", moves),
    "credit": ExportTable("What help was confirmed, with what. No name stands here.", credit),
}
