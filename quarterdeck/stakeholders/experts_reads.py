"""Questions to the expert as pages ask for them, and what was answered before to words like these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Q, QuerySet

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders import rows
from quarterdeck.stakeholders.models import Department, ExpertAnswer, ExpertQuestion, Stakeholder

State = ExpertQuestion.State
MOST_FOUND = 5
MOST_LISTED = 200
MOST_WORDS = 20
# Words that say nothing of what is asked, in the languages stakeholders are written to.
_LITTLE = """
    and are but can could did does for from had has have how its may not our out shall should some than that the
    their them then there they this was were what when where which who why will with would you your
    aber als auch auf aus bei bin bis das dass dem den der des die doch ein eine einen einer für hat ich ist kann können
    mit nach nicht oder sich sie sind soll sollen sollte über uns und von war warum was wenn wer wie wir wird zum zur
    avec car ces cette dans des elle est les leur mais nous par pas pour que qui quoi sur une vous
    como con cuando del donde los las por porque que qué sobre una uno"""
_EMPTY = frozenset(_LITTLE.split())


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the answer that stands. `stale`: its day has passed, and somebody looks at it."""

    question: ExpertQuestion
    answer: ExpertAnswer
    stale: bool


def words_of(query: str) -> list[str]:
    """The words of a query that say something, in small letters, each once."""
    found = re.findall(r"[^\W_]{3,}", query.casefold())
    return list(dict.fromkeys(one for one in found if one not in _EMPTY))[:MOST_WORDS]


def answered(workspace: Workspace, query: str = "", most: int = MOST_LISTED) -> list[Answered]:
    """What was answered, the newest first; with a query what holds words of it, the likest first."""
    found = ExpertAnswer.objects.filter(
        question__workspace=workspace, question__state=State.ANSWERED, replaced_at__isnull=True
    ).select_related("question__workspace")
    if query.strip():
        words = words_of(query)
        if not words:
            return []
        found = _matching(found, words)
    else:
        found = found.order_by("-answered_at", "pk")
    today = rows.today(workspace)
    return [Answered(one.question, one, one.expires_on < today) for one in found[:most]]


def _matching(found: QuerySet[ExpertAnswer], words: Sequence[str]) -> QuerySet[ExpertAnswer]:
    """By PostgreSQL's full text, in no language's grammar: any of the words, or what begins with one."""
    vector = SearchVector("question__words", weight="A", config="simple") + SearchVector(
        "text", weight="C", config="simple"
    )
    wanted = SearchQuery(" | ".join(f"'{one}':*" for one in words), config="simple", search_type="raw")
    ranked = found.annotate(said=vector, rank=SearchRank(vector, wanted)).filter(said=wanted)
    return ranked.order_by("-rank", "-answered_at")


def like(workspace: Workspace, question: str) -> list[Answered]:
    """What was answered already to a question like this: half of its words or more stand there."""
    words = words_of(question)
    found = answered(workspace, question, most=30)
    enough = max(1, (len(words) + 1) // 2)
    return [one for one in found if _shared(words, one) >= enough][:MOST_FOUND]


def _shared(words: Sequence[str], one: Answered) -> int:
    there = set(re.findall(r"[^\W_]{3,}", f"{one.question.words} {one.answer.text}".casefold()))
    return sum(any(said.startswith(word) for said in there) for word in words)


def question(workspace: Workspace, pk: UUID) -> ExpertQuestion:
    """One question of this workspace; NotFound for any other."""
    found = (
        ExpertQuestion.objects.filter(workspace=workspace, pk=pk)
        .select_related("workspace", "department")
        .first()
    )
    if found is None:
        raise NotFound("There is no such question in this workspace.")
    return found


def answers(one: ExpertQuestion) -> list[ExpertAnswer]:
    """Every answer it had, the newest first."""
    return list(one.answers.select_related("answered_by__user").order_by("-answered_at", "-pk"))


def waiting(workspace: Workspace) -> list[ExpertQuestion]:
    """Those that wait for an answer, the longest waiting first."""
    found = ExpertQuestion.objects.filter(workspace=workspace, state=State.WAITS)
    return list(found.select_related("department").order_by("asked_at", "pk")[:MOST_LISTED])


def aside(workspace: Workspace) -> list[ExpertQuestion]:
    """Those that were put aside, the newest first."""
    found = ExpertQuestion.objects.filter(workspace=workspace, state=State.ASIDE)
    return list(found.select_related("department").order_by("-state_at", "pk")[:MOST_LISTED])


def own(department: Department) -> list[ExpertQuestion]:
    """What a department asked and has no answer yet, or why it was put aside, the newest first."""
    found = ExpertQuestion.objects.filter(department=department).exclude(state=State.ANSWERED)
    return list(found.order_by("-asked_at", "pk")[:20])


def to_look_at(workspace_id: UUID, today: date) -> list[ExpertQuestion]:
    """For the Desk, in one question: what waits, and what is answered but out of date; each with `stale`."""
    stale = Q(state=State.ANSWERED, answers__replaced_at__isnull=True, answers__expires_on__lt=today)
    found = ExpertQuestion.objects.filter(Q(state=State.WAITS) | stale, workspace=workspace_id)
    return list(found.select_related("department").distinct().order_by("asked_at", "pk")[:50])


def search(workspace: Workspace, query: str, limit: int) -> list[ExpertQuestion]:
    """Questions that hold the query in their words or their answer."""
    said = Q(words__icontains=query) | Q(answers__text__icontains=query, answers__replaced_at__isnull=True)
    found = ExpertQuestion.objects.filter(said, workspace=workspace).exclude(state=State.ASIDE)
    return list(found.distinct().order_by("-asked_at")[:limit])


def asked_by(stakeholder: Stakeholder) -> list[ExpertQuestion]:
    """What somebody asked, for whichever department, as far as the address they gave tells."""
    if not stakeholder.email:
        return []
    mine = ExpertQuestion.objects.filter(workspace=stakeholder.workspace_id, sealed__isnull=False)
    return [one for one in mine if one.email == stakeholder.email]
