"""What strategy offers to pages that join rooms: search hits, and campaigns to look back at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.urls import reverse

from quarterdeck.core.registries import Reviewable, SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger
from quarterdeck.strategy import naming, reads
from quarterdeck.strategy.models import Campaign, Phase

VIEW = "strategy.plan.view"


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Objectives and campaigns that hold the words."""
    if not who.may(VIEW) or not query.strip():
        return
    slug = who.workspace.slug
    objectives, campaigns = reads.find(who.workspace, query, limit)
    for one in objectives:
        kind = "Objective" if one.runs else f"Objective, {one.get_verdict_display().lower()}"
        url = reverse("strategy-objective", kwargs={"workspace": slug, "pk": one.pk})
        yield SearchHit(one.title, kind, url, snippet=(one.because or one.why)[:200], when=one.changed_at)
    for row in campaigns:
        url = reverse("strategy-campaign", kwargs={"workspace": slug, "pk": row.pk})
        kind = "Campaign" if row.runs else "Campaign, ended"
        yield SearchHit(row.name, kind, url, snippet=row.message[:200], when=row.changed_at)


def _find(who: Member, pk: UUID) -> Campaign | None:
    found = Campaign.objects.filter(workspace=who.workspace_id, pk=pk)
    return found.first() if who.may(VIEW) else None


def _url(row: Campaign, who: Member) -> str:
    return reverse("strategy-campaign", kwargs={"workspace": who.workspace.slug, "pk": row.pk})


def _timeline(row: Campaign) -> Iterator:
    """What happened to its brief and its phases, and what went out for it."""
    phases = list(row.phases.values_list("pk", flat=True))
    pairs = [(Campaign.ledger_name, [row.pk]), (Phase.ledger_name, phases)]
    yield from ledger.histories(pairs, None, workspace_id=row.workspace_id)
    yield from naming.posts().went_out(row.pk)


CAMPAIGN = Reviewable(
    about=Campaign.ledger_name,
    word="campaign",
    find=_find,
    title=lambda row: row.name,
    url=_url,
    timeline=_timeline,
)
