"""What accountability offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry, ObjectAction, Panel, SettingsPage


def fill() -> None:
    from quarterdeck.accountability import agenda, deeds, exports, kin, mail, reviewing
    from quarterdeck.accountability.models import Slip
    from quarterdeck.accountability.views import flagging, guests, slips
    from quarterdeck.crew import links

    view, flag = "accountability.slip.view", "accountability.slip.flag"
    post = "publishing.post"
    registries.agenda.register("accountability", agenda.agenda)
    links.register_purpose(flagging.PURPOSE, guests.opened, "Point out a mistake in a post")
    registries.panels.register(
        "slips", Panel(post, "What was wrong", "accountability/_panel.html", slips.on_a_post, beside=True)
    )
    for name, action in {
        "flag": ObjectAction(post, "Something is wrong…", flagging.flag_it, key="f"),
        "fix": ObjectAction(post, "Fix a typo", flagging.fix_it, key="t"),
        "flag-door": ObjectAction(post, "Let somebody outside point out mistakes…", flagging.let_them),
    }.items():
        registries.actions.register(name, action)
    registries.inbound_mail.register("accountability", mail.take)
    registries.reply_address.register("accountability", mail.answers_to)
    registries.nav.register("corrections", NavEntry("Corrections", "accountability-list", 2, view))
    for name, entry in {
        "corrections": Command(
            "Corrections", "accountability-list", view, "g m", "mistakes slips wrong fix open"
        ),
        "flag": Command(
            "Something is wrong in a post", "accountability-choose", flag, "f", "flag report mistake typo"
        ),
    }.items():
        registries.palette.register(name, entry)
    change = "accountability.promise.change"
    registries.settings_pages.register(
        "accountability.promises",
        SettingsPage("Corrections", "accountability-promises", "Workspace", change),
    )
    registries.palette.register(
        "promises",
        Command(
            "Promise and public page of corrections", "accountability-promises", change, keywords="settings"
        ),
    )
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("accountability", kin.of_post)
    registries.deeds.register("accountability", deeds.deeds)
    registries.reviewables.register(
        "slip",
        registries.Reviewable(
            about=Slip.ledger_name,
            word="correction",
            find=reviewing.find,
            title=reviewing.title,
            url=reviewing.url,
            timeline=reviewing.timeline,
        ),
    )
