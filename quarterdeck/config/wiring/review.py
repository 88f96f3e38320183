"""What review offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries


def fill() -> None:
    from quarterdeck.crew import links
    from quarterdeck.review import agenda, deeds, exports, kin, telling
    from quarterdeck.review.verbs import PURPOSE
    from quarterdeck.review.views import asking, guests, posts

    registries.deeds.register("review", deeds.deeds)
    registries.agenda.register("review", agenda.agenda)
    links.register_purpose(PURPOSE, guests.opened, "Read a post, comment, approve or object")
    registries.panels.register(
        "comments",
        registries.Panel("publishing.post", "Comments", "review/_panel.html", posts.on_a_post, beside=True),
    )
    registries.actions.register(
        "ask-outside",
        registries.ObjectAction("publishing.post", "Ask somebody outside…", asking.ask_outside),
    )
    registries.concerned.register("review", telling.concerned)
    registries.traces.register("review", telling.traces)
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("review", kin.of_post)
