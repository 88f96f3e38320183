"""Asking for approval, giving it, giving the text back. A voice is of one text; with the voice that completes what the
policy asks for, and in the same transaction, the text is cleared to go out.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.publishing import clearing, policies, telling
from quarterdeck.publishing.models import Approval, Ask, Post, Return
from quarterdeck.publishing.policies import Progress
from quarterdeck.publishing.rows import (
    WAKE,
    approval,
    check_content,
    check_described,
    end_ask,
    locked,
    must_be_editable,
)

NOTE_LENGTH, REASON_LENGTH = 500, 1000


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account who speaks by a signed link: what they are called, and where the link was sent."""

    link: SignedLink
    name: str
    address: str = ""


@verb
def ask_approval(post: Post, *, by: Member) -> Ask:
    """Ask for those who have to stand behind the present text."""
    post = locked(post)
    if not post.says_something:
        raise Invalid(
            "There is no text to approve yet.",
            not_done="Nobody was asked.",
            next_step="Write the post first.",
        )
    channels = list(post.channels.all())
    check_content(post, channels, not_done="Nobody was asked.")
    check_described(post, channels)
    if approval(post) is not None:
        raise Conflict("This text is approved already.", next_step="Choose when it goes out.")
    if post.asks.filter(ended_at__isnull=True).exists():
        raise Conflict("Approval was asked already, and nobody has answered yet.")
    event_id = ids.new()
    ask = Ask.objects.create(
        post=post, text_hash=post.text_hash, asked_by=by, asked_at=clock.now(), ledger_event_id=event_id
    )
    fields = {"text_hash": post.text_hash}
    ledger.record("publishing.post.asked", actor=by, about=post, fields=fields, event_id=event_id)
    telling.asked(post, by)
    return ask


@verb
def approve(post: Post, *, by: Member, text_hash: str, note: str = "") -> Approval:
    """Stand behind the text that was shown (`text_hash`).

    Raises Conflict when the text has changed since it was shown or `by` has spoken already, Forbidden when their voice
    would count in no step that is open, as the author's own unless they are the only member here.
    """
    post = locked(post)
    before = _may_be_approved(post, text_hash)
    if not policies.may_speak(before, by, post.author):
        raise _no_seat(post, before, by)
    alone = by.pk == post.author_id and all(member.pk == by.pk for member in before.crew.present)
    return _speak(post, by, note, {"approved_by": by}, alone=alone)


@verb
def approve_by_link(post: Post, *, by: Guest, text_hash: str, note: str = "") -> Approval:
    """The same of a guest, who acts as the link they were given.

    Raises Conflict as `approve` does, Forbidden when no step that is open names them.
    """
    post = locked(post)
    before = _may_be_approved(post, text_hash)
    if post.approvals.filter(text_hash=text_hash, link=by.link, withdrawn_at__isnull=True).exists():
        raise Conflict("You approved this text already.", not_done="Nothing was changed; it still counts.")
    if not policies.guest_may_speak(before, by.address, by.link.pk.hex):
        raise Forbidden(
            "Nobody outside the team is asked for this post at present.",
            not_done="Nothing was approved.",
            next_step=f"It waits for {policies.waited_for(before)}. You can still write a comment.",
        )
    spoken = {"link": by.link, "guest": by.name[:120], "guest_address": by.address}
    return _speak(post, by.link, note, spoken)


def _may_be_approved(post: Post, text_hash: str) -> Progress:
    """How its approval stands; Conflict where there is nothing to approve as it was shown."""
    if text_hash != post.text_hash:
        raise Conflict(
            "The text has changed since this page was opened.",
            not_done="Nothing was approved.",
            next_step="Read it again, then approve.",
        )
    if approval(post) is not None:
        raise Conflict("This text is approved already.")
    return clearing.progress(post)


