"""What consent asks of a member on their Desk: conflicts of the next seven days, and rounds of theirs that are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.consent import matters, reads
from quarterdeck.consent.fair import reads as fair
from quarterdeck.consent.matters import Matter
from quarterdeck.consent.models import FairPlan, Round
from quarterdeck.consent.silence import is_settled_by_leads
from quarterdeck.core.registries import AgendaItem, ItemAction
from quarterdeck.crew.models import Member


def agenda(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """In no order: the Desk ranks."""
    may_settle = who.may("consent.conflict.settle")
    if not may_settle and not who.may("consent.round.open"):
        return
    conflicts, rounds = reads.asking(who, now)
    if conflicts and may_settle:
        for one in matters.read(who.workspace, conflicts):
            yield _conflict(who, one)
    for one in rounds:
        yield _round(who, one)


def _conflict(who: Member, one: Matter) -> AgendaItem:
    row = one.conflict
    url = reverse("consent-conflict", kwargs={"workspace": who.workspace.slug, "pk": row.pk})
    decided = " A consent round has come to an outcome; now it is to be done." if row.decision else ""
    return AgendaItem(
        key=f"consent.conflict:{row.pk}:{row.stands}",
        kind="decide",
        title=one.title,
        why=f"{one.words}{decided}",
        url=url,
        since=row.found_at,
        consequence=58,
        due=row.at,
        actions=(ItemAction("See the ways out", url, primary=True),),
        fold="consent.conflict",
        fold_title=lambda items: f"{len(items)} conflicts in the plan of the next seven days",
    )


def _round(who: Member, one: Round) -> AgendaItem:
    why = "Its day is over. Somebody objects, or was never reached, so it is yours to adopt, change or withdraw."
    if is_settled_by_leads(one):
        why += " Who opened it cannot settle it any more."
    url = reverse("consent-round", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
    return AgendaItem(
        key=f"consent.round:{one.pk}",
        kind="decide",
        title=f"Settle the consent round “{one.short}”",
        why=why,
        url=url,
        since=one.closes_at,
        consequence=60,
        actions=(ItemAction("Settle it", url, primary=True),),
    )


def plans(who: Member, now: datetime) -> Iterable[AgendaItem]:
    """Fair plans that wait for a decision; one question."""
    if who.may("consent.plan.adopt"):
        for one in fair.waiting(who.workspace_id):
            yield _plan(who, one)


def _plan(who: Member, one: FairPlan) -> AgendaItem:
    url = reverse("consent-plan", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
    return AgendaItem(
        key=f"consent.fair_plan:{one.pk}",
        kind="decide",
        title=f"Decide on the fair plan for {one.name}",
        why="It is worked out. Nothing moves until it is adopted, or put to a consent round first.",
        url=url,
        since=one.state_at,
        consequence=50,
        actions=(ItemAction("See who gets what", url, primary=True),),
    )
