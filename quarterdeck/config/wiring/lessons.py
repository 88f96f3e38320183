"""What lessons offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry, ObjectAction, Panel


def fill() -> None:
    from quarterdeck.crew import links
    from quarterdeck.lessons import agenda, deeds, exports, kin, offers, things
    from quarterdeck.lessons.verbs.credit import PURPOSE
    from quarterdeck.lessons.views import credit

    view, write = "lessons.review.view", "lessons.review.write"
    registries.reviewables.register("post", things.POST)
    registries.agenda.register("lessons", agenda.agenda)
    registries.search.register("lessons", offers.search)
    links.register_purpose(PURPOSE, credit.opened, "Say whether they helped")
    registries.nav.register("lessons", NavEntry("Lessons", "lessons-index", 2, view))
    for about in ("publishing.post", "accountability.slip", "strategy.campaign"):
        registries.panels.register(
            f"learned {about}", Panel(about, "What we learn from it", "lessons/_reviews.html", offers.learned)
        )
        registries.actions.register(f"review {about}", ObjectAction(about, "Review it…", offers.review_it))
    for about in ("publishing.post", "lessons.review", "lessons.commitment"):
        registries.panels.register(
            f"helped {about}", Panel(about, "Who helped", "lessons/_helped.html", offers.helped)
        )
        registries.actions.register(f"thank {about}", ObjectAction(about, "Say who helped…", offers.thank))
    for name, entry in {
        "lessons": Command("Lessons", "lessons-index", view, "g r", "reviews retrospective learn blameless"),
        "review-new": Command(
            "Review something", "lessons-review-new", write, keywords="after action postmortem look back"
        ),
        "commitments": Command(
            "Commitments", "lessons-commitment-list", view, keywords="promises due kept verify actions"
        ),
        "causes": Command(
            "Root causes that came back", "lessons-causes", view, keywords="tags recurring why again"
        ),
    }.items():
        registries.palette.register(name, entry)
    registries.kin.register("lessons", kin.of_post)
    registries.deeds.register("lessons", deeds.deeds)
    registries.exports.register_all(exports.EXPORTS)
