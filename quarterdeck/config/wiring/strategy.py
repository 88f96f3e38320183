"""What strategy offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry


def fill() -> None:
    from quarterdeck.strategy import agenda, deeds, exports, offers

    view, change = "strategy.plan.view", "strategy.objective.change"
    registries.nav.register("strategy", NavEntry("Strategy", "strategy-index", 1, view))
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