def _no_seat(post: Post, stands: Progress, by: Member) -> Conflict | Forbidden:
    """Why a member's voice is not taken."""
    waits = f"It waits for {policies.waited_for(stands)}."
    if post.approvals.filter(text_hash=post.text_hash, approved_by=by, withdrawn_at__isnull=True).exists():
        return Conflict("You approved this text already.", not_done="Nothing was changed.", next_step=waits)
    if by.pk == post.author_id:
        return Forbidden(
            "A second person approves a post.",
            not_done="Nothing was approved.",
            next_step="You answer for this post; ask a colleague who may approve.",
        )
    return Forbidden(
        "The approval policy does not ask for you at this point.",
        not_done="Nothing was approved.",
        next_step=waits,
    )


def _speak(
    post: Post, actor: Member | SignedLink, note: str, spoken: dict, *, alone: bool = False
) -> Approval:
    """Write the voice, and the clearance if it completes what is asked for."""
    event_id, now = ids.new(), clock.now()
    given = Approval.objects.create(
        post=post,
        text_hash=post.text_hash,
        approved_at=now,
        note=note.strip()[:NOTE_LENGTH],
        alone=alone,
        ledger_event_id=event_id,
        **spoken,
    )
    cleared = clearing.settle(post, event_id, given)
    if cleared is not None:
        end_ask(post, now, Ask.End.APPROVED, event_id)
    fields = {"text_hash": post.text_hash, "note": given.note, "alone": alone, "cleared": cleared is not None}
    ledger.record("publishing.post.approved", actor=actor, about=post, fields=fields, event_id=event_id)
    if cleared is not None:
        telling.approved(post, given)
        wake(WAKE)
    else:
        telling.spoken(post, given, clearing.progress(post))
    return given


@verb
def return_(post: Post, *, by: Member, reason: str) -> Return:
    """Give the text back to its author with a reason. The approvals it had are withdrawn."""
    reason = _reason(reason, "The author needs a reason.", "Nothing was returned.")
    post = locked(post)
    _must_be_asked_or_editable(post)
    event_id = ids.new()
    if not _withdraw(post, event_id):
        raise Conflict("Nobody is waiting for an approval of this text.")
    return _give_back(post, by, reason, event_id, {"returned_by": by})


@verb
def object_by_link(post: Post, *, by: Guest, text_hash: str, reason: str) -> Return:
    """A guest who was asked to approve does not: the text goes back to its author with their reason.

    Raises Invalid without one, Conflict when the text has changed since it was shown or is out already.
    """
    reason = _reason(reason, "Please say what should change.", "Nothing was sent.")
    post = locked(post)
    _must_be_asked_or_editable(post)
    if text_hash != post.text_hash:
        raise Conflict(
            "The text has changed since this page was opened.",
            not_done="Your objection was not sent; what you wrote is still in the page.",
            next_step="Read it again, then approve or object.",
        )
    event_id = ids.new()
    _withdraw(post, event_id)
    return _give_back(post, by.link, reason, event_id, {"link": by.link, "guest": by.name[:120]})


def _must_be_asked_or_editable(post: Post) -> None:
    """What is out can be given back only while somebody is asked about other words for it."""
    if not post.asks.filter(ended_at__isnull=True).exists():
        must_be_editable(post)


def _reason(reason: str, title: str, not_done: str) -> str:
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Invalid(
            title, not_done=not_done, fields={"reason": "Please write one sentence on what should change."}
        )
    return reason


def _withdraw(post: Post, event_id: UUID) -> bool:
    """End the request, the voices and the clearance of the present text; False when there was none of them."""
    stands = approval(post)
    if stands is not None:
        clearing.end(stands, event_id)
    asked = end_ask(post, clock.now(), Ask.End.RETURNED, event_id)
    return bool(clearing.withdraw_voices(post, event_id)) or asked or stands is not None


def _give_back(post: Post, actor: Member | SignedLink, reason: str, event_id: UUID, spoken: dict) -> Return:
    given = Return.objects.create(
        post=post,
        text_hash=post.text_hash,
        returned_at=clock.now(),
        reason=reason,
        ledger_event_id=event_id,
        **spoken,
    )
    fields = {"text_hash": post.text_hash, "reason": reason}
    ledger.record("publishing.post.returned", actor=actor, about=post, fields=fields, event_id=event_id)
    telling.returned(post, given)
    return given
