"""The Desk of one member: what every room asks of them, less what they handled, plus what was handed to them."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from quarterdeck.core import registries
from quarterdeck.core.problems import NotFound
from quarterdeck.core.registries import AgendaItem
from quarterdeck.crew.models import Member
from quarterdeck.desk import ranking
from quarterdeck.desk.models import STANDING, Handled, HandOver
from quarterdeck.desk.ranking import Arrangement

SILENT = "desk.silent:"  # how the key of the item begins that says which room could not be asked

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """An arrangement, with the hand-overs that concern it, by item key."""

    arrangement: Arrangement
    given: dict[str, HandOver]  # offered by this member, not yet accepted: the item is still here
    taken: dict[str, HandOver]  # offered to this member, answered with yes or not answered yet
    away: list[tuple[HandOver, AgendaItem]]  # this member's, accepted by a colleague, while there is the item


def desk(member: Member, now: datetime) -> Desk:
    """Everything on this member's Desk now. Asked once for a member as loaded (the rail counts it too)."""
    known = getattr(member, "_desk", None)
    if known is None:
        known = member._desk = _ask(member, now)
    return known


def is_asked(member: Member) -> bool:
    """Whether this member, as loaded, has its Desk already: a page that shows it counts what it shows."""
    return getattr(member, "_desk", None) is not None


def _ask(member: Member, now: datetime) -> Desk:
    given, away, taken = _hand_overs(member)
    handled = list(Handled.objects.filter(member=member, reopened_at__isnull=True))
    done = {row.key for row in handled if row.until is None}
    put_off = {row.key: row.until for row in handled if row.until is not None}
    gone = {offer.key: offer for offer in away}
    every = _agenda(member, now)
    items = [item for item in every if item.key not in done and item.key not in gone]
    own = {item.key for item in items}
    for offer, item in _handed(taken, now):
        if item.key in own:
            items = [_labelled(i, offer) if i.key == item.key else i for i in items]
        else:
            items.append(_labelled(item, offer))
    return Desk(
        ranking.arrange(items, now, put_off),
        {offer.key: offer for offer in given},
        {offer.key: offer for offer in taken},
        [(gone[item.key], item) for item in every if item.key in gone],
    )


def _agenda(member: Member, now: datetime) -> list[AgendaItem]:
    """What each room asks. One that fails is named on the Desk instead of taking it down."""
    items: list[AgendaItem] = []
    for name, provider in registries.agenda:
        try:
            items += provider(member, now)
        except Exception:
            _log.exception("The Desk could not ask %s.", name)
            items.append(
                AgendaItem(
                    key=f"{SILENT}{name}",
                    kind="notice",
                    title=f"“{name.replace('_', ' ').capitalize()}” could not be asked",
                    why="What it may have for you is missing here. Reload in a minute; the log says more.",
                    url="",
                    since=now,
                    consequence=70,
                )
            )
    return items


def _hand_overs(member: Member) -> tuple[list[HandOver], list[HandOver], list[HandOver]]:
    rows = HandOver.objects.filter(answer__in=STANDING).select_related("giver__user", "taker__user")
    mine = list(rows.filter(giver=member))
    present = [offer for offer in mine if offer.taker.left_at is None]
    taken = list(rows.filter(taker=member, giver__workspace=member.workspace))
    return [o for o in present if not o.answer], [o for o in present if o.answer], taken


def _handed(offers: list[HandOver], now: datetime) -> list[tuple[HandOver, AgendaItem]]:
    """The items behind the offers, as their givers would see them now; settled ones are gone by themselves."""
    found, agendas = [], {}
    for offer in offers:
        if offer.giver_id not in agendas:
            offer.giver.workspace = offer.taker.workspace
            every = _agenda(offer.giver, now)
            agendas[offer.giver_id] = {item.key: item for item in every if not item.private}
        if item := agendas[offer.giver_id].get(offer.key):
            found.append((offer, item))
    return found


def settled(giver: Member, now: datetime) -> list[HandOver]:
    """This member's hand-overs whose matter is over: their agenda has it no more. None while a room could not be
    asked, since what it has for them is not known."""
    keys = {item.key for item in _agenda(giver, now)}
    if any(key.startswith(SILENT) for key in keys):
        return []
    return list(HandOver.objects.filter(giver=giver, answer__in=STANDING).exclude(key__in=keys))


def _labelled(item: AgendaItem, offer: HandOver) -> AgendaItem:
    note = f": “{offer.note}”" if offer.note else "."
    why = f"Handed over by {offer.giver}{note} {item.why}"
    weight = item.consequence if offer.answer else max(item.consequence, 55)
    return dataclasses.replace(item, why=why, fold="", fold_title=None, consequence=weight)


def offer(member: Member, pk: UUID) -> HandOver:
    """A hand-over that concerns this member; NotFound for any other."""
    found = (
        HandOver.objects.filter(pk=pk, workspace=member.workspace)
        .select_related("giver__user", "taker__user")
        .first()
    )
    if found is None or member.pk not in {found.giver_id, found.taker_id}:
        raise NotFound("There is no such hand-over.")
    return found


def colleagues(member: Member) -> list[Member]:
    """Who something can be handed to."""
    others = Member.objects.filter(workspace=member.workspace, left_at__isnull=True).exclude(pk=member.pk)
    return list(others.select_related("user").order_by("user__name", "joined_at"))
