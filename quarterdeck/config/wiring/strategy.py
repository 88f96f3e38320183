"""What strategy offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry, ObjectAction, Panel


def fill() -> None:
    from quarterdeck.strategy import agenda, deeds, exports, offers

    view, change = "strategy.plan.view", "strategy.objective.change"
    registries.nav.register("strategy", NavEntry("Strategy", "strategy-index", 2, view))
    registries.agenda.register("strategy", agenda.agenda)
    registries.search.register("strategy", offers.search)
    registries.reviewables.register("campaign", offers.CAMPAIGN)
    registries.deeds.register("strategy", deeds.deeds)
    registries.exports.register_all(exports.EXPORTS)
    for name, entry in {
        "strategy": Command(
            "Strategy", "strategy-index", view, "g t", "objectives key results okr goals tree line of sight"
        ),
        "objective-new": Command(
            "Set an objective", "strategy-objective-new", change, keywords="okr goal key result target"
        ),
        "campaign-new": Command(
            "Begin a campaign",
            "strategy-campaign-new",
            "strategy.campaign.change",
            keywords="brief launch audience message budget",
        ),
        "pillars": Command(
            "Pillars and their mix", "strategy-pillar-list", view, keywords="content themes share intended"
        ),
        "templates": Command(
            "Checklists to copy",
            "strategy-template-list",
            "strategy.template.change",
            keywords="template lines launch list",
        ),
    }.items():
        registries.palette.register(name, entry)
    _decisions()


def _decisions() -> None:
    from quarterdeck.strategy import decided, decided_agenda, decided_deeds, decided_exports

    registries.agenda.register("decisions", decided_agenda.agenda)
    registries.search.register("decisions", decided.search)
    registries.nav.register("decisions", NavEntry("Decisions", "strategy-decisions", 2, decided.VIEW))
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
