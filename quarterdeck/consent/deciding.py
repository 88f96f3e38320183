"""Where what was decided here becomes a decision record of strategy, which comes back on its date."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from quarterdeck.consent.matters import Matter
from quarterdeck.consent.models import Round, Voice
from quarterdeck.crew.models import Member


def kept(matter: Matter, by: Member, why: str) -> UUID | None:
    """The decision to keep a conflict as it is; its id."""
    return None


def settled(round_: Round, voices: Sequence[Voice], by: Member) -> UUID | None:
    """The decision that a round came to, with the departments that were heard; its id."""
    return None
