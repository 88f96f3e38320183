"""What pages and other rooms ask of lessons, each inside one workspace and none of it by person: but for what stands on
a member's own Desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, SignedLink, Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.lessons import rows
from quarterdeck.lessons.models import Commitment, Credit, Note, Review
from quarterdeck.lessons.models.commitments import ENDED, RUNNING, State
from quarterdeck.lessons.models.credit import Answer

MOST_OPEN = 50
MOST_ON_A_DESK = 50
PER_PAGE = 30


def review(workspace: Workspace, pk: UUID) -> Review:
    """One review of this workspace; NotFound for any other."""
    found = (
        Review.objects.filter(workspace=workspace, pk=pk).select_related("workspace", "led_by__user").first()
    )
    if found is None:
        raise NotFound("There is no such review in this workspace.")
    return found


def may_write(found: Review, who: Member) -> bool:
    """Whether this member leads it, or would: who led it has left."""
    able = who.may("lessons.review.write")
    return able and (found.led_by_id == who.pk or found.led_by.left_at is not None)


def open_reviews(workspace: Workspace) -> list[Review]:
    """What is being looked back at now, the longest open first."""
    found = Review.objects.filter(workspace=workspace, closed_at__isnull=True).select_related("led_by__user")
    return list(found.order_by("opened_at")[:MOST_OPEN])


def closed_reviews(workspace: Workspace) -> QuerySet[Review]:
    """The closed ones, the newest first."""
    return Review.objects.filter(workspace=workspace, closed_at__isnull=False).order_by("-closed_at")


def open_review_of(workspace: Workspace, about: str, pk: UUID) -> Review | None:
    found = Review.objects.filter(workspace=workspace, about=about, about_id=pk, closed_at__isnull=True)
    return found.first()


def reviews_of(workspace_id: UUID, about: str, pk: UUID) -> list[Review]:
    """The reviews of one thing, the newest first."""
    found = Review.objects.filter(workspace=workspace_id, about=about, about_id=pk)
    return list(found.select_related("led_by__user").order_by("-opened_at")[:PER_PAGE])


def notes(found: Review) -> list[Note]:
    """The views that stand, in the order they were said."""
    said = Note.objects.filter(review=found, withdrawn_at__isnull=True)
    return list(said.select_related("said_by__user").order_by("said_at"))


def a_note(workspace: Workspace, pk: UUID) -> Note:
    found = Note.objects.filter(review__workspace=workspace, pk=pk).select_related("review").first()
    if found is None:
        raise NotFound("There is no such view in this workspace.")
    return found


# --- commitments --------------------------------------------------------------------------------------


def _commitments(workspace: Workspace) -> QuerySet[Commitment]:
    people = ("owner__user", "offered_to__user", "verified_by__user", "made_by__user")
    return Commitment.objects.filter(workspace=workspace).select_related("workspace", "review", *people)


def commitment(workspace: Workspace, pk: UUID) -> Commitment:
    """One commitment of this workspace; NotFound for any other."""
    found = _commitments(workspace).select_related("review__led_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such commitment in this workspace.")
    return found


def commitments_of(found: Review) -> list[Commitment]:
    """What a review ends in, in the order it was made."""
    return list(_commitments(found.workspace).filter(review=found).order_by("made_at"))


@dataclass(slots=True)
class Group:
    """Commitments of a list that stand alike."""

    title: str
    rows: list[Commitment] = field(default_factory=list)


# What a list can be asked for. There is none by person.
SIEVES = {
    "": "Running",
    "late": "Overdue",
    "free": "Nobody has it",
    "looking": "To be looked at",
    "ended": "Ended",
}


def commitments(workspace: Workspace, sieve: str = "") -> QuerySet[Commitment]:
    """The commitments that fit a sieve, by the day they are due; those that ended the last first."""
    found = _commitments(workspace)
    if sieve == "ended":
        return found.filter(state__in=ENDED).order_by("-state_at")
    found = found.filter(state__in=RUNNING).order_by("due", "made_at")
    if sieve == "late":
        return found.filter(due__lt=rows.today(workspace)).exclude(state=State.CLAIMED)
    if sieve == "free":
        return found.filter(state=State.FREE)
    return found.filter(state=State.CLAIMED) if sieve == "looking" else found


def grouped(found: Iterable[Commitment], today: date) -> list[Group]:
    """Running commitments of a page, by when they are due."""
    groups = {name: Group(title) for name, title in _WHEN.items()}
    for one in found:
        groups[_when(one, today)].rows.append(one)
    return [group for group in groups.values() if group.rows]


_WHEN = {"look": "To be looked at", "late": "Overdue", "week": "Due within a week", "later": "Later"}


def _when(one: Commitment, today: date) -> str:
    if one.state == State.CLAIMED:
        return "look"
    days = (one.due - today).days
    return "late" if days < 0 else "week" if days <= 7 else "later"


# --- credit -------------------------------------------------------------------------------------------


def credit(workspace: Workspace, pk: UUID) -> Credit:
    """One credit of this workspace; NotFound for any other."""
    found = (
        Credit.objects.filter(workspace=workspace, pk=pk).select_related("member__user", "workspace").first()
    )
    if found is None:
        raise NotFound("There is no such credit in this workspace.")
    return found


def credit_of(link: SignedLink) -> Credit:
    """What a link of this purpose asks about."""
    found = Credit.objects.filter(workspace=link.workspace_id, pk=link.object_id, link__isnull=False)
    found = found.select_related("given_by__user", "given_by__workspace", "workspace", "link").first()
    if found is None:
        raise NotFound("What this link asked about is gone.", not_done="Nothing was changed.")
    return found


def confirmed(workspace_id: UUID, about: str, pk: UUID) -> list[Credit]:
    """Who helped with one thing and said so, in the order they were named."""
    found = Credit.objects.filter(workspace=workspace_id, about=about, about_id=pk, answer=Answer.CONFIRMED)
    return list(found.select_related("member__user").order_by("given_at"))


def given_here(who: Member, about: str, pk: UUID) -> list[Credit]:
    """What this member gave for one thing and can still take back. A refusal stands among them, unmarked."""
    found = Credit.objects.filter(workspace=who.workspace_id, about=about, about_id=pk, given_by=who)
    found = found.filter(answer__in=(Answer.WAITS, Answer.DECLINED))
    return list(found.select_related("member__user").order_by("given_at"))


def to_answer(who: Member) -> list[Credit]:
    """What this member was named for and has not answered: for their own eyes."""
    found = Credit.objects.filter(member=who, answer=Answer.WAITS).select_related("given_by__user")
    return list(found.order_by("given_at")[:MOST_ON_A_DESK])


# --- a member's own Desk ------------------------------------------------------------------------------


def owned(who: Member) -> list[Commitment]:
    """What this member has taken on and not ended."""
    found = _commitments(who.workspace).filter(owner=who, state=State.OPEN)
    return list(found.order_by("due")[:MOST_ON_A_DESK])


def offered(who: Member) -> list[Commitment]:
    found = _commitments(who.workspace).filter(offered_to=who, state__in=RUNNING)
    return list(found.order_by("due")[:MOST_ON_A_DESK])


# What nobody has: nobody ever did, or who did or was asked has left and nobody else was asked since.
_NOBODY_ASKED = Q(offered_to=None) | Q(offered_to__left_at__isnull=False)
_NOBODY_HAS = Q(state__in=(State.FREE, State.OFFERED)) & _NOBODY_ASKED
_LEFT_BEHIND = Q(state=State.OPEN, owner__left_at__isnull=False) & _NOBODY_ASKED


def unowned(who: Member) -> list[Commitment]:
    """What nobody has and this member made, or wrote the review of; for leads also what somebody left behind."""
    wanted = (_NOBODY_HAS | _LEFT_BEHIND) & (Q(made_by=who) | Q(review__led_by=who))
    if _leads(who):
        gone = Q(made_by__left_at__isnull=False, review__led_by__left_at__isnull=False)
        wanted |= _LEFT_BEHIND | _NOBODY_HAS & (gone | Q(offered_to__left_at__isnull=False))
    return list(_commitments(who.workspace).filter(wanted).order_by("due")[:MOST_ON_A_DESK])


def to_verify(who: Member) -> list[Commitment]:
    """What others say is done."""
    found = _commitments(who.workspace).filter(state=State.CLAIMED).exclude(owner=who)
    return list(found.order_by("state_at")[:MOST_ON_A_DESK])


def led(who: Member) -> list[Review]:
    """The open reviews that this member leads; for leads also those that somebody leads who has left."""
    mine = Q(led_by=who)
    if _leads(who):
        mine |= Q(led_by__left_at__isnull=False)
    found = Review.objects.filter(mine, workspace=who.workspace_id, closed_at__isnull=True)
    return list(found.order_by("opened_at")[:MOST_ON_A_DESK])


def _leads(who: Member) -> bool:
    return who.role in {Role.OWNER, Role.LEAD}


# --- search -------------------------------------------------------------------------------------------


def find(who: Member, words: str, limit: int) -> list[Review]:
    """Closed reviews that hold all the words; of open ones their title alone, and all of one's own."""
    found = Review.objects.filter(workspace=who.workspace_id)
    for word in words.split()[:8]:
        said = Q()
        for name in ("expected", "happened", "surprised", "change", "nothing_because"):
            said |= Q(**{f"{name}__icontains": word})
        readable = Q(closed_at__isnull=False) | Q(led_by=who)
        found = found.filter(Q(title__icontains=word) | said & readable)
    return list(found.order_by("-changed_at")[:limit])


def find_commitments(workspace: Workspace, words: str, limit: int) -> list[Commitment]:
    found = _commitments(workspace)
    for word in words.split()[:8]:
        found = found.filter(what__icontains=word)
    return list(found.order_by("-made_at")[:limit])
