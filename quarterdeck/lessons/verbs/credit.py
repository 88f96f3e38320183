"""Naming who helped, and what they say to that."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import links, notify
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.lessons import things
from quarterdeck.lessons.models import Credit
from quarterdeck.lessons.models.credit import FOR_LENGTH, NAME_LENGTH, Answer
from quarterdeck.lessons.rows import inside

PURPOSE = "lessons.credit"
MOST = 30  # named for one thing


@dataclass(frozen=True, slots=True)
class Given:
    """Credit given, and for somebody of outside the one moment at which their link is known."""

    credit: Credit
    token: str = ""

    @property
    def url(self) -> str:
        return links.link_url(self.token) if self.token else ""


@verb
def give(
    by: Member,
    *,
    about: str,
    about_id: UUID,
    helped_with: str,
    member: Member | None = None,
    name: str = "",
    moment: UUID | None = None,
) -> Given:
    """Name who helped with something: a member, who is told, or by `name` somebody of outside, who answers by a link.

    Nothing is shown before they confirm. Raises Invalid with its fields, Conflict for who was named for it already.
    """
    thing = things.creditable(by, about, about_id)
    helped_with = needed(helped_with, "helped_with", FOR_LENGTH, "Please say what they helped with.")
    name = kept_line(name, "name", NAME_LENGTH)
    if (member is None) == (not name):
        raise Invalid(
            "Who helped?",
            not_done=NOT_KEPT,
            fields={
                "member": "Please choose somebody who is here, or write the name of somebody who is not."
            },
        )
    there = Credit.objects.filter(workspace=by.workspace, about=about, about_id=about_id, moment=moment)
    if there.count() >= MOST:
        raise Conflict(f"At most {MOST} people are named for one thing.", not_done=NOT_KEPT)
    # A refusal is not told: named once is named, whatever came of it.
    if there.filter(member=member, name=name).exclude(answer=Answer.WITHDRAWN).exists():
        raise Conflict(
            "They were named for this already.", not_done="Nothing was added; it is theirs to answer."
        )
    if member is not None:
        inside(member, by.workspace_id, "member", "lessons.credit.answer")
        if member.pk == by.pk:
            raise Invalid(
                "Credit is given to somebody else.",
                not_done=NOT_KEPT,
                fields={"member": "Please choose somebody else."},
            )
    credit_id, issued = ids.new(), None
    if member is None:
        issued = crew.issue_link(by=by, purpose=PURPOSE, object_id=credit_id, label=name)
    credit = Credit.objects.create(
        id=credit_id,
        workspace=by.workspace,
        about=about,
        about_id=about_id,
        moment=moment,
        member=member,
        name=name,
        link=issued.link if issued else None,
        helped_with=helped_with,
        given_by=by,
        given_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {"name": name, "helped_with": helped_with, "outside": member is None}
    event_id = credit.ledger_event_id
    ledger.record("lessons.credit.given", actor=by, about=credit, fields=fields, event_id=event_id)
    if member is not None:
        url = reverse("lessons-credit-list", kwargs={"workspace": by.workspace.slug})
        words = f"{by}, on the {thing.word} “{thing.title}”: {helped_with}. It is shown when you confirm it."
        notify.tell(member, subject=f"{by} says that you helped", text=words, url=url)
    return Given(credit, issued.token if issued else "")


@verb
def confirm(credit: Credit, *, by: Member | SignedLink) -> Credit:
    """Say that it is so; from now on it is shown on the thing itself. For who was named."""
    credit = _named(credit, by)
    if credit.answer != Answer.WAITS:
        raise Conflict("You answered this already.")
    _answer(credit, by, Answer.CONFIRMED, "lessons.credit.confirmed")
    return credit


@verb
def decline(credit: Credit, *, by: Member | SignedLink) -> Credit:
    """Say no, or take back a yes. Nobody is told, and to others it looks like an answer that has not come."""
    credit = _named(credit, by)
    if credit.answer == Answer.DECLINED:
        raise Conflict("You answered this already.")
    _answer(credit, by, Answer.DECLINED, "lessons.credit.declined")
    return credit


@verb
def withdraw(credit: Credit, *, by: Member) -> Credit:
    """Take back what one gave by mistake. What was confirmed is not the giver's any more."""
    credit = locked(Credit, credit.pk)
    if credit.given_by_id != by.pk:
        raise Forbidden("Only who named them can take that back.")
    if credit.answer in {Answer.CONFIRMED, Answer.WITHDRAWN}:
        raise Conflict("It cannot be taken back any more.")
    _answer(credit, by, Answer.WITHDRAWN, "lessons.credit.withdrawn")
    return credit


def _named(credit: Credit, by: Member | SignedLink) -> Credit:
    credit = locked(Credit, credit.pk)
    theirs = credit.link_id == by.pk if isinstance(by, SignedLink) else credit.member_id == by.pk
    if not theirs:
        raise Forbidden("Only who was named can answer.")
    if credit.answer == Answer.WITHDRAWN:
        raise Conflict("It was taken back meanwhile.")
    return credit


def _answer(credit: Credit, by: Member | SignedLink, answer: Answer, kind: str) -> None:
    credit.answer, credit.answered_at, credit.ledger_event_id = answer, clock.now(), ids.new()
    credit.save(update_fields=["answer", "answered_at", "ledger_event_id"])
    ledger.record(kind, actor=by, about=credit, event_id=credit.ledger_event_id)
