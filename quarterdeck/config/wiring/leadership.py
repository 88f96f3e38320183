"""What leadership offers the other rooms. Nothing of a private week is searched, exported or told."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import AsideBlock, Command, SettingsPage


def fill() -> None:
    from quarterdeck.leadership import agenda, exports

    keep, agree = "leadership.week.keep", "leadership.agreement.set"
    registries.agenda.register("leadership", agenda.agenda)
    registries.aside.register(
        "private_week", AsideBlock("Yours alone", "leadership/_offer.html", agenda.offer)
    )
    registries.settings_pages.register(
        "leadership.week", SettingsPage("Private week", "leadership-settings", "You", keep)
    )
    registries.settings_pages.register(
        "leadership.agreement", SettingsPage("Works agreement", "leadership-agreement", "Workspace", agree)
    )
    # The same for everybody, whether they keep one or not.
    registries.palette.register(
        "private-week",
        Command("Your private week", "leadership-week", keep, keywords="friday month year review own"),
    )
    registries.own_pages.register("private_week", ("your private week", "leadership-mine"))
    registries.exports.register_all(exports.EXPORTS)
