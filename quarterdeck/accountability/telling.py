"""Who hears of a slip, inside the verb's transaction: about the post, never about who made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from quarterdeck.accountability.concerned import Person
from quarterdeck.accountability.models import Level, Slip
from quarterdeck.crew import notify
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.crew.permissions import Role

LEADS = {Role.OWNER, Role.LEAD}


def address(slip: Slip) -> str:
    return reverse("accountability-slip", kwargs={"workspace": slip.workspace.slug, "pk": slip.pk})


def _tell(members, slip: Slip, subject: str, text: str, *, but: Member | None = None, urgent=False) -> None:
    for member in {one.pk: one for one in members if one is not None}.values():
        if member.left_at is None and (but is None or member.pk != but.pk):
            notify.tell(member, subject=subject, text=text, url=address(slip), urgent=urgent)


def flagged(slip: Slip, text: str, *, by: Member | None, joins: bool) -> None:
    """Whoever sees to it; else the one who answers for the post, and from level 2 on the leads as well."""
    post, bad = slip.post, slip.level >= Level.WRONG
    if slip.owner is not None:
        _tell([slip.owner], slip, f"One more about “{post.short}”", text, but=by)
        return
    hears = [post.answerable] if post.answerable.left_at is None else crew.stand_ins(post.answerable)
    if bad and not joins:
        hears += [one for one in crew.members(slip.workspace) if one.role in LEADS]
    words = f"{text}\n\nNobody sees to it yet. Whoever has a moment takes it; it is about the post, not about a person."
    subject = f"Something may be wrong in “{post.short}”"
    _tell(hears, slip, subject, words, but=by, urgent=bad and not joins)


def withdrawn(slip: Slip, reason: str, *, by: Member) -> None:
    """Those who pointed it out read why it is right as it is. Called before they are forgotten."""
    said = [flag.member for flag in slip.flags.select_related("member__user") if flag.member]
    _tell([*said, slip.owner], slip, f"“{slip.post.short}” is right as it is", reason, but=by)


def offered(slip: Slip, *, by: Member) -> None:
    words = f"{slip.what}\n\n{slip.offered_word}".strip()
    subject = f"{by} asks whether you take over a correction: “{slip.post.short}”"
    _tell([slip.offered_to], slip, subject, words)


def accepted(slip: Slip, before: Member | None) -> None:
    words = f"{slip.owner} took it over and sees to it now."
    _tell([before], slip, f"Taken over: “{slip.post.short}”", words, but=slip.owner)


def declined(slip: Slip, word: str, *, by: Member) -> None:
    """Whoever has it, or (when nobody does) the one who answers for the post."""
    _tell(
        [slip.owner or slip.post.answerable], slip, f"{by} cannot take it: “{slip.post.short}”", word, but=by
    )


def let_go(slip: Slip, *, by: Member) -> None:
    words = "It was given back. Nobody sees to it at the moment."
    _tell([slip.post.answerable], slip, f"Open again: “{slip.post.short}”", words, but=by)


def corrected(slip: Slip, *, by: Member) -> None:
    """Those who pointed it out, and the one who answers for the post."""
    said = [flag.member for flag in slip.flags.select_related("member__user") if flag.member]
    words = (
        f"{slip.what}\n\nIt is being corrected on every channel where it is out, or left there with a reason."
    )
    _tell([*said, slip.post.answerable], slip, f"Corrected: “{slip.post.short}”", words, but=by)


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell inside, by their keys (`concerned.people`), and in which words."""

    keys: Sequence[str]
    text: str


def inside(slip: Slip, people: Iterable[Person], text: str) -> None:
    """Members behind the bell at once and as they prefer; others by mail, from the worker."""
    subject = f"A correction: “{slip.post.short}”"
    for person in people:
        if person.member is not None:
            notify.tell(person.member, subject=subject, text=text, url=address(slip))
        elif person.address:
            from quarterdeck.accountability.jobs import mail_outside

            about = address(slip)  # they cannot open it, but their answer belongs there
            mail_outside.defer(
                slip_id=str(slip.pk), to=person.address, subject=subject, text=text, about=about
            )
