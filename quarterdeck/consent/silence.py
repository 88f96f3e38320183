"""Whose silence is consent, and who may end a round. Silence is consent only of somebody whom the proposal reached."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from quarterdeck.consent.models import Round, Voice
from quarterdeck.crew.models import LinkOpening, Member
from quarterdeck.crew.permissions import MATRIX, Role
from quarterdeck.crew.reads import members

OPEN = "consent.round.open"
LEADS = frozenset({Role.OWNER, Role.LEAD})


def never_reached(voices: Sequence[Voice]) -> list[Voice]:
    """Those who have not answered, to whom no mail went, and whose link nobody has opened."""
    silent = [one for one in voices if one.is_silent and one.mailed_at is None]
    opened = set(
        LinkOpening.objects.filter(link__in=[one.link_id for one in silent]).values_list("link_id", flat=True)
    )
    return [one for one in silent if one.link_id not in opened]


def is_settled_by_leads(round_: Round) -> bool:
    """Whether who opened it has left, or may open and settle rounds no more."""
    return not round_.opened_by.may(OPEN)


def of_leads() -> Q:
    """The same of many rounds."""
    return Q(opened_by__left_at__isnull=False) | ~Q(opened_by__role__in=MATRIX[OPEN])


def may_settle(round_: Round, who: Member) -> bool:
    """Who opened it; the leads where that member cannot any more."""
    if is_settled_by_leads(round_):
        return is_lead(who)
    return round_.opened_by_id == who.pk


def is_lead(who: Member) -> bool:
    return who.left_at is None and who.role in LEADS


def settlers(round_: Round) -> list[Member]:
    """Who has to hear of what is said in a round."""
    if not is_settled_by_leads(round_):
        return [round_.opened_by]
    return [one for one in members(round_.workspace) if is_lead(one)]
