"""What a round can be about, and what a round about it begins with. One line each in `KINDS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Model
from django.urls import reverse

from quarterdeck.consent import matters, options
from quarterdeck.consent.fair import words
from quarterdeck.consent.models import Conflict, FairPlan
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import Department


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing a round is about: what it is called inside a sentence ("the conflict"), its title and address; `done`:
    nothing is left to do about it."""

    word: str
    title: str
    url: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What the form of a round begins with, and whom it concerns."""

    subject: Subject
    title: str = ""
    proposal: str = ""
    changes: str = ""
    departments: list[Department] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """`subject(row)` and `begins(row, way)`, where `way` is what the address chose among several."""

    model: type[Model]
    subject: Callable[[Model], Subject]
    begins: Callable[[Model, str], Begun]


def find(workspace: Workspace, about: str, pk: UUID | None) -> tuple[Kind, Model] | None:
    """The thing itself, where it is one of this workspace that rounds can be about."""
    kind = KINDS.get(about)
    if kind is None or pk is None:
        return None
    row = kind.model._default_manager.filter(workspace=workspace, pk=pk).select_related("workspace").first()
    return (kind, row) if row is not None else None


def subject(workspace: Workspace, about: str, pk: UUID | None) -> Subject | None:
    found = find(workspace, about, pk)
    return found[0].subject(found[1]) if found else None


# --- a conflict -------------------------------------------------------------------------------------------


def _conflict(row: Conflict, matter: matters.Matter | None = None) -> Subject:
    matter = matter or matters.one(row)
    url = reverse("consent-conflict", kwargs={"workspace": row.workspace.slug, "pk": row.pk})
    return Subject("the conflict", matter.title, url, done=not row.is_open)


def _of_conflict(row: Conflict, way: str) -> Begun:
    """Its words, and what the chosen way costs whom; else the gentlest."""
    matter = matters.one(row)
    ways = options.of(matter) if row.is_open else []
    chosen = next((one for one in ways if one.key == way), ways[0] if ways else None)
    proposes = f"\n\nWe propose: {chosen.title}." if chosen else ""
    return Begun(
        subject=_conflict(row, matter),
        title=chosen.title if chosen else matter.title,
        proposal=f"{matter.title}. {matter.words}{proposes}",
        changes="\n".join(chosen.costs) if chosen else "",
        departments=matter.departments,
    )


# --- a fair plan ------------------------------------------------------------------------------------------


def _plan(row: FairPlan) -> Subject:
    url = reverse("consent-plan", kwargs={"workspace": row.workspace.slug, "pk": row.pk})
    return Subject("the fair plan", row.name, url, done=not row.is_proposed)


def _of_plan(row: FairPlan, way: str) -> Begun:
    """What it gives to each department, beside what other rules would give."""
    told = words.tell(row)
    return Begun(
        subject=_plan(row),
        title=str(row),
        proposal=words.proposal(told),
        changes=words.changes(told),
        departments=[one.department for one in told.shares],
    )


KINDS: dict[str, Kind] = {
    Conflict.ledger_name: Kind(Conflict, _conflict, _of_conflict),
    FairPlan.ledger_name: Kind(FairPlan, _plan, _of_plan),
}
