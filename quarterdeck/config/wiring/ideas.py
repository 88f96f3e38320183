"""What ideas offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry


def fill() -> None:
    from quarterdeck.ideas import agenda, deeds, exports, kin, mail, offers

    registries.deeds.register("ideas", deeds.deeds)
    view, keep = "ideas.idea.view", "ideas.idea.keep"
    registries.agenda.register("ideas", agenda.agenda)
    registries.search.register("ideas", offers.search)
    registries.inbound_mail.register("ideas", mail.take)
    registries.share_target.register("ideas", "ideas-share")
    registries.panels.register(
        "origin",
        registries.Panel("publishing.post", "Where it came from", "ideas/_origin.html", offers.on_a_post),
    )
    registries.nav.register("ideas", NavEntry("Ideas", "ideas-board", 0, view))
    for name, entry in {
        "ideas": Command("Ideas", "ideas-board", view, "g i", "shelf board swipe file brief"),
        "idea-new": Command("New idea", "ideas-new", keep, "i", "keep capture swipe thought"),
        "idea-ways": Command(
            "Keep ideas from your phone, a page or mail",
            "ideas-ways",
            keep,
            keywords="bookmarklet share app install",
        ),
    }.items():
        registries.palette.register(name, entry)
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("ideas", kin.of_post)
