"""What ledger offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry


def fill() -> None:
    from quarterdeck import live
    from quarterdeck.crew import access
    from quarterdeck.crew.models import Member
    from quarterdeck.ledger import exports, guards, reads, sequencer

    sequencer.announce = live.announce
    guards.crew_page = access.page
    guards.is_member = lambda user, workspace_id: Member.objects.filter(
        user=user, workspace_id=workspace_id, left_at__isnull=True
    ).exists()
    view = "ledger.log.view"
    registries.agenda.register("ledger", reads.agenda)
    registries.search.register("ledger", reads.search)
    registries.nav.register("ledger", NavEntry("Ledger", "ledger-log", 3, view))
    registries.palette.register(
        "ledger", Command("Ledger", "ledger-log", view, "g l", "log proof checkpoint verify")
    )
    registries.exports.register_all(exports.EXPORTS)
