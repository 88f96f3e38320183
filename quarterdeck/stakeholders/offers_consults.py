"""What stakeholders offers the search: what departments asked, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.stakeholders import experts_reads as experts


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Questions that hold the words, in themselves or in their answer. Nobody is found by a name."""
    if not query.strip() or not who.may("stakeholders.question.view"):
        return
    for one in experts.search(who.workspace, query, limit):
        url = reverse("stakeholders-question", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
        yield SearchHit(one.words, f"Question, {one.get_state_display().lower()}", url, when=one.asked_at)
