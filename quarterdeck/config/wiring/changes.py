"""What changes offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries


def fill() -> None:
    from quarterdeck.changes import agenda, exports, kin
    from quarterdeck.changes.views import asking, one

    registries.agenda.register("changes", agenda.agenda)
    registries.panels.register(
        "changes",
        registries.Panel(
            "publishing.post", "Changed since it went out", "changes/_panel.html", one.on_a_post
        ),
    )
    registries.actions.register(
        "change-it",
        registries.ObjectAction("publishing.post", "Change, answer or take down…", asking.change_it),
    )
    registries.kin.register("changes", kin.of_post)
    registries.exports.register_all(exports.EXPORTS)
