"""Who sees to a slip now. It is taken, or handed over with the other's acceptance; nobody is ever assigned."""

from __future__ import annotations

from quarterdeck.accountability import rows, telling
from quarterdeck.accountability.models import WORD_LENGTH, Slip
from quarterdeck.accountability.rows import locked, record
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member

OWN = "accountability.slip.own"
_TAKEN = ("owner", "owned_at", "owned_first_at", "declined_word")
_OFFER = ("offered_to", "offered_at", "offered_word")


@verb
def own(slip: Slip, *, by: Member) -> Slip:
    """“I have this.” It ends an offer to somebody else; an owner who offered it keeps it that way.

    Raises Conflict when somebody else sees to it, unless that person has left the workspace.
    """
    slip = locked(slip)
    mine = slip.owner_id == by.pk
    if slip.owner is not None and not mine and slip.owner.left_at is None:
        raise Conflict(
            f"{slip.owner} sees to it now.",
            next_step="Ask for it: it can be offered to you, and you take it over.",
        )
    if mine and slip.offered_to_id is None:
        raise Conflict("You have it already.")
    _give(slip, by)
    event_id = rows.save(slip, *_TAKEN, *_OFFER)
    record(slip, "accountability.slip.owned", by, {"level": int(slip.level)}, event_id)
    return slip


@verb
def let_go(slip: Slip, *, by: Member) -> Slip:
    """Give it back: nobody sees to it, and everybody can take it. Conflict for somebody who does not have it."""
    slip = locked(slip)
    _must_have(slip, by)
    slip.owner, slip.owned_at = None, None
    _no_offer(slip)
    event_id = rows.save(slip, "owner", "owned_at", *_OFFER)
    record(slip, "accountability.slip.let_go", by, {}, event_id)
    telling.let_go(slip, by=by)
    return slip


@verb
def offer(slip: Slip, *, by: Member, to: Member, word: str = "") -> Slip:
    """Ask a colleague whether they take it over. Until they accept it stays where it is.

    Raises Invalid for somebody who cannot take it, Conflict when somebody other than `by` has it.
    """
    word = rows.cleaned(word, "word", WORD_LENGTH)
    slip = locked(slip)
    if slip.owner_id is not None and slip.owner_id != by.pk:
        raise Conflict(f"{slip.owner} sees to it now, so only they can offer it.")
    if to.workspace_id != by.workspace_id or to.left_at is not None:
        raise Invalid("That person is not in this workspace.", fields={"to": "Please choose a colleague."})
    if to.pk == by.pk:
        raise Invalid("That is you.", fields={"to": "Take it yourself, or choose a colleague."})
    if not to.may(OWN):
        raise Invalid(f"{to} may only look here.", fields={"to": "Please choose another colleague."})
    slip.offered_to, slip.offered_at, slip.offered_word, slip.declined_word = to, clock.now(), word, ""
    event_id = rows.save(slip, "declined_word", *_OFFER)
    record(slip, "accountability.slip.offered", by, {"word": word, "to": str(to)}, event_id)
    telling.offered(slip, by=by)
    return slip


@verb
def accept(slip: Slip, *, by: Member) -> Slip:
    """Take over what was offered. Forbidden for anybody else."""
    slip = locked(slip)
    _must_be_asked(slip, by)
    before = slip.owner
    _give(slip, by)
    event_id = rows.save(slip, *_TAKEN, *_OFFER)
    record(slip, "accountability.slip.accepted", by, {}, event_id)
    telling.accepted(slip, before)
    return slip


@verb
def decline(slip: Slip, *, by: Member, word: str) -> Slip:
    """Do not take it over, with a word to whoever offered it. Invalid without one."""
    word = rows.cleaned(word, "word", WORD_LENGTH, "Please say in a few words why not.")
    slip = locked(slip)
    _must_be_asked(slip, by)
    _no_offer(slip)
    slip.declined_word = word
    event_id = rows.save(slip, "declined_word", *_OFFER)
    record(slip, "accountability.slip.declined", by, {"reason": word}, event_id)
    telling.declined(slip, word, by=by)
    return slip


def _give(slip: Slip, to: Member) -> None:
    slip.owner, slip.owned_at, slip.declined_word = to, clock.now(), ""
    slip.owned_first_at = slip.owned_first_at or slip.owned_at
    _no_offer(slip)


def _no_offer(slip: Slip) -> None:
    slip.offered_to, slip.offered_at, slip.offered_word = None, None, ""


def _must_have(slip: Slip, by: Member) -> None:
    if slip.owner_id != by.pk:
        who = f"{slip.owner} sees to it now." if slip.owner else "Nobody sees to it yet."
        raise Conflict(who, next_step="" if slip.owner else "You can take it.")


def _must_be_asked(slip: Slip, by: Member) -> None:
    if slip.offered_to_id is None:
        raise Conflict("It is not offered to anybody any more.")
    if slip.offered_to_id != by.pk:
        raise Forbidden("It was offered to somebody else.", next_step="You can ask them for it.")
