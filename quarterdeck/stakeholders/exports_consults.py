"""What the full export holds of consults, digests and questions: by department, beside no person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import (
    Consult,
    ConsultAsk,
    ConsultRule,
    Digest,
    DigestPlan,
    ExpertAnswer,
    ExpertQuestion,
    Reader,
    Waiver,
    Window,
)

Rows = Iterator[dict[str, Any]]


def rules(workspace: Workspace) -> Rows:
    columns = (
        *("id", "department", "when", "brand", "label", "language", "market", "networks", "words", "claims"),
        *("made_at", "retired_at", "ledger_event_id"),
    )
    found = ConsultRule.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values(*columns))


def consults(workspace: Workspace) -> Rows:
    """That a department was given a link to a post, never the link, and not whose it is."""
    found = Consult.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "post", "department", "made_at", "ended_at", "ledger_event_id"))


def asks(workspace: Workspace) -> Rows:
    found = ConsultAsk.objects.filter(consult__workspace=workspace).order_by("asked_at", "pk")
    yield from in_chunks(found.values("consult", "text_hash", "why", "asked_at", "mailed_at"))


def waivers(workspace: Workspace) -> Rows:
    found = Waiver.objects.filter(workspace=workspace).order_by("waived_at", "pk")
    yield from in_chunks(found.values("post", "department", "text_hash", "reason", "waived_at"))


def plans(workspace: Workspace) -> Rows:
    yield from in_chunks(DigestPlan.objects.filter(workspace=workspace).values("on", "hour"))


def readers(workspace: Workspace) -> Rows:
    """By department: in which zone somebody of it reads, and whether they still do."""
    found = Reader.objects.filter(workspace=workspace).select_related("stakeholder")
    for row in in_chunks(found.order_by("pk")):
        department = row.stakeholder.department_id
        yield {"department": department, "zone": row.zone, "ended": row.ended_at is not None}


def digests(workspace: Workspace) -> Rows:
    found = Digest.objects.filter(workspace=workspace).select_related("stakeholder")
    for row in in_chunks(found.order_by("week", "pk")):
        department = row.stakeholder.department_id
        yield {
            "department": department,
            "week": row.week,
            "lines": row.lines,
            "mailed": row.mailed_at is not None,
        }


def windows(workspace: Workspace) -> Rows:
    """That a link was made, never the link."""
    found = Window.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("department", "made_at"))


def questions(workspace: Workspace) -> Rows:
    columns = ("id", "department", "words", "state", "asked_at", "state_at", "reason", "ledger_event_id")
    found = ExpertQuestion.objects.filter(workspace=workspace).order_by("asked_at", "pk")
    yield from in_chunks(found.values(*columns))


def answers(workspace: Workspace) -> Rows:
    columns = (
        *("question", "text", "sources", "from_experience", "expires_on", "answered_at", "replaced_at"),
        "ledger_event_id",
    )
    found = ExpertAnswer.objects.filter(question__workspace=workspace).order_by("answered_at", "pk")
    yield from in_chunks(found.values(*columns))


EXPORTS = {
    "consult_rules": ExportTable("On which posts which department has a say.", rules),
    "consults": ExportTable("Which department was given a link to which post.", consults),
    "consult_asks": ExportTable("About which text a department was asked, and why.", asks),
    "consult_waivers": ExportTable("Which text went without a department, and why.", waivers),
    "digest_plan": ExportTable("Whether the weekly mail is sent, and at which hour.", plans),
    "digest_readers": ExportTable("Who still reads the weekly mail, by department.", readers),
    "digests": ExportTable("Which weekly mails were made, by department.", digests),
    "department_windows": ExportTable("That a department was given a window; not its link.", windows),
    "expert_questions": ExportTable("What departments asked the team, without who asked.", questions),
    "expert_answers": ExportTable("What was answered, with its sources and until when it holds.", answers),
}
