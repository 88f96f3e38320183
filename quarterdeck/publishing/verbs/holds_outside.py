"""What a hold cannot stop: the team's list of it, and who saw to what while a hold stands."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Delivery, Hold, Outside, Tick

MOST = 50


@verb
def add_outside(by: Member, *, title: str, how: str = "") -> Outside:
    """Put something on the list of what a hold cannot stop, with how to stop it."""
    title = " ".join(title.replace("\x00", "").split())
    if not title:
        raise Invalid("It has no name.", fields={"title": "Please say what it is."})
    if Outside.objects.filter(workspace=by.workspace_id, removed_at__isnull=True).count() >= MOST:
        raise Conflict(
            f"The list has {MOST} lines, more than anybody reads in a crisis.",
            next_step="Take one out first, or put two in one line.",
        )
    outside = Outside.objects.create(
        workspace_id=by.workspace_id,
        title=title[:120],
        how=how.replace("\x00", "").strip()[:500],
        added_by=by,
        added_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    _record("publishing.outside.added", by, outside, {"title": outside.title, "how": outside.how})
    return outside


@verb
def remove_outside(outside: Outside, *, by: Member) -> None:
    """Take it off the list; ticks that were made stay in their holds' record."""
    outside = _locked(outside)
    if outside.removed_at is not None:
        raise Conflict("It is off the list already.")
    outside.removed_at, outside.ledger_event_id = clock.now(), ids.new()
    outside.save(update_fields=["removed_at", "ledger_event_id"])
    _record("publishing.outside.removed", by, outside, {})


@verb
def restore_outside(outside: Outside, *, by: Member) -> None:
    """Put it back on the list, with its ticks."""
    outside = _locked(outside)
    if outside.removed_at is None:
        raise Conflict("It is on the list.")
    outside.removed_at, outside.ledger_event_id = None, ids.new()
    outside.save(update_fields=["removed_at", "ledger_event_id"])
    _record("publishing.outside.restored", by, outside, {})


@verb
def tick(hold: Hold, *, by: Member, outside: Outside | None = None, delivery: Delivery | None = None) -> Tick:
    """Somebody saw to one thing that the standing hold could not stop: of the list, or a post handed out before."""
    hold = _standing(hold)
    if (outside is None) == (delivery is None):
        raise Invalid("Exactly one thing is ticked at a time.", not_done="Nothing was ticked.")
    if not _is_beyond(hold, outside, delivery):
        raise Invalid("That is not among what this hold could not stop.", not_done="Nothing was ticked.")
    if hold.ticks.filter(outside=outside, delivery=delivery).exists():
        raise Conflict("It was ticked already.")
    made = Tick.objects.create(
        hold=hold,
        outside=outside,
        delivery=delivery,
        ticked_by=by,
        ticked_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    _record("publishing.tick.set", by, made, _what(made))
    return made


def _is_beyond(hold: Hold, outside: Outside | None, delivery: Delivery | None) -> bool:
    if outside is not None:
        return outside.workspace_id == hold.workspace_id and outside.removed_at is None
    return hold.caught.filter(delivery=delivery, handed_out=True).exists()


@verb
def untick(tick: Tick, *, by: Member) -> None:
    """It was not seen to after all. The row goes; the record keeps both."""
    hold = _standing(tick.hold)
    found = hold.ticks.select_for_update(of=("self",)).filter(pk=tick.pk).first()
    if found is None:
        raise Conflict("It is not ticked any more.")
    ledger.record("publishing.tick.removed", actor=by, about=found, fields=_what(found))
    found.delete()


def _what(tick: Tick) -> dict:
    one = {"outside": str(tick.outside_id)} if tick.outside_id else {"delivery": str(tick.delivery_id)}
    return {"hold": str(tick.hold_id)} | one


def _standing(hold: Hold) -> Hold:
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise Conflict("This hold was lifted, so its list is closed.")
    return hold


def _locked(outside: Outside) -> Outside:
    return Outside.objects.select_for_update(of=("self",)).get(pk=outside.pk)


def _record(kind: str, by: Member, row: Outside | Tick, fields: dict) -> None:
    ledger.record(kind, actor=by, about=row, fields=fields, event_id=row.ledger_event_id)
