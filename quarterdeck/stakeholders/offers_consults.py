"""What other pages are offered: what departments asked, for the search; a department's say, window, weekly mail."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.stakeholders import consulting, matching
from quarterdeck.stakeholders import experts_reads as experts
from quarterdeck.stakeholders.models import Department, Stakeholder


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Questions that hold the words, in themselves or in their answer. Nobody is found by a name."""
    if not query.strip() or not who.may("stakeholders.question.view"):
        return
    for one in experts.search(who.workspace, query, limit):
        url = reverse("stakeholders-question", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
        yield SearchHit(one.words, f"Question, {one.get_state_display().lower()}", url, when=one.asked_at)


def rules_of(department: Department, who: Member) -> dict | None:
    """For a department's page: on which posts it has a say, in sentences."""
    if not who.may("stakeholders.consult.view"):
        return None
    names = consulting.networks(who.workspace_id)
    found = [one for one in consulting.standing(who.workspace_id) if one.department_id == department.pk]
    return {"lines": [(one, matching.in_words(one, names)) for one in found]} if found else None


def reading(department: Department, who: Member) -> str | None:
    """The way to its window and to who gets its weekly mail."""
    if not who.may("stakeholders.digest.set") or not department.is_active:
        return None
    return reverse("stakeholders-reading", kwargs={"workspace": who.workspace.slug})


def week_of(stakeholder: Stakeholder, who: Member) -> str | None:
    """The way to what their weekly mail would say."""
    if not who.may("stakeholders.digest.set") or stakeholder.erased_at is not None:
        return None
    parts = {"workspace": who.workspace.slug, "pk": stakeholder.pk}
    return reverse("stakeholders-digest-preview", kwargs=parts)
