"""What stands on the Desk of what departments ask and are asked: questions that wait or whose answer is out of date,
and for the leads a department that has a say and in which nobody can be reached. Two questions when there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member
from quarterdeck.stakeholders import experts_reads as experts
from quarterdeck.stakeholders.models import ConsultRule, ExpertQuestion, Stakeholder

WAITS = ExpertQuestion.State.WAITS


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    if who.may("stakeholders.question.answer"):
        today = now.astimezone(who.workspace.zone).date()
        for one in experts.to_look_at(who.workspace_id, today):
            yield _waits(who, one) if one.state == WAITS else _stale(who, one)
    if who.may("stakeholders.consult.change"):
        yield from _unreached(who)


def _page(who: Member, one: ExpertQuestion) -> str:
    return reverse("stakeholders-question", kwargs={"workspace": who.workspace.slug, "pk": one.pk})


def _waits(who: Member, one: ExpertQuestion) -> AgendaItem:
    url = _page(who, one)
    return AgendaItem(
        key=f"stakeholders.question:{one.pk}:{one.state_at:%Y%m%d%H%M%S}",
        kind="answer",
        title=f"{one.department} asks: {one.short}",
        why="Answer it once, with a source, and the next one who asks finds it.",
        url=url,
        since=one.state_at,
        consequence=34,
        actions=(ItemAction("Answer", url, primary=True),),
        fold="stakeholders.question",
        fold_title=lambda items: f"{len(items)} questions from departments wait",
    )


def _stale(who: Member, one: ExpertQuestion) -> AgendaItem:
    url = _page(who, one)
    return AgendaItem(
        key=f"stakeholders.stale:{one.pk}:{one.ledger_event_id}",
        kind="answer",
        title=f"Does the answer to “{one.short}” still hold?",
        why="Its day has passed. Departments read that it is out of date and being looked at.",
        url=url,
        since=one.state_at,
        consequence=32,
        actions=(ItemAction("Look at it", url, primary=True),),
        fold="stakeholders.stale",
        fold_title=lambda items: f"{len(items)} answers are out of date",
    )


def _unreached(who: Member) -> Iterable[AgendaItem]:
    """Departments with a say in which nobody can be asked: their posts wait."""
    there = Stakeholder.objects.filter(
        department=OuterRef("department"), ended_at__isnull=True, erased_at__isnull=True
    )
    rules = ConsultRule.objects.filter(workspace=who.workspace_id, retired_at__isnull=True)
    rules = rules.filter(~Exists(there), department__ended_at__isnull=True).select_related("department")
    first = {one.department_id: one for one in rules.order_by("-made_at")}
    for rule in first.values():
        parts = {"workspace": who.workspace.slug, "pk": rule.department_id}
        url = reverse("stakeholders-department", kwargs=parts)
        list_ = reverse("stakeholders-consult-list", kwargs={"workspace": who.workspace.slug})
        yield AgendaItem(
            key=f"stakeholders.unreached:{rule.department_id}:{rule.pk}",
            kind="decide",
            title=f"{rule.department} has a say, and nobody there can be reached",
            why="Posts that match the consult rule wait. Add somebody to the department, or end the rule.",
            url=url,
            since=rule.made_at,
            consequence=60,
            actions=(
                ItemAction("Open the department", url, primary=True),
                ItemAction("Consult rules", list_),
            ),
        )
