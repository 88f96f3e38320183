"""What the full export holds of stakeholders: the people map as a directory, and requests with what was answered, by
department. No person stands beside work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import (
    AnswerTime,
    Department,
    Door,
    Interest,
    Question,
    Request,
    RequestAnswer,
    RequestIdea,
    RequestPost,
    Stakeholder,
)

Rows = Iterator[dict[str, Any]]


def departments(workspace: Workspace) -> Rows:
    found = Department.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "name", "does", "made_at", "ended_at"))


def links(workspace: Workspace) -> Rows:
    """That a link was made, never the link."""
    found = Door.objects.filter(department__workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "department", "made_at"))


def stakeholders(workspace: Workspace) -> Rows:
    """A directory: who they are and how they are heard, beside no work and no time."""
    found = Stakeholder.objects.filter(workspace=workspace).select_related("department")
    for row in in_chunks(found.order_by("department__name", "pk")):
        yield {
            "id": row.pk,
            "department": row.department_id,
            "name": row.name,
            "email": row.email,
            "heard": row.get_heard_display(),
            "language": row.language,
            "active": row.is_active,
        }


def interests(workspace: Workspace) -> Rows:
    found = Interest.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("department", "stakeholder", "about", "words", "brand", "ended_at"))


def requests(workspace: Workspace) -> Rows:
    columns = (
        *("id", "department", "way", "kind", "what", "why", "audience", "need", "preferred_week", "latest"),
        *("assets", "otherwise", "brand", "after", "state", "asked_at", "state_at", "due_at", "answered_at"),
        *("agreed_week", "told_out_at", "told_week_at", "ledger_event_id"),
    )
    found = Request.objects.filter(workspace=workspace).order_by("asked_at", "pk")
    yield from in_chunks(found.values(*columns))


def answers(workspace: Workspace) -> Rows:
    found = RequestAnswer.objects.filter(request__workspace=workspace).order_by("answered_at", "pk")
    yield from in_chunks(found.values("request", "what", "of_team", "reason", "week", "answered_at"))


def posts(workspace: Workspace) -> Rows:
    found = RequestPost.objects.filter(request__workspace=workspace).order_by("joined_at", "pk")
    yield from in_chunks(found.values("request", "post", "joined_at", "parted_at"))


def ideas(workspace: Workspace) -> Rows:
    found = RequestIdea.objects.filter(request__workspace=workspace).order_by("joined_at", "pk")
    yield from in_chunks(found.values("request", "idea", "joined_at"))


def answer_times(workspace: Workspace) -> Rows:
    found = AnswerTime.objects.filter(workspace=workspace).order_by("kind")
    yield from in_chunks(found.values("kind", "hours", "set_at"))


def questions(workspace: Workspace) -> Rows:
    """By department: that somebody of it was asked, and about what."""
    found = Question.objects.filter(stakeholder__workspace=workspace).order_by("asked_at", "pk")
    for row in in_chunks(found.select_related("stakeholder")):
        yield {
            "department": row.stakeholder.department_id,
            "about": row.about,
            "about_id": row.about_id,
            "asked_at": row.asked_at,
        }


EXPORTS = {
    "departments": ExportTable("Departments that ask for posts or are asked about them.", departments),
    "department_links": ExportTable("That a department was given a link; not the link itself.", links),
    "stakeholders": ExportTable("The people map: who is in which department, beside no work.", stakeholders),
    "interests": ExportTable("What departments and stakeholders want to hear of.", interests),
    "requests": ExportTable("What departments asked for, and how each stands.", requests),
    "request_answers": ExportTable("What was answered to requests, and what the requester said.", answers),
    "request_posts": ExportTable("Which posts belong to which request.", posts),
    "request_ideas": ExportTable("Which ideas were kept of requests.", ideas),
    "answer_times": ExportTable("How soon requests of a kind are answered.", answer_times),
    "stakeholder_questions": ExportTable("When which department was asked something.", questions),
}
