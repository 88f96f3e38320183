"""The nightly end of hand-overs whose matter is over. Items are derived and never stored, so no act of another room can
end one: it is seen by its absence."""

from __future__ import annotations

import logging
from contextlib import suppress

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.crew.models import Member
from quarterdeck.desk import reads, verbs
from quarterdeck.desk.models import STANDING, HandOver

log = logging.getLogger(__name__)


def settle_all() -> None:
    """Those of all who handed something over. A member whose agenda breaks does not stop the others."""
    givers = HandOver.objects.filter(answer__in=STANDING).values("giver")
    for giver in Member.objects.filter(pk__in=givers).select_related("user", "workspace").order_by("pk"):
        try:
            _settle(giver)
        except Exception:
            log.exception("The hand-overs of the member %s could not be looked at.", giver.pk)


def _settle(giver: Member) -> None:
    for offer in reads.settled(giver, clock.now()):
        with suppress(Conflict):  # taken back or answered meanwhile
            verbs.settle(offer)
