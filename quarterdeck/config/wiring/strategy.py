"""What strategy offers the other rooms."""

from __future__ import annotations


def fill() -> None:
    _decisions()


def _decisions() -> None:
    from quarterdeck.core import registries
    from quarterdeck.core.registries import Command, NavEntry, ObjectAction, Panel
    from quarterdeck.strategy import decided, decided_agenda, decided_deeds, decided_exports

    registries.agenda.register("decisions", decided_agenda.agenda)
    registries.search.register("decisions", decided.search)
    registries.nav.register("decisions", NavEntry("Decisions", "strategy-decisions", 1, decided.VIEW))
    for about in ("publishing.post", "strategy.objective", "strategy.campaign"):
        registries.panels.register(
            f"decided {about}", Panel(about, "Decided", "strategy/_decided.html", decided.on_a_thing)
        )
        registries.actions.register(
            f"decide {about}", ObjectAction(about, "Decide about it…", decided.decide_url)
        )
    registries.palette.register(
        "decisions",
        Command("Decisions", "strategy-decisions", decided.VIEW, keywords="options choice expected outcome"),
    )
    registries.palette.register(
        "decision-new", Command("Decide something", "strategy-decision-new", decided.MAKE)
    )
    registries.exports.register_all(decided_exports.EXPORTS)
    registries.kin.register("decisions", decided.of_post)
    registries.deeds.register("decisions", decided_deeds.deeds)
