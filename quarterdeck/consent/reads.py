"""What pages ask of consent, each inside one workspace and none of it by person: counts go by kind, month and
department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from quarterdeck.consent.conflicts.shapes import POST, REQUEST
from quarterdeck.consent.models import Conflict, Round, Voice
from quarterdeck.consent.silence import is_lead, of_leads
from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import SignedLink, Workspace
from quarterdeck.publishing.models import Label
from quarterdeck.stakeholders.models import Stakeholder

State = Conflict.State
MOST_OPEN = 50
PER_PAGE = 30
MONTHS = 6
SOON = timedelta(days=7)


# --- conflicts ------------------------------------------------------------------------------------------


def conflict(workspace: Workspace, pk: UUID) -> Conflict:
    """One conflict of this workspace; NotFound for any other."""
    found = Conflict.objects.filter(workspace=workspace, pk=pk).select_related("workspace").first()
    if found is None:
        raise NotFound("There is no such conflict in this workspace.")
    return found


def open_conflicts(workspace: Workspace) -> list[Conflict]:
    """Those nobody has settled, the soonest first."""
    found = Conflict.objects.filter(workspace=workspace, state=State.OPEN).select_related("workspace")
    return list(found.order_by("at", "pk")[:MOST_OPEN])


def ended_conflicts(workspace: Workspace) -> QuerySet[Conflict]:
    """What became of the others, the latest first."""
    found = Conflict.objects.filter(workspace=workspace).exclude(state=State.OPEN)
    return found.select_related("workspace").order_by("-state_at", "pk")


def of_post(workspace_id: UUID, pk: UUID) -> list[Conflict]:
    """The conflicts that a post is a side of: the open ones first, then the latest."""
    return _of(workspace_id, POST, pk)


def of_request(workspace_id: UUID, pk: UUID) -> list[Conflict]:
    """The same of a request."""
    return _of(workspace_id, REQUEST, pk)


def _of(workspace_id: UUID, about: str, pk: UUID) -> list[Conflict]:
    found = Conflict.objects.filter(workspace=workspace_id, sides__contains=[{"about": about, "id": pk.hex}])
    return sorted(found.select_related("workspace")[:MOST_OPEN], key=lambda one: (not one.is_open, one.at))


@dataclass(slots=True)
class Month:
    """The conflicts that were first found in one month, and how they stand: `found` is all of them."""

    first: date
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def found(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[int]:
        return [self.counts.get(state, 0) for state in State.values]


def months(workspace: Workspace) -> list[Month]:
    """The last six months with a conflict, the latest first. Every conflict the system found is in them once."""
    zone = workspace.zone
    rows = (
        Conflict.objects.filter(workspace=workspace)
        .annotate(month=TruncMonth("found_at", tzinfo=zone))
        .values_list("month", "state")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    found: dict[date, Month] = {}
    for month, state, count in rows:
        first = month.astimezone(zone).date()
        found.setdefault(first, Month(first)).counts[state] = count
    return list(found.values())[:MONTHS]


def labels(workspace: Workspace) -> QuerySet[Label]:
    return Label.objects.filter(workspace=workspace).order_by("name")


# --- rounds ---------------------------------------------------------------------------------------------


def round_(workspace: Workspace, pk: UUID) -> Round:
    """One round of this workspace; NotFound for any other."""
    found = Round.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "opened_by__user")
    row = found.first()
    if row is None:
        raise NotFound("There is no such consent round in this workspace.")
    return row


def rounds(workspace: Workspace) -> QuerySet[Round]:
    """All of them, those that are open first, then the latest; each with `asked`, `answered` and `objecting`."""
    answered, objecting = ~Q(voices__answer=""), Q(voices__answer=Voice.Answer.OBJECTS)
    return (
        Round.objects.filter(workspace=workspace)
        .select_related("workspace")
        .annotate(
            asked=Count("voices"),
            answered=Count("voices", filter=answered),
            objecting=Count("voices", filter=objecting),
            ends=Case(When(state=Round.State.OPEN, then=Value(0)), default=Value(1)),
        )
        .order_by("ends", "-opened_at")
    )


def rounds_about(workspace_id: UUID, about: str, pk: UUID) -> list[Round]:
    """The rounds about one thing, the latest first."""
    found = Round.objects.filter(workspace=workspace_id, about=about, about_id=pk)
    return list(found.select_related("workspace").order_by("-opened_at")[:PER_PAGE])


def voices(of: Round) -> list[Voice]:
    """Who is heard, by department: in no order that says who answered when."""
    found = of.voices.select_related("stakeholder__department", "department", "link")
    return sorted(found, key=lambda one: (str(one.department).casefold(), one.stakeholder.name.casefold()))


@dataclass(slots=True)
class Standing:
    """How a department stands in a round: of those asked there, how many consent, object, or are silent."""

    department: str
    consent: int = 0
    objects: int = 0
    silent: int = 0

    @property
    def words(self) -> str:
        said = [
            ("objects", self.objects),
            ("consents", self.consent),
            ("has not answered", self.silent),
        ]
        many = {"objects": "object", "consents": "consent", "has not answered": "have not answered"}
        several = self.consent + self.objects + self.silent > 1
        told = [f"{n} {many[word] if n > 1 else word}" if several else word for word, n in said if n]
        return ", ".join(told)


def standings(found: Sequence[Voice]) -> list[Standing]:
    """The voices by department, for those who must not read names."""
    by: dict[str, Standing] = {}
    for one in found:
        here = by.setdefault(str(one.department), Standing(str(one.department)))
        name = {Voice.Answer.CONSENT: "consent", Voice.Answer.OBJECTS: "objects"}.get(one.answer, "silent")
        setattr(here, name, getattr(here, name) + 1)
    return sorted(by.values(), key=lambda one: one.department.casefold())


def voice_of(link: SignedLink) -> Voice:
    """The voice that a link answers for; NotFound, in words, for a link of none."""
    found = Voice.objects.filter(link=link, round__workspace=link.workspace_id).select_related(
        "round__workspace", "round__opened_by__user", "stakeholder__department", "department"
    )
    row = found.first()
    if row is None or str(row.pk) != link.object_id:
        raise NotFound(
            "This link does not belong to a proposal.",
            not_done="Nothing was answered.",
            next_step="Open the link in the message that was sent to you.",
        )
    return row


def can_be_heard(workspace: Workspace) -> list[Stakeholder]:
    """Everybody who can be asked, by department and name."""
    found = Stakeholder.objects.filter(
        workspace=workspace, ended_at__isnull=True, erased_at__isnull=True, department__ended_at__isnull=True
    ).select_related("department")
    return sorted(found[:500], key=lambda one: (str(one.department).casefold(), one.name.casefold()))


# --- the Desk, and search --------------------------------------------------------------------------------


def asking(who, now: datetime) -> tuple[list[Conflict], list[Round]]:
    """What stands on a member's Desk: open conflicts of the next week, and rounds that are over and theirs to settle.
    One question where there is nothing."""
    soon = Conflict.objects.filter(workspace=who.workspace_id, state=State.OPEN, at__lt=now + SOON)
    theirs = Q(opened_by=who) & ~of_leads()
    mine = Round.objects.filter(
        theirs | of_leads() if is_lead(who) else theirs,
        workspace=who.workspace_id,
        state=Round.State.OPEN,
        last_day__lt=now.astimezone(who.workspace.zone).date(),
    )
    keys = soon.order_by().values_list("pk", flat=True).union(mine.order_by().values_list("pk", flat=True))
    found = list(keys[: 2 * MOST_OPEN])
    if not found:
        return [], []
    conflicts = Conflict.objects.filter(pk__in=found).select_related("workspace").order_by("at")
    return list(conflicts), list(mine.filter(pk__in=found).select_related("workspace", "opened_by"))


def find_rounds(workspace: Workspace, words: str, limit: int) -> list[Round]:
    """The rounds that hold all the words."""
    found = Round.objects.filter(workspace=workspace)
    for word in words.split()[:8]:
        said = Q(title__icontains=word) | Q(proposal__icontains=word) | Q(outcome__icontains=word)
        found = found.filter(said)
    return list(found.order_by("-opened_at")[:limit])


def waiting(who) -> int:
    """How many conflicts are open: for the rail."""
    return Conflict.objects.filter(workspace=who.workspace_id, state=State.OPEN).count()


def today(workspace: Workspace) -> date:
    return clock.now().astimezone(workspace.zone).date()
