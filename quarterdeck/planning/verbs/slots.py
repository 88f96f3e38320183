"""The rules a workspace plans by, and the weekly slots of its channels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.crew.rules import locked_workspace
from quarterdeck.planning import rules
from quarterdeck.planning.models import DAYS, Rules, WeeklySlot

MOST_SLOTS = 100  # a channel
WALL = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def _wall(text: str, field: str) -> str:
    if not WALL.fullmatch(text):
        raise Invalid("That is not a time of day.", fields={field: "Please give a time like 09:30."})
    return text


@verb
def change_rules(
    by: Member, *, days: Sequence[int], opens: str, closes: str, near_minutes: int, markets: str
) -> Rules:
    """Set the working hours (`days` from Monday = 0, times as HH:MM), how many minutes are close together, and the
    markets whose holidays are shown. Invalid with its fields."""
    opens, closes = _wall(opens, "opens"), _wall(closes, "closes")
    if opens >= closes:
        raise Invalid(
            "The working day ends before it begins.",
            fields={"closes": "Choose a later time than the beginning."},
        )
    if not 1 <= near_minutes <= rules.FARTHEST.total_seconds() / 60:
        raise Invalid("That is no useful distance.", fields={"near_minutes": "From 1 minute to 720."})
    chosen = rules.markets(markets)
    locked_workspace(by)
    own = rules.of(by.workspace)
    own.days = sorted({day for day in days if 0 <= day < len(DAYS)})
    own.opens, own.closes, own.near_minutes, own.markets = opens, closes, near_minutes, chosen
    own.changed_by, own.changed_at, own.ledger_event_id = by, clock.now(), ids.new()
    own.save()
    fields = {
        "days": " ".join(DAYS[day] for day in own.days),
        "opens": opens,
        "closes": closes,
        "near_minutes": near_minutes,
        "markets": " ".join(chosen),
    }
    ledger.record("planning.rules.changed", actor=by, about=own, fields=fields, event_id=own.ledger_event_id)
    return own


@verb
def make_slot(by: Member, *, channel: Channel, weekday: int, wall: str) -> WeeklySlot:
    """Give a channel a weekly time. Conflict when it has it already."""
    wall = _wall(wall, "wall")
    if not 0 <= weekday < len(DAYS):
        raise Invalid("That is not a day of the week.", fields={"weekday": "Please choose a day."})
    if channel.workspace_id != by.workspace_id:
        raise NotFound("There is no such channel in this workspace.")
    Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    standing = WeeklySlot.objects.filter(channel=channel, removed_at__isnull=True)
    if standing.filter(weekday=weekday, wall=wall).exists():
        raise Conflict(f"{channel.name} has the slot {DAYS[weekday]}, {wall} already.")
    if standing.count() >= MOST_SLOTS:
        raise Conflict(f"A channel has at most {MOST_SLOTS} slots a week.", not_done="None was made.")
    slot = WeeklySlot.objects.create(
        workspace=by.workspace,
        channel=channel,
        weekday=weekday,
        wall=wall,
        made_by=by,
        made_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {"channel": str(channel.pk), "weekday": weekday, "wall": wall}
    ledger.record("planning.slot.made", actor=by, about=slot, fields=fields, event_id=slot.ledger_event_id)
    return slot


@verb
def remove_slot(slot: WeeklySlot, *, by: Member) -> None:
    """Take a weekly time away. What is planned at it stays planned."""
    slot = WeeklySlot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    if slot.removed_at:
        raise Conflict("This slot was removed already.")
    slot.removed_at, slot.ledger_event_id = clock.now(), ids.new()
    slot.save()
    ledger.record("planning.slot.removed", actor=by, about=slot, event_id=slot.ledger_event_id)
