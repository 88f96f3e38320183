"""What consent offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry, Panel


def fill() -> None:
    from quarterdeck.consent import agenda, deeds, digest_lines, exports, kin, offers
    from quarterdeck.consent.fair import holding
    from quarterdeck.consent.verbs.rounds import PURPOSE
    from quarterdeck.consent.views import guests
    from quarterdeck.crew import links

    links.register_purpose(PURPOSE, guests.opened, "Consent to a proposal or object")
    registries.agenda.register("consent", agenda.agenda)
    registries.agenda.register("fair-plans", agenda.plans)
    registries.search.register("consent", offers.search)
    registries.kin.register("consent", kin.of_post)
    registries.deeds.register("consent", deeds.deeds)
    registries.digest_lines.register("consent", digest_lines.lines)
    registries.held_slots.register("fair-plans", holding.held)
    registries.exports.register_all(exports.EXPORTS)
    for about, conflicts in (
        ("publishing.post", offers.on_a_post),
        ("stakeholders.request", offers.on_a_request),
    ):
        panel = Panel(about, "Conflicts", "consent/_on_a_page.html", conflicts, beside=True)
        registries.panels.register(f"conflicts {about}", panel)
    held = Panel("stakeholders.request", "In fair plans", "consent/_held.html", offers.held, beside=True)
    registries.panels.register("held", held)
    share = Panel("stakeholders.department", "Your fair plan", "consent/_own_share.html", offers.own_share)
    registries.by_link.register("fair-plan", share)
    see, read, open_ = "consent.conflict.view", "consent.round.view", "consent.round.open"
    registries.nav.register("conflicts", NavEntry("Conflicts", "consent-conflicts", 1, see))
    registries.nav.register("consent", NavEntry("Consent", "consent-rounds", 1, read))
    registries.nav.register("fair-plans", NavEntry("Fair plans", "consent-plans", 1, "consent.plan.view"))
    for name, entry in {
        "fair-plans": Command(
            "Fair plans",
            "consent-plans",
            "consent.plan.view",
            keywords="divide slots points weights nash quarter",
        ),
        "conflicts": Command(
            "Conflicts in the plan", "consent-conflicts", see, "g x", "collide clash slot audience embargo"
        ),
        "conflicts-ended": Command(
            "What became of conflicts", "consent-conflicts-ended", see, keywords="settled kept overruled"
        ),
        "conflict-rules": Command(
            "What counts as a conflict",
            "consent-rules",
            "consent.rules.change",
            keywords="rules labels hours",
        ),
        "consent-rounds": Command(
            "Consent rounds", "consent-rounds", read, "g v", "proposal objection agree stakeholders"
        ),
        "consent-new": Command(
            "Put something to a consent round", "consent-round-new", open_, keywords="propose ask agree"
        ),
    }.items():
        registries.palette.register(name, entry)
