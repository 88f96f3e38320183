"""Whose silence is consent, and who may end a round. Silence is consent only of somebody whom the proposal reached."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.consent.models import Round, Voice
from quarterdeck.crew.models import LinkOpening, Member
from quarterdeck.crew.permissions import Role


def never_reached(voices: Sequence[Voice]) -> list[Voice]:
    """Those who have not answered, to whom no mail went, and whose link nobody has opened."""
    silent = [one for one in voices if one.is_silent and one.mailed_at is None]
    opened = set(
        LinkOpening.objects.filter(link__in=[one.link_id for one in silent]).values_list("link_id", flat=True)
    )
    return [one for one in silent if one.link_id not in opened]


def may_settle(round_: Round, who: Member) -> bool:
    """Who opened it; a lead where that member has left."""
    if round_.opened_by_id == who.pk:
        return who.may("consent.round.open")
    return round_.opened_by.left_at is not None and who.role in {Role.OWNER, Role.LEAD}
