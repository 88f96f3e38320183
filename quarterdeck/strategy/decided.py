"""What pages and other rooms ask about decisions, each inside one workspace and none of it by person: but for what
comes back to a member's own Desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from quarterdeck.core import registries
from quarterdeck.core.problems import NotFound
from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.strategy.models import Campaign, Decision, Objective, Outcome
from quarterdeck.strategy.pace import amount
from quarterdeck.strategy.verbs.decisions import About

VIEW, MAKE = "strategy.decision.view", "strategy.decision.make"
PER_PAGE = 30
MOST_DUE = 50
MOST_OF_A_THING = 20

_NOTED = Exists(Outcome.objects.filter(decision=OuterRef("pk")))
_SUPERSEDED = Exists(Decision.objects.filter(supersedes=OuterRef("pk")))


def decision(workspace: Workspace, pk: UUID) -> Decision:
    """One decision of this workspace; NotFound for any other."""
    found = Decision.objects.filter(workspace=workspace, pk=pk)
    row = found.select_related("workspace", "supersedes", "superseded_by", "decided_by").first()
    if row is None:
        raise NotFound("There is no such decision in this workspace.")
    return row


def every(workspace: Workspace) -> QuerySet[Decision]:
    """All of them, the newest first, each with its outcomes and what took its place."""
    found = Decision.objects.filter(workspace=workspace).select_related("superseded_by")
    return found.prefetch_related("outcomes").order_by("-decided_at")


def due(workspace: Workspace, today: date) -> list[Decision]:
    """Those whose day has come and beside which nothing was laid yet, the longest due first. What was superseded does
    not come back."""
    return list(_due(today).filter(workspace=workspace).order_by("due", "decided_at")[:MOST_DUE])


def due_for(who: Member, today: date) -> list[Decision]:
    """Of these, what comes back to this member's Desk: their own, and for leads what somebody decided who has left."""
    mine = Q(decided_by=who)
    if who.role in {Role.OWNER, Role.LEAD}:
        mine |= Q(decided_by__left_at__isnull=False)
    return list(_due(today).filter(mine, workspace=who.workspace_id).order_by("due")[:MOST_DUE])


def _due(today: date) -> QuerySet[Decision]:
    return Decision.objects.filter(~_NOTED, ~_SUPERSEDED, due__lte=today)


def of(workspace_id: UUID, kind: str, pk: UUID) -> list[Decision]:
    """The decisions about one thing, the newest first."""
    found = Decision.objects.filter(workspace=workspace_id, about=kind, about_id=pk)
    found = found.select_related("superseded_by").prefetch_related("outcomes")
    return list(found.order_by("-decided_at")[:MOST_OF_A_THING])


def outcomes(found: Decision) -> list[Outcome]:
    """What was laid beside it, the newest first."""
    return sorted(found.outcomes.all(), key=lambda one: one.noted_at, reverse=True)


def expectation(found: Decision) -> str:
    """ "300 sign-ups"."""
    return amount(found.number, found.unit) if found.number is not None else ""


def came(found: Decision, outcome: Outcome) -> str:
    """What really was, with its unit; nothing where it could not be told."""
    return amount(outcome.number, found.unit) if outcome.number is not None else ""


# --- what decisions are about -------------------------------------------------------------------------

_PAGES = {Objective: "strategy-objective", Campaign: "strategy-campaign"}


def about(who: Member, kind: str, pk: UUID) -> About | None:
    """The thing as this member sees it, from whatever room; None where there is none that they may see."""
    for row in _PAGES:
        if row.ledger_name == kind:
            own = row.objects.filter(workspace=who.workspace_id, pk=pk).first()
            return About(kind, pk, str(own)) if own else None
    found = _elsewhere(who, kind, pk)
    return About(kind, pk, found[0]) if found else None


def about_url(who: Member, kind: str, pk: UUID | None) -> str:
    """Where the thing stands; empty where this member cannot open it."""
    if pk is None:
        return ""
    for row, name in _PAGES.items():
        if row.ledger_name == kind:
            there = row.objects.filter(workspace=who.workspace_id, pk=pk).exists()
            return reverse(name, kwargs={"workspace": who.workspace.slug, "pk": pk}) if there else ""
    found = _elsewhere(who, kind, pk)
    return found[1] if found else ""


def _elsewhere(who: Member, kind: str, pk: UUID) -> tuple[str, str] | None:
    """Title and address of a thing of another room, which offers its things to be looked back at."""
    for _, entry in registries.reviewables:
        if entry.about != kind:
            continue
        try:
            row = entry.find(who, pk)
        except NotFound:
            row = None
        if row is not None:
            return entry.title(row), entry.url(row, who)
    return None


# --- what decisions offer to the pages of others ------------------------------------------------------


def on_a_thing(row: Any, who: Member) -> dict | None:
    """For the page of a thing: what was decided about it."""
    found = of(who.workspace_id, row.ledger_name, row.pk) if who.may(VIEW) else []
    return {"decisions": found} if found else None


def decide_url(row: Any, who: Member) -> str | None:
    """“Decide about it…” on the page of a thing."""
    if not who.may(MAKE):
        return None
    new = reverse("strategy-decision-new", kwargs={"workspace": who.workspace.slug})
    return f"{new}?about={row.ledger_name}&about_id={row.pk}"


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Decisions that hold all the words, the newest first."""
    if not who.may(VIEW):
        return
    found = Decision.objects.filter(workspace=who.workspace_id)
    for one in query.split()[:8]:
        said = Q(title__icontains=one) | Q(context__icontains=one) | Q(options__icontains=one)
        found = found.filter(said | Q(because__icontains=one) | Q(expected__icontains=one))
    for row in found.order_by("-decided_at")[:limit]:
        url = reverse("strategy-decision", kwargs={"workspace": who.workspace.slug, "pk": row.pk})
        yield SearchHit(row.title, "Decision", url, snippet=row.chosen, when=row.decided_at)


def of_post(post: Any) -> Iterable[tuple[str, list[UUID]]]:
    """What of decisions belongs to a post, for its whole life (`registries.kin`)."""
    made = list(
        Decision.objects.filter(
            workspace=post.workspace_id, about=post.ledger_name, about_id=post.pk
        ).values_list("pk", flat=True)
    )
    yield Decision.ledger_name, made
    yield Outcome.ledger_name, list(Outcome.objects.filter(decision__in=made).values_list("pk", flat=True))
