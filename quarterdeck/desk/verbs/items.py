"""What a person does with items of their Desk: put off, done, back again, handed over and answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.registries import PRIVATE
from quarterdeck.core.verbs import verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.desk.models import KEY_LENGTH, STANDING, Handled, HandOver

MOST_KEYS = 200


@verb
def snooze(by: Member, keys: Sequence[str], *, until: datetime) -> UUID:
    """Put items off; they come back by themselves at that time. Returns the act, which `undo` takes.

    Invalid when the time has passed or lies more than a year ahead.
    """
    if not clock.now() < until <= clock.now() + timedelta(days=366):
        raise Invalid("An item can be put off for up to a year.", not_done="It stays where it is.")
    act = ids.new()
    for key in _checked(keys):
        _record("snoozed", by, _handle(by, key, act, until=until), {"key": key, "until": until})
    return act


@verb
def done(by: Member, keys: Sequence[str]) -> UUID:
    """Items that leave no other trace are seen to (a notice, a step put aside). Returns the act."""
    act = ids.new()
    for key in _checked(keys):
        _record("done", by, _handle(by, key, act, until=None), {"key": key})
    return act


@verb
def hand_over(by: Member, keys: Sequence[str], *, to: Member, note: str = "", title: str = "") -> UUID:
    """Offer items to a colleague, who is told and answers. Until then they stay on this Desk as well. What somebody has
    who left is taken back by it.

    Returns the act. Conflict when one of them is handed over already.
    """
    if to.workspace_id != by.workspace_id or to.left_at is not None:
        raise Invalid("That person is not in this workspace.", not_done="Nothing was handed over.")
    if to.pk == by.pk:
        raise Invalid("That is you.", not_done="Nothing was handed over.", next_step="Choose a colleague.")
    note, act = note.strip()[:500], ids.new()
    for key in _checked(keys):
        _offer(by, to, key, note, act)
    words = f"You are asked to take over: {title or 'an item'}." + (f" “{note}”" if note else "")
    notify.tell(to, subject="Something is handed over to you", text=words, url=f"/w/{by.workspace.slug}/")
    return act


def _offer(by: Member, to: Member, key: str, note: str, act: UUID) -> None:
    standing = HandOver.objects.select_for_update(of=("self",)).filter(giver=by, key=key, answer__in=STANDING)
    for left in standing.filter(taker__left_at__isnull=False):
        _answer(left, by, HandOver.Answer.WITHDRAWN, "withdrawn")
    row = HandOver(
        workspace=by.workspace,
        key=key,
        giver=by,
        taker=to,
        note=note,
        act=act,
        offered_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("This was handed over already.", next_step="Take it back first.") from None
    _record("offered", by, row, {"key": key, "note": note})


@verb
def undo(by: Member, act: UUID) -> None:
    """Turn `snooze`, `done` or an unanswered `hand_over` round. Conflict when there is nothing left of it, NotFound
    when it was not this member's."""
    mine = Handled.objects.filter(member=by, act=act), HandOver.objects.filter(giver=by, act=act)
    if not any(rows.exists() for rows in mine):
        raise NotFound("There is nothing of that kind to undo.")
    handled = list(Handled.objects.select_for_update().filter(member=by, act=act, reopened_at__isnull=True))
    for row in handled:
        row.reopened_at, row.ledger_event_id = clock.now(), ids.new()
        row.save()
        _record("reopened", by, row, {"key": row.key})
    offers = list(HandOver.objects.select_for_update().filter(giver=by, act=act, answer=""))
    for offer in offers:
        _answer(offer, by, HandOver.Answer.WITHDRAWN, "withdrawn")
    if not handled and not offers:
        raise Conflict("There is nothing left to undo.", next_step="Your Desk shows how it stands.")


@verb
def answer(offer: HandOver, *, by: Member, accept: bool) -> HandOver:
    """The colleague takes it, or hands it back."""
    offer = HandOver.objects.select_for_update().get(pk=offer.pk)
    if offer.taker_id != by.pk or offer.answer:
        raise Conflict("This offer was answered or taken back already, or its matter is settled.")
    how = HandOver.Answer.ACCEPTED if accept else HandOver.Answer.DECLINED
    return _answer(offer, by, how, "accepted" if accept else "declined")


@verb
def take_back(offer: HandOver, *, by: Member) -> HandOver:
    """The giver wants it back, answered or not."""
    offer = HandOver.objects.select_for_update().get(pk=offer.pk)
    if offer.answer == HandOver.Answer.SETTLED:
        raise Conflict("It is settled: there is nothing left to take back.")
    if offer.giver_id != by.pk or offer.answer not in STANDING:
        raise Conflict("It is back on your Desk already.")
    return _answer(offer, by, HandOver.Answer.WITHDRAWN, "withdrawn")


@verb
def settle(offer: HandOver) -> HandOver:
    """End a hand-over whose matter is over. The system does it; whose item it was and which is not said."""
    offer = HandOver.objects.select_for_update().get(pk=offer.pk)
    if offer.answer not in STANDING:
        raise Conflict("This hand-over has ended already.")
    offer.answer, offer.answered_at, offer.ledger_event_id = HandOver.Answer.SETTLED, clock.now(), ids.new()
    offer.save()
    actor, event_id = ledger.system(offer.workspace_id), offer.ledger_event_id
    ledger.record("desk.item.settled", actor=actor, about=offer, event_id=event_id)
    return offer


def _answer(offer: HandOver, by: Member, how: str, verbed: str) -> HandOver:
    offer.answer, offer.answered_at, offer.ledger_event_id = how, clock.now(), ids.new()
    offer.save()
    _record(verbed, by, offer, {"key": offer.key})
    return offer


def _handle(by: Member, key: str, act: UUID, *, until: datetime | None) -> Handled:
    row = Handled.objects.select_for_update().filter(member=by, key=key).first()
    row = row or Handled(workspace=by.workspace, member=by, key=key)
    row.until, row.act, row.reopened_at = until, act, None
    row.handled_at, row.ledger_event_id = clock.now(), ids.new()
    row.save()
    return row


def _record(verbed: str, by: Member, row: Handled | HandOver, fields: dict) -> None:
    ledger.record(f"desk.item.{verbed}", actor=by, about=row, fields=fields, event_id=row.ledger_event_id)


def _checked(keys: Sequence[str]) -> Sequence[str]:
    if not keys or len(keys) > MOST_KEYS or any(not 0 < len(key) <= KEY_LENGTH for key in keys):
        raise Invalid("That item is not on the Desk.", not_done="Nothing was changed.")
    if any(key.startswith(PRIVATE) for key in keys):  # an event, however sealed, would tell that it was there
        raise Invalid(
            "That item is yours alone, so the Desk keeps nothing about it.",
            not_done="Nothing was written down or handed over.",
            next_step="Use the buttons of the item itself.",
        )
    return keys
