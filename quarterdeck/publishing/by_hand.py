"""Posting by hand, in the sending loop: what happens while nobody says whether it is out."""

from __future__ import annotations

from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.verbs import by_hand as steps


def remind(claimed: Claimed) -> None:
    """It was handed out and nobody has said whether it is out: tell again, tell the stand-in, then leave it. Each
    sets the time of the next; somebody who answered meanwhile wins."""
    try:
        steps.remind(claimed)
    except steps.NotHanded:
        return
