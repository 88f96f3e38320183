"""What desk offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import AsideBlock, Command, NavEntry


def fill() -> None:
    from quarterdeck.crew import first_run
    from quarterdeck.desk import (
        agenda,
        deeds,
        demo,
        exports,
        first_steps,
        kin,
        offers,
        week_agenda,
        week_room,
    )

    first_run.offer_demo(demo.begin)
    registries.agenda.register("desk", agenda.agenda)
    registries.nav.register("desk", NavEntry("Desk", "desk", 0, count=offers.count))
    registries.nav.register("week", NavEntry("The week", "desk-week", 2, "desk.week.view"))
    registries.agenda.register("desk.week", week_agenda.agenda)
    registries.week_room.register("desk", week_room.rooms)
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("desk", kin.of_post)
    registries.deeds.register("desk", deeds.deeds)
    registries.palette.register(
        "week",
        Command(
            "The week",
            "desk-week",
            "desk.week.view",
            "g e",
            "plan look back capacity room size settle full",
        ),
    )
    registries.aside.register(
        "first_steps", AsideBlock("First steps", "desk/_first_steps.html", first_steps.beside_the_desk)
    )
    registries.palette.register(
        "first-steps",
        Command(
            "First steps",
            "desk-first-steps",
            "publishing.post.draft",
            keywords="begin start set up guide tour approval times",
        ),
    )
    registries.palette.register("desk", Command("Desk", "desk", shortcut="g d", keywords="home today"))
