"""What planning offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry


def fill() -> None:
    from quarterdeck.crew import links
    from quarterdeck.planning import agenda, deeds, exports, held, kin, layers, offers
    from quarterdeck.planning.views import out, watches

    registries.deeds.register("planning", deeds.deeds)
    post, view = "publishing.post", "planning.calendar.view"
    registries.agenda.register("planning", agenda.agenda)
    registries.plan_checks.register("planning", layers.objections)
    registries.plan_checks.register("held", held.objections)
    registries.slots.register("planning", offers.free_slot)
    links.register_purpose(out.FEED, out.feed, "Subscribe to the calendar, to look only")
    registries.nav.register("calendar", NavEntry("Calendar", "planning-calendar", 0, view))
    registries.settings_pages.register(
        "planning.rules",
        registries.SettingsPage("Calendar", "planning-rules", "Workspace", "planning.rules.change"),
    )
    for name, label, offer in (
        ("next-slot", "Next free slot…", offers.next_slot),
        ("come-again", "Let it come again…", offers.come_again),
    ):
        registries.actions.register(name, registries.ObjectAction(post, label, offer))
    for name, title, template, context in (
        ("watch", "Who reads the first comments", "planning/_watch.html", watches.on_a_post),
        ("series", "Comes again", "planning/_origin.html", offers.origin),
    ):
        registries.panels.register(name, registries.Panel(post, title, template, context))
    for name, label, url, may, shortcut, words in (
        ("calendar", "Calendar", "planning-calendar", view, "g k", "month week agenda plan move"),
        ("slots", "Weekly slots", "planning-slots", "planning.slot.change", "", "queue habit rhythm times"),
        (
            "layers",
            "Layers of the calendar",
            "planning-layers",
            "planning.layer.change",
            "",
            "blackout embargo ics",
        ),
        ("series", "Posts that come again", "planning-series", view, "", "recurring evergreen repeat series"),
        (
            "feeds",
            "Calendar feeds",
            "planning-feeds",
            "crew.link.issue",
            "",
            "ics subscribe outlook google apple",
        ),
        (
            "rules",
            "Working hours and holidays",
            "planning-rules",
            "planning.rules.change",
            "",
            "rules markets",
        ),
    ):
        registries.palette.register(name, Command(label, url, may, shortcut, words))
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("planning", kin.of_post)
